import { clockText } from "../desk/agent_state";
import { NEW_CALL } from "../desk/calls";
import type { PastCall } from "../desk/model";
import type { DeskView } from "../desk/view";
import { t } from "../i18n/language";
import { timeOfDay } from "./clock";

export function CallHistory({ desk }: { desk: DeskView }) {
  const calls = desk.model.pastCalls.value;
  if (calls.length === 0) return null;
  return (
    <section class="history" aria-labelledby="history-heading">
      <h2 id="history-heading">{t("history.heading")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("history.column.party")}</th>
            <th scope="col">{t("history.column.queue")}</th>
            <th scope="col">{t("history.column.when")}</th>
            <th scope="col">{t("history.column.length")}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <Row key={call.id} desk={desk} call={call} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ desk, call }: { desk: DeskView; call: PastCall }) {
  const { asking, connected, phoneSystem, distance } = desk.model;
  const busy = asking.value.has(NEW_CALL) || !connected.value || !phoneSystem.value;
  const started = call.startedAtMs;
  return (
    <tr data-testid="past-call">
      <td>
        <span class="history-way">{t(call.incoming ? "history.in" : "history.out")}</span>{" "}
        {call.party === "" ? (
          t("call.unknownParty")
        ) : (
          <button
            type="button"
            class="link"
            disabled={busy}
            aria-label={t("history.callBack", { party: call.party })}
            onClick={() => void desk.calls.make(call.party)}
          >
            <bdi>{call.party}</bdi>
          </button>
        )}
      </td>
      <td>
        <bdi>{call.queueName || "–"}</bdi>
      </td>
      <td>{timeOfDay((started ?? call.endedAtMs) - distance.value.driftMs)}</td>
      <td>{started === undefined ? "–" : clockText(call.endedAtMs - started)}</td>
    </tr>
  );
}
