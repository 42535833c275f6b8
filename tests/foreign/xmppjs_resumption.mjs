// @xmpp/client and XEP-0198, over WebSocket and over TCP: its connection is cut, things happen, and it goes on where it
// was. It sees what happened meanwhile, once and in order; another client of the same agent never sees it leave.

import { client, xml } from '@xmpp/client';
import WebSocket from 'ws';
import { check, password, putUser, ready, scene, within } from './finesse.mjs';

// Node's own cannot be cut without a farewell.
globalThis.WebSocket = WebSocket;

/** Something that comes from outside, in order. */
class Inbox {
  constructor() {
    this.all = [];
    this.look = () => {};
  }

  put(one) {
    this.all.push(one);
    this.look();
  }

  /** Waits for so many, and returns all that have come. */
  atLeast(count, what) {
    const come = new Promise((resolve) => {
      this.look = () => this.all.length >= count && resolve(this.all);
      this.look();
    });
    return within(15_000, what, come);
  }
}

/** A client of the agent: the states it is told, the messages it gets, who it sees leave. */
async function signIn(service, agent, resource) {
  const xmpp = client({ service, domain: ready.domain, resource, username: agent, password });
  // its two seconds are short for a machine that compiles beside it
  xmpp.timeout = 20_000;
  const it = { xmpp, states: new Inbox(), messages: new Inbox(), left: [], resumed: 0 };
  // a cut connection is an error of the socket
  xmpp.on('error', () => {});
  xmpp.on('stanza', (stanza) => {
    const notification = stanza.getChild('event')?.getChild('items')?.getChild('item')?.getChild('notification');
    const state = notification?.text().match(/<state>(\w+)<\/state>/)?.[1];
    if (state) it.states.put(state);
    else if (stanza.is('message')) it.messages.put(stanza.getChildText('body'));
    if (stanza.is('presence') && stanza.attrs.type === 'unavailable') it.left.push(stanza.attrs.from);
  });
  const { streamManagement } = xmpp;
  streamManagement.on('resumed', () => {
    it.resumed += 1;
  });
  await within(15_000, `${resource} is online`, xmpp.start());
  await xmpp.send(xml('presence'));
  // Not with a ping: it does not count the answers to its own requests, and so would ask for one stanza too many.
  const isEnabled = new Promise((resolve) => {
    const look = () => (streamManagement.id === '' ? setTimeout(look, 10) : resolve());
    look();
  });
  await within(10_000, `${resource} may resume`, isEnabled);
  return it;
}

/** Cuts the connection without a word. */
function cut({ xmpp }) {
  const socket = xmpp.socket.socket ?? xmpp.socket;
  if (socket.terminate) socket.terminate();
  else socket.destroy();
}

const change = (agent, state) => putUser(agent, `<User><state>${state}</state></User>`, state);

async function play(name, service, agent, extension) {
  const watcher = await signIn(`xmpp://${ready.xmpp_tcp}`, agent, 'watcher');
  const it = await signIn(service, agent, 'cut');
  await putUser(agent, `<User><state>LOGIN</state><extension>${extension}</extension></User>`, 'login');
  await it.states.atLeast(1, 'the sign-in');
  await watcher.states.atLeast(1, 'the sign-in');

  const gone = new Promise((resolve) => it.xmpp.once('disconnect', resolve));
  const back = new Promise((resolve) => it.xmpp.streamManagement.once('resumed', resolve));
  cut(it);
  await within(10_000, `${name}: the connection is cut`, gone);
  await change(agent, 'READY');
  await change(agent, 'NOT_READY');
  await watcher.xmpp.send(xml('message', { to: `${agent}@${ready.domain}/cut`, type: 'chat' }, xml('body', {}, 'while away')));
  await within(15_000, `${name}: the session goes on`, back);
  check(it.xmpp.jid.toString() === `${agent}@${ready.domain}/cut`, `${name}: under its address`);

  const missed = (await it.states.atLeast(3, 'what happened meanwhile')).join();
  check(missed === 'NOT_READY,READY,NOT_READY', `${name}: what happened meanwhile comes in order: ${missed}`);
  await it.messages.atLeast(1, 'the message');
  await change(agent, 'READY');
  const all = (await it.states.atLeast(4, 'the next change')).join();
  check(all === 'NOT_READY,READY,NOT_READY,READY', `${name}: and once: ${all}`);
  check(it.messages.all.join() === 'while away', `${name}: the message came once`);
  check(it.resumed === 1 && watcher.left.length === 0, `${name}: nobody saw it leave`);

  await within(10_000, 'both are offline', Promise.all([it.xmpp.stop(), watcher.xmpp.stop()]));
}

scene(async () => {
  await play('WebSocket', ready.ws, '1001006', '2006');
  await play('TCP', `xmpp://${ready.xmpp_tcp}`, '1001007', '2007');
});
