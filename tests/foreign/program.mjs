// What scenes of whole programs share: a user with events and the web service, whatever carries them, and the phone
// system's people.

import { client, xml } from '@xmpp/client';
import { Strophe, $pres } from 'strophe.js';
import { check, password, ready, within } from './finesse.mjs';

export const api = `${ready.rest.replace(/\/$/, '')}/finesse/api`;

const webService = `finesse@${ready.domain}`;

/** The `Authorization` header of a user. */
export const basic = (user) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** The text of the first element of that name. */
export const text = (document, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1];

/** The text of the element of that name in the participant with this address. */
export const part = (document, address, name) => {
  const parts = document.match(/<Participant>.*?<\/Participant>/gs) ?? [];
  return text(parts.find((one) => text(one, 'mediaAddress') === address) ?? '', name);
};

/** Plays a script of the simulator: callers, and what people do at their telephones. */
export async function phones(script) {
  const answer = await fetch(`http://${ready.cti_control.replace(/^http:\/\//, '')}/`, { method: 'POST', body: script });
  check(answer.ok, `the simulator: ${script}`);
}

/** A user of the notification service; every event is kept until somebody has waited for it. */
export class Listener {
  events = [];
  #waiting = [];

  hear(update) {
    this.events.push(update);
    for (const look of [...this.#waiting]) look();
  }

  /** The first event, of those nobody has waited for yet, with all of `words`. */
  event(...words) {
    const found = new Promise((resolve) => {
      const look = () => {
        const at = this.events.findIndex((update) => words.every((word) => update.includes(word)));
        if (at < 0) return;
        this.#waiting = this.#waiting.filter((one) => one !== look);
        resolve(this.events.splice(at, 1)[0]);
      };
      this.#waiting.push(look);
      look();
    });
    return within(20_000, `an event with ${words}; there are: ${this.events.map((one) => text(one, 'source'))}`, found);
  }
}

/** Signs in with Strophe.js; `address` is http-bind's or the WebSocket's. */
export async function withStrophe(address, user, resource) {
  const listener = new Listener();
  Strophe.setLogLevel(Strophe.LogLevel.WARN);
  const connection = new Strophe.Connection(address);
  connection.addHandler((message) => {
    for (const one of Array.from(message.getElementsByTagName('notification'))) listener.hear(one.textContent);
    return true;
  }, 'http://jabber.org/protocol/pubsub#event', 'message');
  const connected = new Promise((resolve, reject) => {
    connection.connect(`${user}@${ready.domain}/${resource}`, password, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve();
      const ends = [Strophe.Status.CONNFAIL, Strophe.Status.AUTHFAIL, Strophe.Status.ERROR];
      if (ends.includes(status)) reject(new Error(`FAILED: no connection: ${status} ${condition}`));
    });
  });
  await within(15_000, 'a connection', connected);
  // events come from the first presence on; the web service's own says that ours has been seen
  const seen = new Promise((resolve) => {
    connection.addHandler(resolve, null, 'presence', null, null, webService, { matchBareFromJid: true });
  });
  connection.send($pres());
  await within(15_000, 'presence of the web service', seen);
  return Object.assign(listener, { connection });
}

/** Signs in with xmpp.js; without a resource the server makes one. */
export async function withXmppjs(service, user, resource) {
  const listener = new Listener();
  const xmpp = client({ service, domain: ready.domain, resource, username: user, password });
  xmpp.timeout = 20_000;
  xmpp.on('error', (error) => console.log(`xmpp.js: ${error}`));
  const seen = new Promise((resolve) => {
    xmpp.on('stanza', (stanza) => stanza.is('presence') && stanza.attrs.from.startsWith(webService) && resolve());
  });
  xmpp.on('stanza', (stanza) => {
    const items = stanza.getChild('event')?.getChild('items')?.getChildren('item') ?? [];
    for (const item of items) listener.hear(item.getChild('notification')?.text() ?? '');
  });
  const address = await within(15_000, 'xmpp.js online', xmpp.start());
  await xmpp.send(xml('presence'));
  await within(15_000, 'presence of the web service', seen);
  return Object.assign(listener, { xmpp, address, xml });
}
