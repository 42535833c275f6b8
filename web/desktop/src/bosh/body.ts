/** The `<body/>` wrapper (XEP-0124 §4, XEP-0206 §3): what we write and how we read. */
import type { Element } from "../xml/element";
import { parse, XmlError } from "../xml/parse";
import { xml } from "../xml/write";
import { WAIT_SECS } from "./limits";

const HTTPBIND = "http://jabber.org/protocol/httpbind";
const XBOSH = "urn:xmpp:xbosh";

/** Whom the session is with, and for whom. */
export interface Peer {
  domain: string;
  /** Bare JID, told at creation so that the server's log can name the agent before sign-in. */
  jid: string;
  lang: string;
}

/** Session creation (XEP-0124 §7.1), with XEP-0206's attributes. */
export function creation(rid: number, peer: Peer): string {
  return xml`<body xmlns="${HTTPBIND}" xmlns:xmpp="${XBOSH}" xml:lang="${peer.lang}" hold="1" ver="1.11" to="${
    peer.domain
  }" wait="${String(WAIT_SECS)}" content="text/xml; charset=utf-8" xmpp:version="1.0" from="${peer.jid}" rid="${String(
    rid,
  )}"/>`;
}

/** Stanzas, or an empty poll when there are none. */
export function carrying(rid: number, sid: string, stanzas: readonly string[]): string {
  const head = xml`<body xmlns="${HTTPBIND}" sid="${sid}" rid="${String(rid)}"`;
  return stanzas.length === 0 ? `${head}/>` : `${head}>${stanzas.join("")}</body>`;
}

/** A new stream in the same session, as XMPP wants after SASL (XEP-0206 §5). */
export function restart(rid: number, sid: string, peer: Peer): string {
  return xml`<body xmlns="${HTTPBIND}" xmlns:xmpp="${XBOSH}" sid="${sid}" rid="${String(rid)}" to="${
    peer.domain
  }" xml:lang="${peer.lang}" xmpp:restart="true"/>`;
}

/** The end of the session, from our side (XEP-0124 §13). */
export function farewell(rid: number, sid: string, stanzas: readonly string[]): string {
  const head = xml`<body xmlns="${HTTPBIND}" sid="${sid}" rid="${String(rid)}" type="terminate"`;
  return `${head}>${stanzas.join("")}</body>`;
}

/** The body of an answer; throws {@link XmlError} for anything else, a proxy's error page for example. */
export function read(answer: string): Element {
  const body = parse(answer);
  if (body.name !== "body" || body.ns !== HTTPBIND) throw new XmlError(`not a BOSH body: ${body.name}`);
  return body;
}
