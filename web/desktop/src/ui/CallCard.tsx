import { useState } from "preact/hooks";
import { clockText } from "../desk/agent_state";
import { isIncoming, otherParty, own } from "../desk/calls";
import type { DeskView } from "../desk/view";
import type { CallVariable, Dialog, Participant } from "../finesse/dialog";
import type { CallAction } from "../finesse/rest";
import { isTextKey, t } from "../i18n/language";
import { now } from "./clock";
import { JoinButton } from "./JoinButton";
import { Keypad } from "./Keypad";
import { NumberForm } from "./NumberForm";
import { Parties } from "./Parties";
import { StateMark } from "./StateMark";
import { WrapUp } from "./WrapUp";

interface Props {
  desk: DeskView;
  call: Dialog;
  extension: string;
}

/** Agent states that look like a party's state: the shapes are the same everywhere. */
const LOOKS: Record<string, string> = {
  INITIATING: "RESERVED",
  INITIATED: "RESERVED",
  ALERTING: "RESERVED",
  ACTIVE: "TALKING",
  HELD: "HOLD",
  WRAP_UP: "WORK",
  DROPPED: "LOGOUT",
};

/** In the order of the buttons. What the server does not offer is not shown. */
const AT_ONCE = ["ANSWER", "RETRIEVE", "HOLD", "TRANSFER", "CONFERENCE"] as const;
const WITH_NUMBER = ["CONSULT_CALL", "TRANSFER_SST"] as const;
type Asking = (typeof WITH_NUMBER)[number] | "SEND_DTMF";

export function CallCard({ desk, call, extension }: Props) {
  const mine = own(call, extension);
  const party = otherParty(call, extension) || t("call.unknownParty");
  const state = mine?.state ?? call.state;
  const look = LOOKS[state] ?? state;
  return (
    <article
      class="card call"
      aria-label={t("call.title", { party })}
      data-testid="call"
      data-call-id={call.id}
      data-state={state}
      data-ringing={mine?.actions.includes("ANSWER") ?? false}
      data-stale={!desk.model.connected.value}
    >
      <header class="call-head">
        <StateMark state={look} />
        <div>
          <p class="call-party" data-testid="call-party">
            <bdi>{party}</bdi>
          </p>
          <p class="call-kind">{kind(call, extension)}</p>
        </div>
        <p class="call-state">
          <span data-testid="call-state">{stateWord(mine, call)}</span>
          <Clock desk={desk} since={mine?.stateChangedAtMs} />
        </p>
      </header>
      <p class="visually-hidden" role="status">
        {t("call.announce", { party, state: stateWord(mine, call) })}
      </p>
      <Parties
        desk={desk}
        call={call}
        extension={extension}
        busy={isBusy(desk, call)}
        stateWord={(party) => stateWord(party, call)}
      />
      <Variables variables={call.variables} />
      <Buttons desk={desk} call={call} extension={extension} />
    </article>
  );
}

function kind(call: Dialog, extension: string): string {
  const key = `call.type.${call.callType}`;
  const direction = isIncoming(call, extension) ? "call.type.in" : "call.type.out";
  const words = [t(isTextKey(key) ? key : direction)];
  if (call.queueName) words.push(t("call.queue", { queue: call.queueName }));
  return words.join(" · ");
}

function stateWord(party: Participant | undefined, call: Dialog): string {
  const state = party?.state || call.state;
  const key = `call.state.${state}`;
  const word = isTextKey(key) ? t(key) : state;
  const cause = `call.cause.${party?.stateCause}`;
  return isTextKey(cause) ? `${word} (${t(cause)})` : word;
}

function Clock({ desk, since }: { desk: DeskView; since: number | undefined }) {
  if (since === undefined) return null;
  const text = clockText(now.value + desk.model.distance.value.driftMs - since);
  return (
    <span class="call-clock" role="timer" aria-label={t("call.time", { time: text })}>
      {text}
    </span>
  );
}

function Variables({ variables }: { variables: CallVariable[] }) {
  const shown = variables.filter(({ value }) => value !== "");
  if (shown.length === 0) return null;
  return (
    <dl class="call-variables" aria-label={t("call.variables")}>
      {shown.map(({ name, value }) => (
        <div key={name}>
          <dt>
            <bdi>{variableName(name)}</bdi>
          </dt>
          <dd data-testid={`call-variable-${name}`}>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** As people call it, as long as no layout says otherwise. */
function variableName(name: string): string {
  const number = /^callVariable(\d+)$/.exec(name)?.[1];
  return number ? t("call.variable", { number }) : name.replace(/^user\./, "");
}

/** Something is under way, or nothing can be asked for. */
function isBusy({ model }: DeskView, call: Dialog): boolean {
  return model.asking.value.has(call.id) || !model.connected.value || !model.phoneSystem.value;
}

function Buttons({ desk, call, extension }: Props) {
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const busy = isBusy(desk, call);
  const offered = own(call, extension)?.actions ?? [];
  const act = (wish: CallAction) => desk.calls.act(call, wish);
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
            class={action === "ANSWER" || action === "RETRIEVE" ? "button primary" : "button"}
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
      {offered.includes("UPDATE_CALL_DATA") && isIncoming(call, extension) && (
        <WrapUp
          call={call}
          busy={busy}
          save={(reason) => act({ action: "UPDATE_CALL_DATA", wrapUpReason: reason })}
        />
      )}
    </>
  );
}
