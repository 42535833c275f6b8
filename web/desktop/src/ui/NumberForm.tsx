import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n/language";

interface Props {
  testId: string;
  label: string;
  submit: string;
  busy: boolean;
  /** Whether the field takes the focus when it appears. */
  focus?: boolean;
  cancel?: () => void;
  /** What to do with the number; whether it came about, and the field can be emptied. */
  done(number: string): Promise<boolean>;
}

/** What people write between the digits to read them better. */
const ORNAMENTS = /[\s().\-/]/g;
const NUMBER = /^\+?[0-9*#]{1,32}$/;

/** A field for a number to call. */
export function NumberForm({ testId, label, submit, busy, focus, cancel, done }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const hint = useId();
  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);

  const send = async (event: Event) => {
    event.preventDefault();
    const input = field.current;
    if (!input || busy) return;
    const number = input.value.replace(ORNAMENTS, "");
    setWrong(!NUMBER.test(number));
    if (!NUMBER.test(number)) return input.focus();
    if (await done(number)) input.value = "";
  };

  return (
    <form class="number-form" onSubmit={(event) => void send(event)}>
      <label>
        <span>{label}</span>
        <input
          ref={field}
          type="tel"
          inputMode="tel"
          autocomplete="off"
          maxLength={40}
          data-testid={testId}
          aria-invalid={wrong}
          aria-describedby={wrong ? hint : undefined}
          onKeyDown={(event) => {
            if (event.key === "Escape") cancel?.();
          }}
        />
      </label>
      <button type="submit" class="button primary" data-testid={`${testId}-submit`} disabled={busy}>
        {submit}
      </button>
      {cancel && (
        <button type="button" class="button" data-testid={`${testId}-cancel`} onClick={cancel}>
          {t("call.cancel")}
        </button>
      )}
      {wrong && (
        <p id={hint} class="number-wrong" role="alert">
          {t("fault.number")}
        </p>
      )}
    </form>
  );
}
