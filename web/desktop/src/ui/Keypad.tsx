import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/language";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** More digits nobody reads back. */
const SHOWN_MAX = 24;

/** Digits into a call; the computer's keys do as well. */
export function Keypad({ busy, press }: { busy: boolean; press(digits: string): Promise<boolean> }) {
  const [sent, setSent] = useState("");
  const pad = useRef<HTMLFieldSetElement>(null);
  useEffect(() => pad.current?.querySelector("button")?.focus(), []);
  const send = async (digit: string) => {
    if (!busy && (await press(digit))) setSent((before) => (before + digit).slice(-SHOWN_MAX));
  };
  return (
    <fieldset
      ref={pad}
      class="keypad"
      data-testid="keypad"
      onKeyDown={(event) => {
        if (KEYS.includes(event.key)) void send(event.key);
      }}
    >
      <legend class="visually-hidden">{t("call.SEND_DTMF")}</legend>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          class="button"
          data-testid={`key-${key}`}
          aria-disabled={busy}
          onClick={() => void send(key)}
        >
          {key}
        </button>
      ))}
      <p class="keypad-sent" role="status" data-testid="keypad-sent">
        {sent && t("call.digits", { digits: sent })}
      </p>
    </fieldset>
  );
}
