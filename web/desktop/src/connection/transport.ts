/** What carries stanzas: BOSH or WebSocket. One object is one session's. */

import type { Peer } from "../bosh/body";
import type { Ended } from "../bosh/ended";
import type { Element } from "../xml/element";

export type Kind = "websocket" | "bosh";

export interface Transport {
  send(stanza: string): void;
  /** Opens a new stream, after SASL succeeded. */
  restart(): void;
  /** Ends the session in good order, with a last stanza or an empty one; `ended` follows even without an answer. */
  leave(lastStanza: string): void;
  /** Looks now whether the server is there: the network may have come or gone. */
  hurry(): void;
  /** The longest silence since this was asked last, in milliseconds: docs/manual/probe.md says what counts. */
  takeGap(): number;
}

export interface TransportListener {
  stanza(stanza: Element): void;
  ended(ended: Ended): void;
}

/** Begins a session. */
export type Dial = (peer: Peer, listener: TransportListener) => Transport;
