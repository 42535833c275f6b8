/** XMPP over WebSocket (RFC 7395): a frame is a stanza, and the stream begins and ends with `<open/>` and `<close/>`. */
import type { Peer } from "../bosh/body";
import { type Ended, fromStreamError } from "../bosh/ended";
import type { Dial, Transport, TransportListener } from "../connection/transport";
import type { Element } from "../xml/element";
import { parse, XmlError } from "../xml/parse";
import { xml } from "../xml/write";
import { FAREWELL_MS, OPEN_MS, PING_AFTER_MS, PONG_MS, UNSENT_MAX } from "./limits";

/** What is used of a browser's WebSocket. */
export interface Socket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  opened(): void;
  text(text: string): void;
  closed(code: number): void;
}

const FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
const STREAMS = "http://etherx.jabber.org/streams";
const PING = '<iq xmlns="jabber:client" type="get" id="ping"><ping xmlns="urn:xmpp:ping"/></iq>';

/** Sessions over WebSocket. */
export function webSocket(open: (listener: SocketListener) => Socket): Dial {
  return (peer, listener) => new WebSocketTransport(open, peer, listener);
}

/** A browser's WebSocket to this page's own server. */
export function browserSocket(path: string): (listener: SocketListener) => Socket {
  return (listener) => {
    const socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")), "xmpp");
    socket.addEventListener("open", () => listener.opened());
    // Binary frames are none of ours: their text is no XML.
    socket.addEventListener("message", ({ data }) => listener.text(String(data)));
    socket.addEventListener("close", ({ code }) => listener.closed(code));
    return socket;
  };
}

class WebSocketTransport implements Transport {
  private readonly socket: Socket;
  private phase: "opening" | "open" | "leaving" | "ended" = "opening";
  /** Questions since something was heard. */
  private asked = 0;
  private timer: ReturnType<typeof setTimeout>;
  private heardAtMs = Date.now();
  private longestSilenceMs = 0;

  constructor(
    open: (listener: SocketListener) => Socket,
    private readonly peer: Peer,
    private readonly listener: TransportListener,
  ) {
    this.timer = setTimeout(() => this.end({ reason: "unreachable", detail: "not opened" }), OPEN_MS);
    this.socket = open({
      opened: () => this.openStream(),
      text: (text) => this.frame(text),
      closed: (code) => this.closed(code),
    });
  }

  send(stanza: string): void {
    if (this.phase === "ended" || this.phase === "leaving") return;
    this.write(stanza);
  }

  restart(): void {
    this.openStream();
  }

  leave(lastStanza: string): void {
    if (this.phase === "opening") return this.end({ reason: "signed-out", detail: "before opening" });
    if (this.phase !== "open") return;
    if (lastStanza) this.write(lastStanza);
    this.write(xml`<close xmlns="${FRAMING}"/>`);
    this.phase = "leaving";
    this.wait(FAREWELL_MS, () => this.end({ reason: "signed-out", detail: "farewell not answered" }));
  }

  hurry(): void {
    if (this.phase === "open" && this.asked === 0) this.ask();
  }

  takeGap(): number {
    const longest = Math.max(this.longestSilenceMs, Date.now() - this.heardAtMs);
    this.longestSilenceMs = 0;
    return longest;
  }

  private openStream(): void {
    const { domain, lang } = this.peer;
    this.write(xml`<open xmlns="${FRAMING}" to="${domain}" version="1.0" xml:lang="${lang}"/>`);
  }

  private frame(text: string): void {
    if (this.phase === "ended") return;
    let root: Element;
    try {
      root = parse(text);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      return this.end({ reason: "not-bosh", detail: error.message });
    }
    if (this.phase === "leaving") return root.name === "close" ? this.farewell() : undefined;
    if (root.name === "close" && root.ns === FRAMING) {
      return this.end({ reason: "system-shutdown", detail: "close" });
    }
    if (root.name === "error" && root.ns === STREAMS) return this.end(fromStreamError(root));
    this.heard();
    if (root.ns !== FRAMING) this.listener.stanza(root);
  }

  private farewell(): void {
    this.end({ reason: "signed-out", detail: "" });
  }

  private heard(): void {
    const now = Date.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.heardAtMs);
    this.heardAtMs = now;
    this.phase = "open";
    this.asked = 0;
    this.wait(PING_AFTER_MS, () => this.ask());
  }

  private ask(): void {
    if (this.asked >= 2) return this.end({ reason: "unreachable", detail: "no answer to pings" });
    this.asked += 1;
    this.write(PING);
    this.wait(PONG_MS, () => this.ask());
  }

  private closed(code: number): void {
    if (this.phase === "leaving") this.farewell();
    else this.end({ reason: "unreachable", detail: `closed ${code}` });
  }

  private write(text: string): void {
    if (this.phase === "ended") return;
    if (this.socket.bufferedAmount > UNSENT_MAX) this.end({ reason: "unreachable", detail: "queue full" });
    else this.socket.send(text);
  }

  private wait(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }

  private end(ended: Ended): void {
    if (this.phase === "ended") return;
    this.phase = "ended";
    clearTimeout(this.timer);
    this.socket.close();
    this.listener.ended(ended);
  }
}
