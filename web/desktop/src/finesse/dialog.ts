import { child, childText, type Element, elements, text } from "../xml/element";

/** One party of a call, and what it may do. */
export interface Participant {
  /** Extension or number. */
  address: string;
  /** A device of the contact centre's own; others are outside. */
  isAgent: boolean;
  state: string;
  stateCause: string;
  /** What this party may ask for in its present state. */
  actions: string[];
  /** By the server's clock; undefined when it does not say. */
  startedAtMs: number | undefined;
  stateChangedAtMs: number | undefined;
}

/** A name and a value that belong to a call. */
export interface CallVariable {
  name: string;
  value: string;
}

/** When somebody is called again, as the agent has told the dialer. */
export interface Callback {
  /** `YYYY-MM-DDTHH:MM` by the customer's clock; empty when only the number was told. */
  time: string;
  /** Empty where it is the number that was called. */
  number: string;
}

/** A call, as GET answers and notifications give it: always the whole object. */
export interface Dialog {
  id: string;
  /** Another call that this one took up, by transfer or conference. */
  secondaryId: string;
  /** The call that this one is a consultation of. */
  associatedId: string;
  state: string;
  fromAddress: string;
  toAddress: string;
  callType: string;
  queueName: string;
  /** Joined by commas when there are several. */
  wrapUpReason: string;
  wrapUpItems: string[];
  variables: CallVariable[];
  /** The other media properties by their names (`DNIS`, `queueNumber`, …): what a layout may show. */
  properties: ReadonlyMap<string, string>;
  participants: Participant[];
  callback: Callback | undefined;
}

/** Reads `<Dialog>` or `<dialog>`; nothing when it is neither, or says not even which. */
export function readDialog(body: Element): Dialog | undefined {
  const id = childText(body, "id") || lastSegment(childText(body, "uri"));
  if (body.name.toLowerCase() !== "dialog" || !id) return undefined;
  const media = child(body, "mediaProperties");
  const of = (name: string) => (media ? childText(media, name) : "");
  const participants = child(body, "participants");
  return {
    id,
    secondaryId: childText(body, "secondaryId"),
    associatedId: lastSegment(childText(body, "associatedDialogUri")),
    state: childText(body, "state"),
    fromAddress: childText(body, "fromAddress"),
    toAddress: childText(body, "toAddress"),
    callType: of("callType"),
    queueName: of("queueName"),
    wrapUpReason: of("wrapUpReason"),
    wrapUpItems: media ? readWrapUp(media) : [],
    variables: media ? readVariables(media) : [],
    properties: new Map(
      media
        ? elements(media)
            .filter(isLeaf)
            .map((leaf) => [leaf.name, text(leaf).trim()])
        : [],
    ),
    participants: participants ? elements(participants).map(readParticipant) : [],
    callback: readCallback(child(body, "scheduledCallbackInfo")),
  };
}

/** A dialer's question whether the agent takes a record: no call yet, and none if the answer is no. */
export function isPreview({ callType }: Dialog): boolean {
  return callType.startsWith("OUTBOUND") && callType.endsWith("PREVIEW");
}

/** Reads `<Dialogs>` or `<dialogs>`; what is no voice call in it is left out. */
export function readDialogs(body: Element): Dialog[] | undefined {
  if (body.name.toLowerCase() !== "dialogs") return undefined;
  const found = elements(body).map(readDialog);
  return found.filter((dialog): dialog is Dialog => dialog !== undefined);
}

function readCallback(body: Element | undefined): Callback | undefined {
  return body && { time: childText(body, "callbackTime"), number: childText(body, "callbackNumber") };
}

function readVariables(media: Element): CallVariable[] {
  const list = child(media, "callvariables");
  const all = list ? elements(list) : [];
  return all.map((entry) => ({ name: childText(entry, "name"), value: childText(entry, "value") }));
}

/** The reasons one by one; servers of before give one text only. */
function readWrapUp(media: Element): string[] {
  const list = child(media, "wrapUpItems");
  const items = list ? elements(list).map((item) => text(item).trim()) : [childText(media, "wrapUpReason")];
  return items.filter((item) => item !== "");
}

function isLeaf(element: Element): boolean {
  return elements(element).length === 0;
}

function readParticipant(body: Element): Participant {
  const actions = child(body, "actions");
  return {
    address: childText(body, "mediaAddress"),
    isAgent: childText(body, "mediaAddressType") === "AGENT_DEVICE",
    state: childText(body, "state"),
    stateCause: childText(body, "stateCause"),
    actions: actions ? elements(actions).map((action) => text(action).trim()) : [],
    startedAtMs: time(childText(body, "startTime")),
    stateChangedAtMs: time(childText(body, "stateChangeTime")),
  };
}

function time(written: string): number | undefined {
  const ms = Date.parse(written);
  return Number.isNaN(ms) ? undefined : ms;
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
