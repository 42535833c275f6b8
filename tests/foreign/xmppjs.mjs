// @xmpp/client over WebSocket with TLS, then over TCP with STARTTLS: signs in, sees a state change asked for through the
// web service, answers for itself, goes.

import { client, xml } from '@xmpp/client';
import WebSocket from 'ws';
import { check, password, putUser, ready, scene, within } from './finesse.mjs';

// Node 20 has none of its own.
globalThis.WebSocket ??= WebSocket;

/** Signs in over `service` and plays. */
async function play(service, agent, extension) {
  const xmpp = client({ service, domain: ready.domain, resource: 'xmppjs', username: agent, password });
  // its two seconds are short for a machine that compiles beside it
  xmpp.timeout = 20_000;
  const faults = [];
  xmpp.on('error', (error) => faults.push(error));
  const updates = [];
  const waiting = [];
  xmpp.on('stanza', (stanza) => {
    const notification = stanza.getChild('event')?.getChild('items')?.getChild('item')?.getChild('notification');
    if (notification) updates.push(notification.text());
    for (const look of waiting) look();
  });
  const update = (...words) =>
    within(15_000, `an event with ${words}`, new Promise((resolve) => {
      const look = () => updates.some((text) => words.every((word) => text.includes(word))) && resolve();
      waiting.push(look);
      look();
    }));

  const address = await within(15_000, 'xmpp.js is online', xmpp.start());
  check(address.toString() === `${agent}@${ready.domain}/xmppjs`, `xmpp.js is online as ${address}`);
  await xmpp.send(xml('presence'));
  const pong = await xmpp.iqCaller.request(xml('iq', { type: 'get' }, xml('ping', 'urn:xmpp:ping')), 10_000);
  check(pong.attrs.type === 'result', 'the server answers a ping');

  await putUser(agent, `<User><state>LOGIN</state><extension>${extension}</extension></User>`, `sign-in-${agent}`);
  await update('<state>NOT_READY</state>', `sign-in-${agent}`);
  check(true, 'xmpp.js sees the sign-in');

  await within(10_000, 'xmpp.js is offline', xmpp.stop());
  check(faults.length === 0, `nothing went wrong on the way: ${faults}`);
}

scene(async () => {
  await play(ready.ws, '1001006', '2006');
  await play(`xmpp://${ready.xmpp_tcp}`, '1001007', '2007');
});
