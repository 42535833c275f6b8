/** What an agent can ask of a call. */
import { xml } from "../xml/write";
import type { CallVariable } from "./dialog";

/** What a dialer can be told of whom it reached. */
export const CLASSIFICATIONS = [
  "VOICE",
  "ANSWERING_MACHINE",
  "FAX",
  "BUSY",
  "INVALID",
  "DO_NOT_CALL",
] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** The action, with what goes with it. */
export type CallAction =
  | { action: "ANSWER" | "HOLD" | "RETRIEVE" | "DROP" | "TRANSFER" | "CONFERENCE" }
  /** What can be done with a preview of an outbound call. */
  | { action: "ACCEPT" | "REJECT" | "CLOSE" }
  | { action: "RECLASSIFY"; classification: Classification }
  /** COMPAT(finesse): the dialer is told one of the two at a time. The time is `YYYY-MM-DDTHH:MM`. */
  | { action: "UPDATE_SCHEDULED_CALLBACK"; callback: { time: string } | { number: string } }
  | { action: "CANCEL_SCHEDULED_CALLBACK" }
  | { action: "CONSULT_CALL" | "TRANSFER_SST"; toAddress: string }
  | { action: "SEND_DTMF"; digits: string }
  /** Of somebody else in the call. */
  | { action: "PARTICIPANT_DROP"; party: string }
  | { action: "UPDATE_CALL_DATA"; wrapUp?: string[]; variables?: CallVariable[] };

/** What the request says beside the action and the party. */
export function details(wish: CallAction): string {
  switch (wish.action) {
    case "CONSULT_CALL":
    case "TRANSFER_SST":
      return xml`<toAddress>${wish.toAddress}</toAddress>`;
    case "SEND_DTMF":
      return param("dtmfString", wish.digits);
    case "RECLASSIFY":
      return param("outboundClassification", wish.classification);
    case "UPDATE_SCHEDULED_CALLBACK":
      return "time" in wish.callback
        ? param("callbackTime", wish.callback.time)
        : param("callbackNumber", wish.callback.number);
    case "UPDATE_CALL_DATA":
      return `<mediaProperties>${variables(wish.variables)}${wrapUp(wish.wrapUp)}</mediaProperties>`;
    default:
      return "";
  }
}

function param(name: string, value: string): string {
  const written = xml`<ActionParam><name>${name}</name><value>${value}</value></ActionParam>`;
  return `<actionParams>${written}</actionParams>`;
}

function variables(all: readonly CallVariable[] = []): string {
  const written = all.map(
    ({ name, value }) => xml`<CallVariable><name>${name}</name><value>${value}</value></CallVariable>`,
  );
  return written.length > 0 ? `<callvariables>${written.join("")}</callvariables>` : "";
}

function wrapUp(reasons: readonly string[] | undefined): string {
  if (reasons === undefined) return "";
  if (reasons.length < 2) return xml`<wrapUpReason>${reasons[0] ?? ""}</wrapUpReason>`;
  const items = reasons.map((reason) => xml`<wrapUpItem>${reason}</wrapUpItem>`);
  return `<wrapUpItems>${items.join("")}</wrapUpItems>`;
}
