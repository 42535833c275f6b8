/**
 * The XMPP conversation inside a session: SASL, restart, bind, presence (RFC 6120, RFC 6121), then events
 * (XEP-0060). Knows no network; what it wants sent goes to its {@link Outlet}.
 */
import { child, childText, type Element, elements, text } from "../xml/element";
import { xml } from "../xml/write";
import { base64 } from "./base64";
import type { Mark } from "./numbers";

/** Who signs in, and where. */
export interface Credentials {
  /** The localpart of the JID: the loginId. */
  user: string;
  password: string;
  domain: string;
}

/** Where the stream's words and findings go. */
export interface Outlet {
  send(stanza: string): void;
  restart(): void;
  found(event: StreamEvent): void;
}

export type StreamEvent =
  /** Signed in; events may come from now on. */
  | { kind: "bound"; jid: string }
  /** Not signed in: a SASL condition (`not-authorized`), or the step that the server refused. */
  | { kind: "refused"; condition: string }
  /** Somebody's presence: `finesse` stands for the web service. */
  | { kind: "presence"; user: string; available: boolean }
  /** An event of a node; the payload is the escaped XML's text. */
  | { kind: "notification"; node: string; payload: string; mark: Mark | undefined }
  /** The answer to {@link Stream.askNumbers}. */
  | { kind: "numbers"; answer: Element }
  /** Whether the server took what {@link Stream.tell} told it. */
  | { kind: "told"; taken: boolean };

const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND = "urn:ietf:params:xml:ns:xmpp-bind";
const PUBSUB = "http://jabber.org/protocol/pubsub";
const EVENT = "http://jabber.org/protocol/pubsub#event";
const SHIM = "http://jabber.org/protocol/shim";
const CLIENT_STATE = "urn:xmpp:csi:0";
const STREAMS = "http://etherx.jabber.org/streams";

/** COMPAT(finesse): the desktop's resource. A second session with it takes the first one's place. */
const RESOURCE = "desktop";
const BIND_ID = "bind-1";
const NUMBERS_ID = "numbers";
const TELL_ID = "probe-";

export class Stream {
  private jid = "";
  private subscriptions = 0;
  private tellings = 0;
  private knowsClientState = false;

  constructor(
    private readonly credentials: Credentials,
    private readonly outlet: Outlet,
  ) {}

  handle(stanza: Element): void {
    if (stanza.name === "features" && stanza.ns === STREAMS) this.features(stanza);
    else if (stanza.name === "success" && stanza.ns === SASL) this.outlet.restart();
    else if (stanza.name === "failure" && stanza.ns === SASL) this.refused(elements(stanza)[0]?.name);
    else if (stanza.name === "iq") this.iq(stanza);
    else if (stanza.name === "presence") this.presence(stanza);
    else if (stanza.name === "message") this.message(stanza);
  }

  /** Asks for a node's events (XEP-0060 §6.1), for this session alone: the address is the full one. */
  subscribe(node: string): void {
    this.askPubsub(xml`<subscribe node="${node}" jid="${this.jid}"/>`);
  }

  /** Wants a node's events no more (XEP-0060 §6.2). */
  unsubscribe(node: string): void {
    this.askPubsub(xml`<unsubscribe node="${node}" jid="${this.jid}"/>`);
  }

  /** What comes of it is not waited for: a node whose events are refused is one of which nothing is heard. */
  private askPubsub(wish: string): void {
    this.subscriptions += 1;
    const id = `subscribe-${this.subscriptions}`;
    const to = `pubsub.${this.credentials.domain}`;
    const head = xml`<iq xmlns="jabber:client" type="set" id="${id}" to="${to}"><pubsub xmlns="${PUBSUB}">`;
    this.outlet.send(`${head}${wish}</pubsub></iq>`);
  }

  /** Asks for numbers of events, and for what was missed. */
  askNumbers(numbers: string): void {
    const to = `pubsub.${this.credentials.domain}`;
    this.outlet.send(
      `${xml`<iq xmlns="jabber:client" type="set" id="${NUMBERS_ID}" to="${to}">`}${numbers}</iq>`,
    );
  }

  /** Tells the server something that it acknowledges. */
  tell(payload: string): void {
    this.tellings += 1;
    const head = xml`<iq xmlns="jabber:client" type="set" id="${TELL_ID + this.tellings}" to="${this.credentials.domain}">`;
    this.outlet.send(`${head}${payload}</iq>`);
  }

  /** Whether somebody looks (XEP-0352): when nobody does, the server may keep back what can wait. */
  attended(looked: boolean): void {
    if (!this.knowsClientState) return;
    this.outlet.send(
      looked ? xml`<active xmlns="${CLIENT_STATE}"/>` : xml`<inactive xmlns="${CLIENT_STATE}"/>`,
    );
  }

  private features(offer: Element): void {
    const mechanisms = child(offer, "mechanisms", SASL);
    if (mechanisms) {
      const plain = elements(mechanisms).some((mechanism) => text(mechanism) === "PLAIN");
      if (!plain) return this.refused("invalid-mechanism");
      const { user, password } = this.credentials;
      const secret = base64(`\0${user}\0${password}`);
      this.outlet.send(xml`<auth xmlns="${SASL}" mechanism="PLAIN">${secret}</auth>`);
    } else if (child(offer, "bind", BIND)) {
      this.knowsClientState = child(offer, "csi", CLIENT_STATE) !== undefined;
      const bind = xml`<bind xmlns="${BIND}"><resource>${RESOURCE}</resource></bind>`;
      this.outlet.send(`<iq xmlns="jabber:client" type="set" id="${BIND_ID}">${bind}</iq>`);
    } else this.refused("no-bind");
  }

  private iq(iq: Element): void {
    const type = iq.attributes.get("type");
    if (iq.attributes.get("id") === BIND_ID && type === "result") {
      const bind = child(iq, "bind", BIND);
      this.jid = bind ? childText(bind, "jid") : "";
      // Presence is what makes events flow, and what the forced sign-out watches.
      this.outlet.send('<presence xmlns="jabber:client"/>');
      this.outlet.found({ kind: "bound", jid: this.jid });
    } else if (iq.attributes.get("id") === BIND_ID && type === "error") {
      this.refused(elements(child(iq, "error") ?? iq)[0]?.name);
    } else if (iq.attributes.get("id") === NUMBERS_ID && (type === "result" || type === "error")) {
      this.outlet.found({ kind: "numbers", answer: iq });
    } else if (
      iq.attributes.get("id") === TELL_ID + this.tellings &&
      (type === "result" || type === "error")
    ) {
      this.outlet.found({ kind: "told", taken: type === "result" });
    } else if (type === "get" || type === "set") this.answer(iq);
  }

  /** Every request is answered (RFC 6120 §8.2.3), this one with a no. */
  private answer(iq: Element): void {
    const to = iq.attributes.get("from");
    const address = to === undefined ? "" : xml` to="${to}"`;
    const id = iq.attributes.get("id") ?? "";
    this.outlet.send(
      xml`<iq xmlns="jabber:client" type="error" id="${id}"` +
        `${address}><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
  }

  private presence(presence: Element): void {
    const type = presence.attributes.get("type");
    if (type !== undefined && type !== "unavailable") return;
    const user = presence.attributes.get("from")?.split("@")[0] ?? "";
    this.outlet.found({ kind: "presence", user, available: type === undefined });
  }

  private message(message: Element): void {
    const event = child(message, "event", EVENT);
    const mark = readMark(message);
    for (const items of event ? elements(event) : []) {
      const node = items.attributes.get("node") ?? "";
      for (const item of elements(items)) {
        // The namespace of the notification differs between releases of the original; nobody looks at it.
        const notification = child(item, "notification");
        if (notification) {
          this.outlet.found({ kind: "notification", node, payload: text(notification), mark });
        }
      }
    }
  }

  private refused(condition = "undefined-condition"): void {
    this.outlet.found({ kind: "refused", condition });
  }
}

function readMark(message: Element): Mark | undefined {
  const headers = child(message, "headers", SHIM);
  if (!headers) return undefined;
  const header = (name: string) => {
    const found = elements(headers).find(({ attributes }) => attributes.get("name") === name);
    return found && text(found);
  };
  const epoch = header("Event-Epoch");
  const number = Number(header("Event-Number"));
  return epoch !== undefined && Number.isSafeInteger(number) && number > 0 ? { epoch, number } : undefined;
}
