/** A BOSH and XMPP server of a few lines for the tests: scripted where a test wants it to misbehave. */
import type { Post } from "../src/bosh/driver";
import { child, childText, type Element, elements } from "../src/xml/element";
import { parse } from "../src/xml/parse";
import type { Mark } from "../src/xmpp/numbers";

export const DOMAIN = "site.example";
const STREAMS = "http://etherx.jabber.org/streams";

interface Parked {
  rid: number;
  answer: (xml: string) => void;
}

/** One request as the server saw it. */
export interface Seen {
  rid: number;
  body: Element;
  raw: string;
}

type Fault = "refuse" | "hang" | { status: number; text?: string };

export class BoshServer {
  offersClientState = true;
  readonly seen: Seen[] = [];
  /** Taken one by one, for the next requests; then the server behaves. */
  readonly faults: Fault[] = [];
  password = "secret-7";
  /** What is answered to who asks for numbers of events; without it the server does not know of any. */
  numbers: ((asked: Element) => string) | undefined;
  takesProbes = false;
  /** Answers by rid, to answer a repeat from memory. */
  private readonly kept = new Map<number, string>();
  private parked: Parked[] = [];
  private readonly pending: string[] = [];
  private sid = "";
  private sessions = 0;

  /** Requests neither answered nor given up by the client. */
  open = 0;

  readonly post: Post = (raw, signal) => {
    const ended = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    this.open += 1;
    return Promise.race([this.take(raw), ended]).finally(() => {
      this.open -= 1;
    });
  };

  private take(raw: string): Promise<{ status: number; text: string }> {
    const body = parse(raw);
    const rid = Number(body.attributes.get("rid"));
    this.seen.push({ rid, body, raw });
    const fault = this.faults.shift();
    if (fault === "refuse") return Promise.reject(new Error("connection refused"));
    if (fault === "hang") return new Promise(() => {});
    if (fault) return Promise.resolve({ status: fault.status, text: fault.text ?? "" });
    return this.serve(rid, body);
  }

  /** Stanzas the client sent, in order. */
  get stanzas(): Element[] {
    return this.seen.flatMap(({ body }) => elements(body));
  }

  /** Polls that wait for something to say. */
  get parkedCount(): number {
    return this.parked.length;
  }

  /** Sends a stanza as soon as a poll is there. */
  push(stanza: string): void {
    this.pending.push(stanza);
    this.answerParked();
  }

  /** A notification of that node. */
  event(node: string, update: string, mark?: Mark): void {
    const escaped = update.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    this.push(
      `<message xmlns="jabber:client" from="pubsub.${DOMAIN}"><event xmlns="http://jabber.org/protocol/pubsub#event">` +
        `<items node="${node}"><item id="1"><notification xmlns="http://jabber.org/protocol/pubsub">${escaped}` +
        `</notification></item></items></event>${mark ? headers(mark) : ""}</message>`,
    );
  }

  /** Ends the session with that condition or stream error. */
  terminate(condition: string, streamError = ""): void {
    const error = streamError
      ? `<stream:error><${streamError} xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>`
      : "";
    this.sid = "";
    const attributes = `xmlns:stream="${STREAMS}" type="terminate" condition="${condition}"`;
    for (const { rid, answer } of this.parked.splice(0)) answer(this.keep(rid, error, attributes));
  }

  private afterSignIn(): string {
    const csi = this.offersClientState ? '<csi xmlns="urn:xmpp:csi:0"/>' : "";
    return features("xmpp-bind", "bind").replace("</stream", `${csi}</stream`);
  }

  private serve(rid: number, body: Element): Promise<{ status: number; text: string }> {
    const ok = (text: string) => ({ status: 200, text });
    const sid = body.attributes.get("sid");
    if (sid !== undefined && sid !== this.sid) return Promise.resolve({ status: 404, text: "Invalid SID." });
    const again = this.kept.get(rid);
    if (sid !== undefined && again !== undefined) return Promise.resolve(ok(again));
    if (sid === undefined) {
      this.kept.clear();
      this.pending.length = 0;
      this.parked = [];
      this.sessions += 1;
      this.sid = `sid${this.sessions}`;
      const attributes = `xmlns:stream="${STREAMS}" sid="${this.sid}" wait="30" requests="2" inactivity="60" hold="1"`;
      const offer = `<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>`;
      return Promise.resolve(ok(this.keep(rid, features("xmpp-sasl", "mechanisms", offer), attributes)));
    }
    if (body.attributes.get("type") === "terminate") {
      for (const parked of this.parked.splice(0)) parked.answer(this.keep(parked.rid, ""));
      return Promise.resolve(ok(this.keep(rid, "", 'type="terminate"')));
    }
    if (body.attributes.get("xmpp:restart") === "true") this.pending.push(this.afterSignIn());
    for (const stanza of elements(body)) this.answerStanza(stanza);
    return new Promise((resolve) => {
      this.parked.push({ rid, answer: (text) => resolve(ok(text)) });
      this.answerParked();
    });
  }

  private answerStanza(stanza: Element): void {
    if (stanza.name === "auth") {
      const [, , password] = Buffer.from(stanza.children.join(""), "base64").toString("utf8").split("\0");
      const sasl = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"';
      const right = password === this.password;
      this.pending.push(right ? `<success ${sasl}/>` : `<failure ${sasl}><not-authorized/></failure>`);
    } else if (stanza.name === "iq" && child(stanza, "bind")) {
      const resource = childText(child(stanza, "bind") as Element, "resource");
      const jid = `1001@${DOMAIN}/${resource}`;
      this.pending.push(
        `<iq xmlns="jabber:client" type="result" id="${stanza.attributes.get("id")}">` +
          `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${jid}</jid></bind></iq>`,
      );
    } else if (stanza.name === "iq" && child(stanza, "probe")) {
      const type = this.takesProbes ? "result" : "error";
      this.pending.push(`<iq xmlns="jabber:client" type="${type}" id="${stanza.attributes.get("id")}"/>`);
    } else if (stanza.name === "iq" && child(stanza, "numbers")) {
      const id = stanza.attributes.get("id");
      const result = this.numbers?.(child(stanza, "numbers") as Element);
      const type = result === undefined ? "error" : "result";
      this.pending.push(`<iq xmlns="jabber:client" type="${type}" id="${id}">${result ?? ""}</iq>`);
    } else if (stanza.name === "presence" && stanza.attributes.get("type") === undefined) {
      this.pending.push(`<presence xmlns="jabber:client" from="finesse@${DOMAIN}/web"/>`);
    }
  }

  /** hold = 1: an older poll is answered when a newer one comes, and one when there is something to say. */
  private answerParked(): void {
    while (this.parked.length > 1 || (this.parked.length === 1 && this.pending.length > 0)) {
      const first = this.parked.shift();
      first?.answer(this.keep(first.rid, this.pending.splice(0).join("")));
    }
  }

  private keep(rid: number, stanzas: string, attributes = ""): string {
    const text = `<body xmlns="http://jabber.org/protocol/httpbind" ${attributes}>${stanzas}</body>`;
    this.kept.set(rid, text);
    return text;
  }
}

function headers({ epoch, number }: Mark): string {
  return (
    `<headers xmlns="http://jabber.org/protocol/shim"><header name="Event-Epoch">${epoch}</header>` +
    `<header name="Event-Number">${number}</header></headers>`
  );
}

function features(namespace: string, name: string, inner = ""): string {
  const feature = `<${name} xmlns="urn:ietf:params:xml:ns:${namespace}">${inner}</${name}>`;
  return `<stream:features xmlns:stream="${STREAMS}">${feature}</stream:features>`;
}
