import { isMonitor } from "../desk/team";
import type { DeskView } from "../desk/view";
import type { Dialog } from "../finesse/dialog";
import { t } from "../i18n/language";

/** On the call of who listens: the way into the one that is listened to. */
export function JoinButton({ desk, call, extension }: { desk: DeskView; call: Dialog; extension: string }) {
  const { connected, ordering, phoneSystem, watched } = desk.model;
  if (!isMonitor(call, extension)) return null;
  const others = call.participants.map(({ address }) => address).filter((address) => address !== extension);
  const all = [...(watched.value?.members.values() ?? [])];
  const agent = all.find((member) => others.includes(member.peek().extension))?.peek();
  if (!agent) return null;
  return (
    <button
      type="button"
      class="button primary"
      data-testid="call-BARGE_CALL"
      disabled={!connected.value || !phoneSystem.value || ordering.value.has(agent.loginId)}
      onClick={() => void desk.team.barge(agent)}
    >
      {t("team.barge")}
    </button>
  );
}
