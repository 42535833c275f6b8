/** What can be asked for with a call: at once, or after a number or keys. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { Dialog } from "../finesse/dialog";
import { t } from "../i18n/language";
import type { Hand } from "./hand";
import { JoinButton } from "./JoinButton";
import { Keypad } from "./Keypad";
import { NumberForm } from "./NumberForm";
import { CallbackForm, Reached } from "./Outbound";

/** In the order of the buttons. What the server does not offer is not shown. */
const AT_ONCE = [
  "ANSWER",
  "ACCEPT",
  "RETRIEVE",
  "HOLD",
  "TRANSFER",
  "CONFERENCE",
  "REJECT",
  "CLOSE",
] as const;
/** The one that people look for first. */
const FIRST: readonly string[] = ["ANSWER", "ACCEPT", "RETRIEVE"];
/** Those that ask for something more; what they ask stands below the buttons. */
const WITH_MORE = ["CONSULT_CALL", "TRANSFER_SST", "SEND_DTMF", "UPDATE_SCHEDULED_CALLBACK"] as const;
type Asking = (typeof WITH_MORE)[number];

interface Props {
  desk: DeskView;
  call: Dialog;
  extension: string;
  hand: Hand;
}

export function CallButtons({ desk, call, extension, hand }: Props) {
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const buttons = useRef<HTMLDivElement>(null);
  const { offered, busy, act } = hand;
  const shown = asking !== undefined && offered.includes(asking) ? asking : undefined;
  const returnTo = useRef<Asking | undefined>(undefined);
  const close = () => {
    returnTo.current = shown;
    setAsking(undefined);
  };
  // The field that had the focus goes; its button may still be waiting for an outcome.
  useEffect(() => {
    if (busy || !returnTo.current) return;
    buttons.current?.querySelector<HTMLElement>(`[data-testid="call-${returnTo.current}"]`)?.focus();
    returnTo.current = undefined;
  });
  return (
    <>
      <div class="call-buttons" ref={buttons}>
        <JoinButton desk={desk} call={call} extension={extension} />
        {AT_ONCE.filter((action) => offered.includes(action)).map((action) => (
          <button
            key={action}
            type="button"
            class={FIRST.includes(action) ? "button primary" : "button"}
            data-testid={`call-${action}`}
            disabled={busy}
            onClick={() => void act({ action })}
          >
            {t(`call.${action}`)}
          </button>
        ))}
        {WITH_MORE.filter((action) => offered.includes(action)).map((action) => (
          <button
            key={action}
            type="button"
            class="button"
            data-testid={`call-${action}`}
            aria-expanded={shown === action}
            disabled={busy}
            onClick={() => setAsking(asking === action ? undefined : action)}
          >
            {t(`call.${action}`)}
          </button>
        ))}
        <Last hand={hand} call={call} />
      </div>
      {(shown === "CONSULT_CALL" || shown === "TRANSFER_SST") && (
        <NumberForm
          key={shown}
          testId="call-number"
          label={t("call.more")}
          submit={t(`call.${shown}`)}
          busy={busy}
          contacts={desk.model.contacts.value}
          focus
          cancel={close}
          done={async (toAddress) => {
            const went = await act({ action: shown, toAddress });
            if (went) setAsking(undefined);
            return went;
          }}
        />
      )}
      {shown === "SEND_DTMF" && (
        <Keypad busy={busy} press={(digits) => act({ action: "SEND_DTMF", digits })} />
      )}
      {shown === "UPDATE_SCHEDULED_CALLBACK" && <CallbackForm call={call} hand={hand} close={close} />}
    </>
  );
}

/** What ends something stands apart. */
function Last({ hand, call }: Pick<Props, "hand" | "call">) {
  const { offered, busy, act } = hand;
  return (
    <>
      {offered.includes("CANCEL_SCHEDULED_CALLBACK") && (
        <button
          type="button"
          class="button"
          data-testid="call-CANCEL_SCHEDULED_CALLBACK"
          disabled={busy}
          onClick={() => void act({ action: "CANCEL_SCHEDULED_CALLBACK" })}
        >
          {t("call.CANCEL_SCHEDULED_CALLBACK")}
        </button>
      )}
      <Reached call={call} hand={hand} />
      {offered.includes("DROP") && (
        <button
          type="button"
          class="button danger"
          data-testid="call-DROP"
          disabled={busy}
          onClick={() => void act({ action: "DROP" })}
        >
          {t("call.DROP")}
        </button>
      )}
    </>
  );
}
