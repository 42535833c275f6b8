import { NEW_CALL } from "../desk/calls";
import type { DeskView } from "../desk/view";
import { t } from "../i18n/language";
import { NumberForm } from "./NumberForm";

export function DialPanel({ desk }: { desk: DeskView }) {
  const { asking, connected, contacts, phoneSystem } = desk.model;
  const busy = asking.value.has(NEW_CALL) || !connected.value || !phoneSystem.value;
  return (
    <section class="dial" aria-labelledby="dial-heading">
      <h2 id="dial-heading">{t("dial.heading")}</h2>
      <NumberForm
        testId="dial-number"
        label={t(contacts.value.length > 0 ? "dial.numberOrName" : "dial.number")}
        submit={t("dial.call")}
        busy={busy}
        contacts={contacts.value}
        done={(number) => desk.calls.make(number)}
      />
    </section>
  );
}
