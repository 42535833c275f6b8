/** What can be asked for with a call: at once, or after a number or keys. */
import { useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { Dialog } from "../finesse/dialog";
import { t } from "../i18n/language";
import type { Hand } from "./hand";
import { JoinButton } from "./JoinButton";
import { Keypad } from "./Keypad";
import { NumberForm } from "./NumberForm";

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
const WITH_NUMBER = ["CONSULT_CALL", "TRANSFER_SST"] as const;
type Asking = (typeof WITH_NUMBER)[number] | "SEND_DTMF";

interface Props {
  desk: DeskView;
  call: Dialog;
  extension: string;
  hand: Hand;
}

export function CallButtons({ desk, call, extension, hand }: Props) {
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const { offered, busy, act } = hand;
  const toggle = (what: Asking) => setAsking(asking === what ? undefined : what);
  const shown = asking !== undefined && offered.includes(asking) ? asking : undefined;
  return (
    <>
      <div class="call-buttons">
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
        {[...WITH_NUMBER, "SEND_DTMF" as const]
          .filter((action) => offered.includes(action))
          .map((action) => (
            <button
              key={action}
              type="button"
              class="button"
              data-testid={`call-${action}`}
              aria-expanded={shown === action}
              disabled={busy}
              onClick={() => toggle(action)}
            >
              {t(`call.${action}`)}
            </button>
          ))}
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
          cancel={() => setAsking(undefined)}
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
    </>
  );
}
