import type { Signal } from "@preact/signals";
import { useCallback, useMemo, useState } from "preact/hooks";
import { clockText, isSignedIn, tone } from "../desk/agent_state";
import { isMonitor, type Member, type Order, type Watched } from "../desk/team";
import type { DeskView } from "../desk/view";
import { fullName, type User } from "../finesse/user";
import { isTextKey, language, t } from "../i18n/language";
import { say, stateText } from "../i18n/say";
import { now } from "./clock";
import { type Item, Menu } from "./Menu";
import { StateMark } from "./StateMark";
import { TeamMessageForm } from "./TeamMessageForm";
import { askWhy, WhyButton } from "./Why";
import { Window } from "./Window";

/** How often the list that was looked for is made anew. */
const LOOK_AGAIN_MS = 2_000;

/** The team that a supervisor watches over. */
export function TeamPanel({ desk, user }: { desk: DeskView; user: User }) {
  const watched = desk.model.watched.value;
  const [wanted, setWanted] = useState("");
  const all = useMemo(() => [...(watched?.members.values() ?? [])], [watched]);
  // States change while the eyes are on the list: who is looked for by state comes and goes, but not in mid-second.
  const moment = wanted === "" ? 0 : Math.floor(now.value / LOOK_AGAIN_MS);
  const said = language.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: members are read without following each of thousands.
  const shown = useMemo(
    () => all.filter((member) => matches(member.peek(), wanted)),
    [all, wanted, moment, said],
  );
  const seen = useCallback(
    (members: readonly Signal<Member>[]) =>
      void desk.team.look(members.map((member) => member.peek().loginId)),
    [desk],
  );
  if (user.teams.length === 0) return null;
  return (
    <section class="card team" aria-labelledby="team-heading" data-testid="team">
      <header class="team-head">
        <h2 id="team-heading">
          {t("team.heading")} {user.teams.length === 1 && <bdi>{watched?.name}</bdi>}
        </h2>
        <TeamChoice desk={desk} user={user} watched={watched} />
        <label class="team-find">
          <span class="visually-hidden">{t("team.find")}</span>
          <input
            type="search"
            placeholder={t("team.find")}
            data-testid="team-find"
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        </label>
        <p class="team-count" role="status" data-testid="team-count">
          {t("team.count", { shown: shown.length, all: all.length })}
        </p>
      </header>
      <TeamMessageForm desk={desk} user={user} />
      {shown.length === 0 ? (
        <p>{t("team.empty")}</p>
      ) : (
        <Window
          labelledBy="team-heading"
          items={shown}
          head={<Columns />}
          seen={seen}
          row={(member, index) => (
            <Row key={member.peek().loginId} desk={desk} member={member} index={index} />
          )}
        />
      )}
    </section>
  );
}

function Columns() {
  return (
    <>
      <th scope="col">{t("team.column.agent")}</th>
      <th scope="col">{t("team.column.state")}</th>
      <th scope="col" class="team-time">
        {t("team.column.time")}
      </th>
      <th scope="col" class="team-extension">
        {t("team.column.extension")}
      </th>
      <th scope="col" class="team-actions">
        <span class="visually-hidden">{t("team.column.actions")}</span>
      </th>
    </>
  );
}

function TeamChoice({ desk, user, watched }: { desk: DeskView; user: User; watched: Watched | undefined }) {
  if (user.teams.length < 2) return null;
  return (
    <label>
      <span class="visually-hidden">{t("team.heading")}</span>
      <select
        data-testid="team-choice"
        value={watched?.id}
        onChange={(event) => void desk.team.watch(event.currentTarget.value)}
      >
        {user.teams.map(({ id, name }) => (
          <option key={id} value={id}>
            {name || id}
          </option>
        ))}
      </select>
    </label>
  );
}

/** By name, id, extension, state or the other end of a call, as people type it. */
function matches(user: Member, wanted: string): boolean {
  const parties = user.calls.map(({ party }) => party);
  const words = [fullName(user), user.loginId, user.extension, say(stateText(user.state)), ...parties];
  return words.some((word) => word.toLowerCase().includes(wanted.trim().toLowerCase()));
}

function Row({ desk, member, index }: { desk: DeskView; member: Signal<Member>; index: number }) {
  const user = member.value;
  return (
    <tr
      aria-rowindex={index + 2}
      data-testid={`member-${user.loginId}`}
      data-state={user.state}
      data-tone={tone(user.state)}
      data-stale={!desk.model.connected.value}
    >
      <td>
        <bdi>{fullName(user)}</bdi> <span class="team-id">{user.loginId}</span>
      </td>
      <td class="team-state">
        <StateMark state={user.state} />
        <bdi>{say(stateText(user.state))}</bdi>
        {user.reason && (
          <span class="team-reason">
            <bdi>{user.reason.label || user.reason.code}</bdi>
          </span>
        )}
        <Call user={user} />
      </td>
      <td class="team-time">
        <Clock desk={desk} user={user} />
      </td>
      <td class="team-extension">
        <bdi>{user.extension || "–"}</bdi>
      </td>
      <td class="team-actions">
        <Actions desk={desk} user={user} />
      </td>
    </tr>
  );
}

/** The call that the agent is in; where there are several, the one that is not on hold. */
function Call({ user }: { user: Member }) {
  const call = user.calls.find(({ state }) => state !== "HELD") ?? user.calls[0];
  if (!call) return null;
  const words = [t(call.incoming ? "history.in" : "history.out"), call.queueName];
  const key = `call.state.${call.state}`;
  if (call.state !== "ACTIVE" && isTextKey(key)) words.push(t(key));
  const more = user.calls.length - 1 + call.others;
  return (
    <span class="team-call" data-testid={`member-call-${user.loginId}`}>
      <bdi>{call.party || t("call.unknownParty")}</bdi>
      {more > 0 && ` +${more}`} ({words.filter((word) => word !== "").join(", ")})
    </span>
  );
}

function Clock({ desk, user }: { desk: DeskView; user: User }) {
  const since = user.stateChangedAtMs;
  if (since === undefined || !isSignedIn(user.state)) return <>–</>;
  return <>{clockText(now.value + desk.model.distance.value.driftMs - since)}</>;
}

function Actions({ desk, user }: { desk: DeskView; user: Member }) {
  const { calls, connected, ordering, phoneSystem } = desk.model;
  // nothing else can be asked about who is not there, and there is room for one button
  if (!isSignedIn(user.state)) return <WhyButton user={user} />;
  const self = desk.model.user.value?.loginId === user.loginId;
  const inCall = !self && (user.state === "TALKING" || user.state === "HOLD");
  const order = (state: Order): Item => ({
    key: state,
    testId: `order-${state}-${user.loginId}`,
    label: t(`team.order.${state}`),
    disabled: user.state === state,
  });
  const items: Item[] = [order("READY"), order("NOT_READY"), order("LOGOUT")];
  const listens = calls.value.some(
    (call) => isMonitor(call) && call.participants.some(({ address }) => address === user.extension),
  );
  if (listens) items.push({ key: "barge", testId: `barge-${user.loginId}`, label: t("team.barge") });
  else if (inCall)
    items.push({ key: "monitor", testId: `monitor-${user.loginId}`, label: t("team.monitor") });
  items.push({ key: "why", testId: `why-${user.loginId}`, label: t("why.ask", { agent: fullName(user) }) });
  const label = t("team.actions", { agent: fullName(user) });
  return (
    <Menu
      testId={`member-menu-${user.loginId}`}
      label={label}
      className="button small"
      disabled={!connected.value || !phoneSystem.value || ordering.value.has(user.loginId)}
      items={items}
      choose={(key) => {
        if (key === "why") askWhy(user);
        else if (key === "monitor") void desk.team.monitor(user);
        else if (key === "barge") void desk.team.barge(user);
        else void desk.team.order(user, key as Order);
      }}
    >
      <span class="visually-hidden">{label}</span>
      <span aria-hidden="true">⋯</span>
    </Menu>
  );
}
