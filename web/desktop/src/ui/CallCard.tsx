import { clockText } from "../desk/agent_state";
import { isIncoming, otherParty, own } from "../desk/calls";
import type { DeskView } from "../desk/view";
import { type Dialog, isPreview, type Participant } from "../finesse/dialog";
import { isTextKey, t } from "../i18n/language";
import { CallButtons } from "./CallButtons";
import { CallData, CallHeadline } from "./CallData";
import { now } from "./clock";
import { handOn } from "./hand";
import { CallbackLine } from "./Outbound";
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

export function CallCard({ desk, call, extension }: Props) {
  const mine = own(call, extension);
  const party = otherParty(call, extension) || t("call.unknownParty");
  const state = mine?.state ?? call.state;
  const look = LOOKS[state] ?? state;
  const outside = answersOutside(desk, mine);
  const hand = handOn(desk, call, extension);
  const mayChange = hand.offered.includes("UPDATE_CALL_DATA");
  return (
    <article
      class="card call"
      aria-label={t("call.title", { party })}
      data-testid="call"
      data-call-id={call.id}
      data-state={state}
      data-ringing={isOffered(mine) || outside}
      data-stale={!desk.model.connected.value}
    >
      <header class="call-head">
        <StateMark state={look} />
        <div>
          <p class="call-party" data-testid="call-party">
            <bdi>{party}</bdi>
          </p>
          <p class="call-kind">{kind(call, extension)}</p>
          <CallHeadline desk={desk} call={call} />
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
        busy={hand.busy}
        stateWord={(party) => stateWord(party, call)}
      />
      <CallData
        desk={desk}
        call={call}
        mayChange={mayChange}
        busy={hand.busy}
        save={(variables) => hand.act({ action: "UPDATE_CALL_DATA", variables })}
      />
      <CallbackLine call={call} />
      {outside && (
        <p class="call-outside" role="status" data-testid="call-answer-outside">
          {t("call.answerOutside")}
        </p>
      )}
      <CallButtons desk={desk} call={call} extension={extension} hand={hand} />
      {mayChange && (
        <WrapUp
          desk={desk}
          call={call}
          busy={hand.busy}
          save={(wrapUp) => hand.act({ action: "UPDATE_CALL_DATA", wrapUp })}
        />
      )}
    </article>
  );
}

/** A call that rings at the telephone of a mobile agent, where alone it can be answered. */
function answersOutside(desk: DeskView, mine: Participant | undefined): boolean {
  const mode = desk.model.user.value?.mobileAgent?.mode;
  return mode === "CALL_BY_CALL" && mine?.state === "ALERTING" && !isOffered(mine);
}

/** A call that rings, or a preview that waits for a word. */
export function isOffered(mine: Participant | undefined): boolean {
  return mine?.actions.some((action) => action === "ANSWER" || action === "ACCEPT") ?? false;
}

function kind(call: Dialog, extension: string): string {
  const key = `call.type.${call.callType}`;
  const direction = isIncoming(call, extension) ? "call.type.in" : "call.type.out";
  const words = [t(isTextKey(key) ? key : direction)];
  if (call.queueName) words.push(t("call.queue", { queue: call.queueName }));
  return words.join(" · ");
}

function stateWord(party: Participant | undefined, call: Dialog): string {
  const state = isPreview(call) && isOffered(party) ? "OFFERED" : party?.state || call.state;
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
