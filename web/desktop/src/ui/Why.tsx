import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { Explained } from "../desk/why";
import type { Cause, Clue, Disconnection } from "../finesse/disconnection";
import { fullName, type User } from "../finesse/user";
import { type Language, language, t } from "../i18n/language";
import { say } from "../i18n/say";
import { LanesPicture } from "./LanesPicture";

/** Whom this tab asks about. */
const asked = signal<User | undefined>(undefined);

/** Asks why the agent was disconnected. */
export function askWhy(user: User): void {
  asked.value = user;
}

/** In an agent's row: asks why the agent was disconnected. */
export function WhyButton({ user }: { user: User }) {
  const label = t("why.ask", { agent: fullName(user) });
  return (
    <button
      type="button"
      class="button small"
      data-testid={`why-${user.loginId}`}
      title={label}
      onClick={() => askWhy(user)}
    >
      <span class="visually-hidden">{label}</span>
      <span aria-hidden="true">?</span>
    </button>
  );
}

/** The answer, until it is closed. */
export function WhyPanel({ desk }: { desk: DeskView }) {
  const user = asked.value;
  useEffect(
    () => () => {
      asked.value = undefined;
    },
    [],
  );
  return user ? <Panel desk={desk} user={user} spoken={language.value} /> : null;
}

/** The server says it in the page's own language. */
function Panel({ desk, user, spoken }: { desk: DeskView; user: User; spoken: Language }) {
  const { loginId } = user;
  const [answer, setAnswer] = useState<Explained>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setAnswer(undefined);
    heading.current?.focus();
    let wanted = true;
    void desk.why.about(loginId, spoken).then((found) => wanted && setAnswer(found));
    return () => {
      wanted = false;
    };
  }, [desk, loginId, spoken]);
  return (
    <section class="card why" aria-labelledby="why-heading" data-testid="why">
      <header class="why-head">
        <h2 id="why-heading" tabIndex={-1} ref={heading}>
          {t("why.ask", { agent: fullName(user) })}
        </h2>
        <button
          type="button"
          class="button small"
          data-testid="why-close"
          onClick={() => {
            asked.value = undefined;
          }}
        >
          {t("why.close")}
        </button>
      </header>
      {!answer && <p role="status">{t("why.wait")}</p>}
      {answer && "fault" in answer && <p role="alert">{say(answer.fault)}</p>}
      {answer && "found" in answer && <Answer found={answer.found} />}
    </section>
  );
}

function Answer({ found }: { found: Disconnection }) {
  const { atMs, cause, others, codes, forcedLogoutAtMs } = found;
  if (found.verdict !== "disconnected" || atMs === undefined) {
    return (
      <p data-testid="why-verdict">{t(`why.${found.verdict === "connected" ? "connected" : "none"}`)}</p>
    );
  }
  return (
    <>
      <p>
        {t("why.at", { time: timeText(atMs) })}
        {forcedLogoutAtMs !== undefined && ` ${t("why.forced", { time: timeText(forcedLogoutAtMs) })}`}
      </p>
      <p class="why-verdict" data-testid="why-verdict" data-cause={cause?.id ?? "none"}>
        {cause
          ? t("why.cause", { name: cause.name, id: cause.id, sure: t(`why.sure.${found.confidence}`) })
          : t("why.unknown")}
      </p>
      {cause && <Evidence cause={cause} />}
      <dl class="why-facts">
        {cause && (
          <Fact name={t("why.remedy")}>
            {cause.remedy}
            {cause.command && <code class="why-command">{cause.command}</code>}
          </Fact>
        )}
        {cause && <Fact name={t("why.disturbs")}>{cause.disturbs}</Fact>}
        <Fact name={t("why.others")}>
          {others.count === 0
            ? t("why.others.none")
            : t(others.moreThanChance ? "why.others.many" : "why.others.chance", { count: others.count })}
        </Fact>
        {codes.map(({ code, deployment, says }) => (
          <Fact key={`${deployment} ${code}`} name={t("why.reports")}>
            {code} ({deployment}): {says}
          </Fact>
        ))}
        {found.ways.length > 0 && <Fact name={t("why.next")}>{found.ways.join("; ")}</Fact>}
      </dl>
      <LanesPicture found={found} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Evidence({ cause }: { cause: Cause }) {
  return (
    <ul class="why-clues">
      {cause.clues.map((clue) => (
        <li key={clue.says} data-found={clue.found} data-against={clue.against}>
          {clue.says} <span class="why-found">({t(foundKey(clue))})</span>
          {clue.lines.map(({ atMs, text }) => (
            <span key={`${atMs} ${text}`} class="why-line">
              {timeText(atMs)} <bdi>{text}</bdi>
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function foundKey({ against, found }: Clue) {
  if (found === "not-looked") return "why.found.not-looked";
  if (found === "seen") return against ? "why.found.against" : "why.found.seen";
  return against ? "why.found.refuted" : "why.found.absent";
}

/** A time of day; with the date when it is another day's. */
function timeText(ms: number): string {
  const at = new Date(ms);
  const time = at.toLocaleTimeString(language.value);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${at.toLocaleDateString(language.value)} ${time}`;
}
