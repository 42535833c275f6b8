/** What the page shows. Written by the desk, read by the views. */
import { type Signal, signal } from "@preact/signals-core";
import type { Ended } from "../bosh/ended";
import type { Offers } from "../connection/connection";
import type { Kind } from "../connection/transport";
import { type History, NO_HISTORY } from "../evidence/history";
import type { Device } from "../finesse/device";
import type { Dialog } from "../finesse/dialog";
import type { MediaLayout } from "../finesse/media_layout";
import type { Contact } from "../finesse/phone_book";
import type { Queue } from "../finesse/queue";
import type { TeamMessage } from "../finesse/team_message";
import type { Reason, User } from "../finesse/user";
import type { Text } from "../i18n/say";
import type { Fault } from "./fault";
import type { Watched } from "./team";

export type Phase =
  /** `choose`: telephones of the extension, one of which is to be chosen. */
  | { kind: "signedOut"; fault?: Fault; notice?: Text; choose?: Device[] }
  | { kind: "signingIn"; step: Text }
  | { kind: "signedIn" };

export type Banner =
  | {
      kind: "lost";
      ended: Ended;
      sinceMs: number;
      retryAtMs: number | undefined;
      /** When the agent may be signed out, if the connection does not come back. */
      signOutAtMs: number | undefined;
    }
  | { kind: "restored"; gapMs: number }
  | { kind: "conflict" };

/** Something that happened, shown until it is dismissed. */
export interface Message {
  id: number;
  text: Text;
  /** Why, when that is known. */
  cause?: Text;
}

/** A call that is over. */
export interface PastCall {
  id: string;
  /** The other end's number; empty when it was not known. */
  party: string;
  incoming: boolean;
  queueName: string;
  wrapUpReason: string;
  /** By the server's clock, both; undefined when it did not say. */
  startedAtMs: number | undefined;
  endedAtMs: number;
}

/** How far this computer and the server are apart, in time and on the wire. */
export interface Distance {
  driftMs: number;
  roundTripMs: number;
}

export interface Model {
  phase: Signal<Phase>;
  /** Where one may sign in beside the telephone of an extension. */
  offers: Signal<Offers>;
  user: Signal<User | undefined>;
  reasons: Signal<{ notReady: Reason[]; logout: Reason[] }>;
  /** The state asked for, while the outcome is awaited; `LOGOUT` while signing out. */
  changing: Signal<string | undefined>;
  /** The agent's calls, in the order in which they came. */
  calls: Signal<Dialog[]>;
  /** Those that ended since the sign-in, the latest first. */
  pastCalls: Signal<PastCall[]>;
  /** Ids of calls that something was asked for and is not done; empty for one to be made. */
  asking: Signal<ReadonlySet<string>>;
  /** Whom the phone books have. */
  contacts: Signal<Contact[]>;
  /** Labels of the reasons that a call may be wrapped up with; none where any text will do. */
  wrapUpReasons: Signal<string[]>;
  mediaLayouts: Signal<MediaLayout[]>;
  /** The agent's queues; none where the phone system has no statistics. */
  queues: Signal<Queue[]>;
  /** What the team is told at present, the latest first. */
  teamMessages: Signal<TeamMessage[]>;
  /** Ids of those that the agent has read. */
  readMessages: Signal<ReadonlySet<string>>;
  /** The team that a supervisor looks at. */
  watched: Signal<Watched | undefined>;
  /** Agents for whom the supervisor asked for something that is under way. */
  ordering: Signal<ReadonlySet<string>>;
  banner: Signal<Banner | undefined>;
  /** Whether the server can reach the phone system. */
  phoneSystem: Signal<boolean>;
  /** Whether the web service is present. */
  webService: Signal<boolean>;
  connected: Signal<boolean>;
  /** What events come by, or came last. */
  transport: Signal<Kind | undefined>;
  distance: Signal<Distance>;
  /** When this computer last stood still for a while, and whether it slept. */
  stood: Signal<{ atMs: number; ms: number; asleep: boolean } | undefined>;
  /** The last hour of the connection. */
  history: Signal<History>;
  messages: Signal<Message[]>;
}

export function newModel(): Model {
  return {
    phase: signal<Phase>({ kind: "signedOut" }),
    offers: signal<Offers>({ mobileAgents: false, sharedExtensions: false }),
    user: signal(undefined),
    reasons: signal({ notReady: [], logout: [] }),
    changing: signal(undefined),
    calls: signal([]),
    pastCalls: signal([]),
    asking: signal<ReadonlySet<string>>(new Set()),
    contacts: signal([]),
    wrapUpReasons: signal([]),
    mediaLayouts: signal([]),
    queues: signal([]),
    teamMessages: signal([]),
    readMessages: signal<ReadonlySet<string>>(new Set()),
    watched: signal(undefined),
    ordering: signal<ReadonlySet<string>>(new Set()),
    banner: signal(undefined),
    phoneSystem: signal(true),
    webService: signal(true),
    connected: signal(false),
    transport: signal(undefined),
    distance: signal({ driftMs: 0, roundTripMs: 0 }),
    stood: signal(undefined),
    history: signal(NO_HISTORY),
    messages: signal([]),
  };
}

/** More than this nobody reads; the oldest goes. */
const MESSAGES_MAX = 5;

let lastId = 0;

export function tell(model: Model, text: Text, cause?: Text): void {
  lastId += 1;
  const message: Message = cause ? { id: lastId, text, cause } : { id: lastId, text };
  // The same news again replaces the old: a list of equal lines tells nothing more.
  const others = model.messages.value.filter((shown) => shown.text.key !== text.key);
  model.messages.value = [...others, message].slice(-MESSAGES_MAX);
}

export function dismiss(model: Model, id: number): void {
  model.messages.value = model.messages.value.filter((message) => message.id !== id);
}
