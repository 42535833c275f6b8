/** What the call was about: out of the team's reasons, or in the agent's words where the team has none. */
import { useId, useRef, useState } from "preact/hooks";
import { isIncoming } from "../desk/calls";
import type { DeskView } from "../desk/view";
import type { Dialog } from "../finesse/dialog";
import type { WrapUp as Setting, User } from "../finesse/user";
import { t } from "../i18n/language";
import { bytesOf } from "./bytes";
import { Combobox } from "./Combobox";

/** Bytes that the phone system keeps of all reasons, with a comma between each two. */
const REASONS_BYTES_MAX = 39;

interface Props {
  desk: DeskView;
  call: Dialog;
  busy: boolean;
  save(reasons: string[]): Promise<boolean>;
}

export function WrapUp({ desk, call, busy, save }: Props) {
  const user = desk.model.user.value;
  const setting = user ? settingOf(user, call) : "NOT_ALLOWED";
  if (setting === "NOT_ALLOWED") return null;
  const reasons = desk.model.wrapUpReasons.value;
  const needed = setting === "REQUIRED_WITH_WRAP_UP_DATA" && call.wrapUpItems.length === 0;
  return (
    <div class="wrap-up">
      {reasons.length > 0 ? (
        <Listed {...{ call, busy, reasons, save }} />
      ) : (
        <Free {...{ call, busy, save }} />
      )}
      {needed && (
        <p class="wrap-up-needed" data-testid="wrap-up-needed">
          {t("wrapUp.needed")}
        </p>
      )}
    </div>
  );
}

/** A consultation and a call that is listened to are no calls of one's own. */
function settingOf(user: User, call: Dialog): Setting {
  if (call.callType === "CONSULT" || call.callType === "SUPERVISOR_MONITOR") return "NOT_ALLOWED";
  return isIncoming(call, user.extension) ? user.wrapUpOnIncoming : user.wrapUpOnOutgoing;
}

interface ListedProps extends Pick<Props, "call" | "busy" | "save"> {
  reasons: readonly string[];
}

function Listed({ call, busy, reasons, save }: ListedProps) {
  const field = useRef<HTMLInputElement>(null);
  const given = call.wrapUpItems;
  const fitting = reasons.filter((reason) => !given.includes(reason) && fits([...given, reason]));
  return (
    <>
      <p class="visually-hidden" role="status">
        {given.length > 0 && t("wrapUp.given", { reasons: given.join(", ") })}
      </p>
      {given.length > 0 && (
        <ul class="wrap-up-given" aria-label={t("call.wrapUp")}>
          {given.map((reason) => (
            <li key={reason}>
              <bdi data-testid="wrap-up-given">{reason}</bdi>
              <button
                type="button"
                class="chip-remove"
                data-testid="wrap-up-remove"
                aria-label={t("wrapUp.remove", { reason })}
                disabled={busy}
                onClick={() => {
                  // The button goes with its reason.
                  field.current?.focus();
                  void save(given.filter((other) => other !== reason));
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {fitting.length > 0 ? (
        <Combobox
          testId="wrap-up"
          label={t(given.length > 0 ? "wrapUp.another" : "call.wrapUp")}
          listLabel={t("wrapUp.list")}
          field={field}
          input={{ readOnly: busy, placeholder: t("wrapUp.choose") }}
          find={(typed) => fitting.filter((reason) => includes(reason, typed))}
          view={(reason) => <bdi>{reason}</bdi>}
          takesFirst={(typed) => typed.trim() !== ""}
          choose={(reason) => {
            if (field.current) field.current.value = "";
            if (!busy) void save([...given, reason]);
          }}
        />
      ) : (
        <p class="wrap-up-full">{t("wrapUp.full")}</p>
      )}
    </>
  );
}

function Free({ call, busy, save }: Pick<Props, "call" | "busy" | "save">) {
  const field = useRef<HTMLInputElement>(null);
  const [tooLong, setTooLong] = useState(false);
  const hint = useId();
  return (
    <form
      class="number-form"
      onSubmit={(event) => {
        event.preventDefault();
        const reason = field.current?.value.trim() ?? "";
        setTooLong(!fits([reason]));
        if (!fits([reason])) field.current?.focus();
        else if (!busy) void save([reason]);
      }}
    >
      <label>
        <span>{t("call.wrapUp")}</span>
        <input
          ref={field}
          type="text"
          autocomplete="off"
          maxLength={REASONS_BYTES_MAX}
          data-testid="wrap-up"
          aria-invalid={tooLong}
          aria-describedby={tooLong ? hint : undefined}
          defaultValue={call.wrapUpReason}
        />
      </label>
      <button type="submit" class="button" data-testid="wrap-up-save" disabled={busy}>
        {t("call.wrapUp.save")}
      </button>
      {tooLong && (
        <p id={hint} class="number-wrong" role="alert">
          {t("fault.variableTooLong", { bytes: REASONS_BYTES_MAX })}
        </p>
      )}
    </form>
  );
}

function fits(reasons: readonly string[]): boolean {
  return bytesOf(reasons.join(",")) <= REASONS_BYTES_MAX;
}

function includes(reason: string, typed: string): boolean {
  return reason.normalize("NFKC").toLowerCase().includes(typed.trim().normalize("NFKC").toLowerCase());
}
