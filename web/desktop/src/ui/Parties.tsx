import { isMonitor } from "../desk/team";
import type { DeskView } from "../desk/view";
import type { Dialog, Participant } from "../finesse/dialog";
import { t } from "../i18n/language";

/** Parties that can be put out of the call. */
const THERE = ["ACTIVE", "HELD", "ALERTING", "INITIATED", "INITIATING"];

interface Props {
  desk: DeskView;
  call: Dialog;
  extension: string;
  busy: boolean;
  /** A party's state in words. */
  stateWord(party: Participant): string;
}

/** Who else is in the call, when it is more than one. Supervisors can put each of them out. */
export function Parties({ desk, call, extension, busy, stateWord }: Props) {
  if (call.participants.length < 3) return null;
  const mine = call.participants.find(({ address }) => address === extension);
  const speaks = mine !== undefined && ["ACTIVE", "HELD"].includes(mine.state) && !isMonitor(call);
  const mayDrop = speaks && (desk.model.user.value?.roles.includes("Supervisor") ?? false);
  return (
    <ul class="call-parties" aria-label={t("call.parties")}>
      {call.participants.map((party) => (
        <li key={party.address} data-testid="call-participant">
          <bdi>{party.address || t("call.unknownParty")}</bdi>
          {party.address === extension && ` (${t("call.you")})`} <span>{stateWord(party)}</span>
          {mayDrop && party.address !== extension && THERE.includes(party.state) && (
            <button
              type="button"
              class="button small"
              data-testid={`call-drop-${party.address}`}
              disabled={busy}
              onClick={() => void desk.calls.act(call, { action: "PARTICIPANT_DROP", party: party.address })}
            >
              {t("call.PARTICIPANT_DROP")}
              <span class="visually-hidden"> {party.address}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
