import { useEffect, useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { Warning } from "../finesse/disconnection";
import type { User } from "../finesse/user";
import { type Language, language, t } from "../i18n/language";

/** How often the server is asked. */
const EVERY_MS = 60_000;

/** More lines than these nobody reads; the newest are shown. */
const LINES_MAX = 5;

/** What may end in disconnections soon, for supervisors. */
export function Warnings({ desk, user }: { desk: DeskView; user: User }) {
  return user.teams.length > 0 ? <Lines desk={desk} spoken={language.value} /> : null;
}

function Lines({ desk, spoken }: { desk: DeskView; spoken: Language }) {
  const [warnings, setWarnings] = useState<Warning[]>([]);
  const connected = desk.model.connected.value;
  useEffect(() => {
    if (!connected) return;
    let wanted = true;
    const ask = () => void desk.why.warnings(spoken).then((told) => wanted && setWarnings(told));
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [desk, connected, spoken]);
  if (warnings.length === 0) return null;
  return (
    <section class="card warnings" aria-labelledby="warnings-heading" data-testid="warnings">
      <h2 id="warnings-heading">{t("warnings.heading")}</h2>
      <ul>
        {warnings.slice(0, LINES_MAX).map(({ atMs, agent, times, text }) => (
          <li key={`${atMs} ${agent} ${text}`}>
            <time dateTime={new Date(atMs).toISOString()}>
              {new Date(atMs).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit" })}
            </time>{" "}
            {agent !== undefined && <b>{agent}</b>} <bdi>{text}</bdi>{" "}
            {times > 1 && `(${t("warnings.times", { times })})`}
          </li>
        ))}
      </ul>
    </section>
  );
}
