import { otherParty, own } from "../desk/calls";
import type { DeskView } from "../desk/view";
import type { User } from "../finesse/user";
import { t } from "../i18n/language";
import { CallCard, isOffered } from "./CallCard";

/** The agent's calls, one card each; one that rings is told aloud. */
export function Calls({ desk, user }: { desk: DeskView; user: User }) {
  const calls = desk.model.calls.value;
  const ringing = calls.filter((call) => isOffered(own(call, user.extension)));
  return (
    <section class="calls" aria-labelledby="calls-heading">
      <h2 id="calls-heading">{t("call.list")}</h2>
      <div role="alert" class="visually-hidden">
        {ringing.map((call) => (
          <p key={call.id}>
            {t("call.incoming", { party: otherParty(call, user.extension) || t("call.unknownParty") })}
          </p>
        ))}
      </div>
      {calls.length === 0 && <p class="calls-none">{t("call.none")}</p>}
      {calls.map((call) => (
        <CallCard key={call.id} desk={desk} call={call} extension={user.extension} />
      ))}
    </section>
  );
}
