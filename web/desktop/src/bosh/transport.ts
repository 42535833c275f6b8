import type { Dial, Transport, TransportListener } from "../connection/transport";
import type { Peer } from "./body";
import { Driver, type Post } from "./driver";
import { Session } from "./session";

/** XEP-0199, to the server itself. */
const PING = '<iq xmlns="jabber:client" type="get" id="ping"><ping xmlns="urn:xmpp:ping"/></iq>';

/** Sessions over BOSH. @param rid a random first rid below 2^32 */
export function bosh(post: Post, rid: () => number = randomRid): Dial {
  return (peer, listener) => new BoshTransport(post, peer, rid(), listener);
}

class BoshTransport implements Transport {
  private readonly driver: Driver;

  constructor(post: Post, peer: Peer, rid: number, listener: TransportListener) {
    this.driver = new Driver(new Session(Date.now(), peer, rid), post, listener);
    // Not before the caller has this object: an answer may come at once.
    queueMicrotask(() => this.driver.run(() => {}));
  }

  send(stanza: string): void {
    this.driver.run((session, now) => session.send(now, stanza));
  }

  restart(): void {
    this.driver.run((session) => session.restart());
  }

  leave(lastStanza: string): void {
    this.driver.run((session, now) => session.leave(now, lastStanza));
  }

  takeGap(): number {
    return this.driver.takeGap();
  }

  /** A question shows within seconds whether a parked poll still hangs on anything. */
  hurry(): void {
    this.driver.run((session, now) => {
      session.hurry(now);
      if (!session.awaitsAnswer) session.send(now, PING);
    });
  }
}

function randomRid(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}
