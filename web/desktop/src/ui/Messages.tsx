import type { DeskView } from "../desk/view";
import { t } from "../i18n/language";
import { say } from "../i18n/say";

export function Messages({ desk }: { desk: DeskView }) {
  return (
    <section class="messages" aria-label={t("message.list")} aria-live="assertive">
      {desk.model.messages.value.map((message) => (
        <div key={message.id} class="message" data-testid="message">
          <p>
            <strong>{say(message.text)}</strong> {message.cause && <span>{say(message.cause)}</span>}
          </p>
          <button
            type="button"
            class="button small"
            data-testid="message-dismiss"
            onClick={() => desk.dismiss(message.id)}
          >
            {t("message.dismiss")}
          </button>
        </div>
      ))}
    </section>
  );
}
