import { canAsk, clockText, tone, type Wish } from "../desk/agent_state";
import type { DeskView } from "../desk/view";
import type { User } from "../finesse/user";
import { t } from "../i18n/language";
import { say, stateText } from "../i18n/say";
import { now } from "./clock";
import { type Item, Menu } from "./Menu";
import { StateMark } from "./StateMark";

export function StatePanel({ desk, user }: { desk: DeskView; user: User }) {
  const { model } = desk;
  const stateWord = say(stateText(user.state));
  return (
    <section
      class="card state-panel"
      aria-labelledby="state-heading"
      data-tone={tone(user.state)}
      data-stale={!model.connected.value}
    >
      <h2 id="state-heading" class="visually-hidden">
        {t("state.heading")}
      </h2>
      <StateMark state={user.state} />
      <div class="state-words">
        <p class="state-word" data-testid="agent-state" data-state={user.state}>
          <bdi>{stateWord}</bdi>
        </p>
        {user.reason && (
          <p class="state-reason" data-testid="agent-reason">
            <bdi>{user.reason.label || user.reason.code}</bdi>
          </p>
        )}
        <Pending desk={desk} user={user} />
      </div>
      <Clock desk={desk} user={user} />
      <StateMenu desk={desk} user={user} />
      <p class="visually-hidden" role="status">
        {t("state.announce", { state: stateWord })}
      </p>
    </section>
  );
}

/** What is to come: the wish that is on its way, or the state after this call. */
function Pending({ desk, user }: { desk: DeskView; user: User }) {
  const changing = desk.model.changing.value;
  if (changing === "LOGOUT") return <p class="state-next">{t("signOut.busy")}</p>;
  if (changing) return <p class="state-next">{t("state.changing", { state: say(stateText(changing)) })}</p>;
  if (!user.pendingState) return <WrapUpLeft desk={desk} user={user} />;
  return (
    <p class="state-next" data-testid="pending-state">
      {t("state.pending", { state: say(stateText(user.pendingState)) })}
    </p>
  );
}

/** How long the phone system still lets the agent wrap up, where that is known. */
function WrapUpLeft({ desk, user }: { desk: DeskView; user: User }) {
  const { stateChangedAtMs: since, wrapUpTimerMs: timer } = user;
  if (tone(user.state) !== "wrapUp" || since === undefined || timer === undefined) return null;
  const left = since + timer - now.value - desk.model.distance.value.driftMs;
  return (
    <p class="state-next" role="timer" data-testid="wrap-up-left">
      {t("state.wrapUpLeft", { time: clockText(left) })}
    </p>
  );
}

function Clock({ desk, user }: { desk: DeskView; user: User }) {
  const since = user.stateChangedAtMs;
  const text = since === undefined ? "–" : clockText(now.value + desk.model.distance.value.driftMs - since);
  return (
    <p class="state-clock">
      <span role="timer" data-testid="agent-state-clock" aria-label={t("state.since", { time: text })}>
        {text}
      </span>
    </p>
  );
}

function StateMenu({ desk, user }: { desk: DeskView; user: User }) {
  const { connected, changing, phoneSystem, reasons } = desk.model;
  const busy = !connected.value || !phoneSystem.value || changing.value !== undefined;
  const choose = (key: string) => {
    const [wish, reason] = key.split("/") as [Wish, string | undefined];
    void desk.ask(wish, reason);
  };
  return (
    <Menu
      testId="state-menu"
      label={t("state.change")}
      className="button primary"
      disabled={busy}
      items={items(user, reasons.value.notReady)}
      choose={choose}
    >
      {t("state.change")}
    </Menu>
  );
}

function items(user: User, reasons: readonly { id: string; label: string; code: string }[]): Item[] {
  const notReady = user.state === "NOT_READY";
  const item = (wish: Wish): Item => ({
    key: wish,
    testId: `state-option-${wish}`,
    label: say(stateText(wish)),
    mark: <StateMark state={wish} />,
    disabled: !canAsk(user.state, wish),
  });
  return [
    { ...item("READY"), checked: user.state === "READY" },
    { ...item("NOT_READY"), checked: notReady && !user.reason },
    ...reasons.map((reason) => ({
      key: `NOT_READY/${reason.id}`,
      testId: `state-option-NOT_READY-${reason.id}`,
      label: reason.label || reason.code,
      checked: notReady && user.reason?.id === reason.id,
      disabled: !canAsk(user.state, "NOT_READY"),
      indented: true,
    })),
  ];
}
