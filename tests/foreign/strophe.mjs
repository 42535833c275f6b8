// What the scenes with Strophe.js share: it signs in as an agent, sees a state change asked for through the web service
// with its requestId, and one made on the phone system.

import { DOMParser } from '@xmldom/xmldom';
import { Strophe, $pres } from 'strophe.js';
import { check, cti, password, putUser, ready, within } from './finesse.mjs';

/** Connects and resolves when Strophe says so; rejects on anything that ends the attempt. */
function connect(connection, agent) {
  return new Promise((resolve, reject) => {
    connection.connect(`${agent}@${ready.domain}/strophe`, password, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve();
      const ends = [Strophe.Status.CONNFAIL, Strophe.Status.AUTHFAIL, Strophe.Status.ERROR];
      if (ends.includes(status)) reject(new Error(`FAILED: Strophe does not connect: ${status} ${condition}`));
    });
  });
}

/** The text of the first element of that name. */
function text(update, name) {
  return update.getElementsByTagName(name)[0]?.textContent;
}

/** Calls `seen` with each update, parsed, and the message it came in. */
function watch(connection, seen) {
  const namespace = 'http://jabber.org/protocol/pubsub#event';
  connection.addHandler((message) => {
    const notification = message.getElementsByTagName('notification')[0];
    seen(new DOMParser().parseFromString(notification.textContent, 'text/xml'), message);
    return true;
  }, namespace, 'message');
}

/** The whole scene on a connection to `address`. */
export async function play(address, agent, extension) {
  Strophe.setLogLevel(Strophe.LogLevel.WARN);
  const connection = new Strophe.Connection(address);
  const waiting = [];
  const updates = [];
  watch(connection, (update, message) => {
    check(message.getAttribute('from') === ready.pubsub_domain, 'the message is from the pubsub service');
    updates.push(update);
    for (const look of waiting) look();
  });
  // Waits for the update with that state.
  const state = (wanted) =>
    within(15_000, `the event ${wanted}`, new Promise((resolve) => {
      const look = () => {
        const found = updates.find((update) => text(update, 'state') === wanted);
        if (found) resolve(found);
      };
      waiting.push(look);
      look();
    }));

  await within(15_000, 'Strophe connects', connect(connection, agent));
  check(true, 'Strophe is connected');
  const service = new Promise((resolve) => {
    connection.addHandler(resolve, null, 'presence', null, null, `finesse@${ready.domain}`, { matchBareFromJid: true });
  });
  connection.send($pres());
  await within(10_000, 'presence of the web service', service);
  check(true, 'the web service is present');

  await putUser(agent, `<User><state>LOGIN</state><extension>${extension}</extension></User>`, 'sign-in-1');
  const signedIn = await state('NOT_READY');
  check(text(signedIn, 'requestId') === 'sign-in-1', 'the event repeats the requestId');
  check(text(signedIn, 'source') === `/finesse/api/User/${agent}`, 'the event names its source');
  check(text(signedIn, 'extension') === extension, 'the event has the extension');

  await cti(agent, extension, 'READY');
  const onThePhone = await state('READY');
  check(text(onThePhone, 'requestId') === '', 'nobody asked the web service for this one');

  const gone = new Promise((resolve) => {
    connection.connect_callback = (status) => status === Strophe.Status.DISCONNECTED && resolve();
  });
  connection.disconnect('done');
  await within(10_000, 'Strophe disconnects', gone);
  check(true, 'Strophe is disconnected');
}
