/** What an agent tells the dialer of a customer whom it has called: what was reached, and when to call again. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { CLASSIFICATIONS, type Classification } from "../finesse/call_action";
import type { Dialog } from "../finesse/dialog";
import type { TextKey } from "../i18n/en";
import { t } from "../i18n/language";
import { civilTime } from "./clock";
import { dialled } from "./contact_search";
import type { Hand } from "./hand";
import { Menu } from "./Menu";
import { isNumber } from "./NumberForm";

interface Props {
  call: Dialog;
  hand: Hand;
}

/** A menu of what was reached; nothing where the server does not ask. */
export function Reached({ call, hand }: Props) {
  if (!hand.offered.includes("RECLASSIFY")) return null;
  const known = call.properties.get("outboundClassification");
  return (
    <Menu
      testId="call-RECLASSIFY"
      label={t("call.RECLASSIFY")}
      className="button"
      disabled={hand.busy}
      items={CLASSIFICATIONS.map((one) => ({
        key: one,
        testId: `reached-${one}`,
        label: t(`reached.${one}`),
        checked: one === known,
      }))}
      choose={(one) => void hand.act({ action: "RECLASSIFY", classification: one as Classification })}
    >
      {t("call.RECLASSIFY")}
    </Menu>
  );
}

/** When the customer is called again, where that is arranged. */
export function CallbackLine({ call }: { call: Dialog }) {
  if (!call.callback) return null;
  const { time, number } = call.callback;
  return (
    <p class="call-callback" role="status" data-testid="call-callback">
      {t("callback.at", { time: civilTime(time) || "–" })} {number && t("callback.to", { number })}
    </p>
  );
}

/** Asks for time and number of a callback. */
export function CallbackForm({ call, hand, close }: Props & { close(): void }) {
  const [time, number] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const [wrong, setWrong] = useState<{ field: "time" | "number"; text: TextKey } | undefined>(undefined);
  const hint = useId();
  const { callback } = call;
  useEffect(() => time.current?.focus(), [time]);

  const send = async (event: Event) => {
    event.preventDefault();
    const written = { time: time.current?.value ?? "", number: dialled(number.current?.value ?? "") };
    const fault = faultIn(written);
    setWrong(fault);
    if (fault) return (fault.field === "time" ? time : number).current?.focus();
    const wish = { action: "UPDATE_SCHEDULED_CALLBACK" } as const;
    const news = {
      time: written.time !== callback?.time,
      number: written.number !== "" && written.number !== callback?.number,
    };
    const went =
      (!news.time || (await hand.act({ ...wish, callback: { time: written.time } }))) &&
      (!news.number || (await hand.act({ ...wish, callback: { number: written.number } })));
    if (went) close();
  };
  const describe = (field: "time" | "number") => ({
    "aria-invalid": wrong?.field === field,
    "aria-describedby": wrong?.field === field ? hint : undefined,
  });

  return (
    <form
      class="number-form"
      aria-label={t("call.UPDATE_SCHEDULED_CALLBACK")}
      noValidate
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <label>
        <span>{t("callback.time")}</span>
        <input
          ref={time}
          type="datetime-local"
          data-testid="callback-time"
          defaultValue={callback?.time}
          {...describe("time")}
        />
      </label>
      <label>
        <span>{t("callback.number")}</span>
        <input
          ref={number}
          type="tel"
          autocomplete="off"
          maxLength={80}
          data-testid="callback-number"
          defaultValue={callback?.number}
          {...describe("number")}
        />
      </label>
      <button type="submit" class="button primary" data-testid="callback-save" disabled={hand.busy}>
        {t("call.data.save")}
      </button>
      <button type="button" class="button" data-testid="callback-cancel" onClick={close}>
        {t("call.cancel")}
      </button>
      {wrong && (
        <p id={hint} class="number-wrong" role="alert">
          {t(wrong.text)}
        </p>
      )}
    </form>
  );
}

function faultIn(written: { time: string; number: string }) {
  if (written.time === "") return { field: "time", text: "fault.fieldMissing" } as const;
  if (written.number === "" || isNumber(written.number)) return undefined;
  return { field: "number", text: "fault.number" } as const;
}
