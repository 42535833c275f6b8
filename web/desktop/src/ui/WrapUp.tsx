import { useRef } from "preact/hooks";
import type { Dialog } from "../finesse/dialog";
import { t } from "../i18n/language";

/** The phone system keeps so much of a reason. */
const REASON_LENGTH_MAX = 39;

/** What the call was about, in the agent's words. */
export function WrapUp({
  call,
  busy,
  save,
}: {
  call: Dialog;
  busy: boolean;
  save(reason: string): Promise<boolean>;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="number-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && field.current) void save(field.current.value.trim());
      }}
    >
      <label>
        <span>{t("call.wrapUp")}</span>
        <input
          ref={field}
          type="text"
          autocomplete="off"
          maxLength={REASON_LENGTH_MAX}
          data-testid="wrap-up"
          defaultValue={call.wrapUpReason}
        />
      </label>
      <button type="submit" class="button" data-testid="wrap-up-save" disabled={busy}>
        {t("call.wrapUp.save")}
      </button>
    </form>
  );
}
