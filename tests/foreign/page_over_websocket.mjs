// A page over WebSocket whose resource is its extension: it pings the server all the time, and takes what rings.

import { $iq } from 'strophe.js';
import { check, ready, scene, within } from './finesse.mjs';
import { api, basic, phones, text, withStrophe } from './program.mjs';

const [user, extension] = ['1001005', '2005'];
const headers = { authorization: basic(user), 'content-type': 'application/xml' };
const put = async (path, body) => {
  const answer = await fetch(`${api}${path}`, { method: 'PUT', headers, body });
  check(answer.status === 202, `202 for ${text(body, 'requestedAction') ?? text(body, 'state')}`);
};
const act = (id, action) =>
  put(`/Dialog/${id}`, `<Dialog><targetMediaAddress>${extension}</targetMediaAddress><requestedAction>${action}</requestedAction></Dialog>`);

scene(async () => {
  const events = await withStrophe(ready.ws, user, extension);
  const pong = () => new Promise((resolve, reject) => {
    events.connection.sendIQ($iq({ to: ready.domain, type: 'get' }).c('ping', { xmlns: 'urn:xmpp:ping' }), resolve, reject);
  });
  await within(10_000, 'an answer to the ping', pong());
  check(true, 'the server answers pings');
  await put(`/User/${user}`, `<User><state>LOGIN</state><extension>${extension}</extension></User>`);
  await events.event('<user>', '<state>NOT_READY</state>');
  await put(`/User/${user}`, '<User><state>READY</state></User>');
  await events.event('<user>', '<state>READY</state>');

  await phones(`ring ${user}`);
  const offered = await events.event('<dialogs>', '<event>POST</event>', '<action>ANSWER</action>');
  const id = text(offered, 'id');
  check(text(offered, 'source') === `/finesse/api/User/${user}/Dialogs`, 'the call comes to the list of dialogs');
  await act(id, 'ANSWER');
  await events.event('<dialog>', '<action>HOLD</action>');
  await events.event('<user>', '<state>TALKING</state>');
  await act(id, 'HOLD');
  await events.event('<dialog>', '<action>RETRIEVE</action>');
  await within(10_000, 'an answer to the ping', pong());
  await act(id, 'RETRIEVE');
  await events.event('<dialog>', '<action>HOLD</action>', '<state>ACTIVE</state>');
  await act(id, 'DROP');
  await events.event('<dialogs>', '<event>DELETE</event>', `<id>${id}</id>`);
  const dialogs = await (await fetch(`${api}/User/${user}/Dialogs`, { headers })).text();
  check(dialogs === '<Dialogs></Dialogs>', 'and nothing is left');
  events.connection.disconnect();
});
