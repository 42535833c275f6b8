import { clockText } from "../desk/agent_state";
import type { DeskView } from "../desk/view";
import type { Queue } from "../finesse/queue";
import type { TextKey } from "../i18n/en";
import { t } from "../i18n/language";
import { now } from "./clock";

/** The agent's queues; nothing where the phone system has no statistics. */
export function QueuePanel({ desk }: { desk: DeskView }) {
  const queues = desk.model.queues.value;
  if (queues.length === 0) return null;
  return (
    <section class="queues" aria-labelledby="queues-heading" data-stale={!desk.model.connected.value}>
      <h2 id="queues-heading">{t("queue.heading")}</h2>
      <ul>
        {queues.map((queue) => (
          <li key={queue.id} class="queue" data-testid={`queue-${queue.id}`}>
            <h3>
              <bdi>{queue.name || queue.id}</bdi>
            </h3>
            <Waiting desk={desk} queue={queue} />
            <dl>
              <Count name="queue.ready" count={queue.agentsReady} />
              <Count name="queue.talking" count={queue.agentsTalking} />
              <Count name="queue.wrapUp" count={queue.agentsInWrapUp} />
              <Count name="queue.notReady" count={queue.agentsNotReady} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Waiting({ desk, queue }: { desk: DeskView; queue: Queue }) {
  const { callsWaiting, longestSinceMs } = queue;
  const count = callsWaiting ?? "–";
  return (
    <p class="queue-waiting" data-busy={(callsWaiting ?? 0) > 0}>
      <span data-testid={`queue-waiting-${queue.id}`}>{t("queue.waiting", { count })}</span>
      {longestSinceMs !== undefined && (
        <span>
          {t("queue.longest", {
            time: clockText(now.value + desk.model.distance.value.driftMs - longestSinceMs),
          })}
        </span>
      )}
    </p>
  );
}

function Count({ name, count }: { name: TextKey; count: number | undefined }) {
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{count ?? "–"}</dd>
    </div>
  );
}
