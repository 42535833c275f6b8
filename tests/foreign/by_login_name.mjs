// A program that knows people by loginName, names its requests in a header of its own spelling, and binds no resource.

import axios from 'axios';
import https from 'node:https';
import { check, password, ready, scene } from './finesse.mjs';
import { api, text, withXmppjs } from './program.mjs';

const agent = new https.Agent({ keepAlive: true });
const web = axios.create({
  baseURL: api,
  auth: { username: 'agent6', password },
  httpsAgent: agent,
  proxy: false,
  headers: { 'Content-Type': 'application/xml' },
  validateStatus: () => true,
});
const put = (state, id, more = '') =>
  web.put('/User/1001006', `<User><state>${state}</state>${more}</User>`, { headers: { RequestId: id } });

scene(async () => {
  const me = await web.get('/User/agent6');
  check(me.status === 200 && text(me.data, 'loginId') === '1001006', 'a user is found by loginName');
  const events = await withXmppjs(ready.ws, text(me.data, 'loginId'), '');
  check(events.address.resource.length > 0, 'the server makes a resource');

  check((await put('LOGIN', 'a-1', '<extension>2006</extension>')).status === 202, 'signing in is taken');
  const signedIn = await events.event('<requestId>a-1</requestId>', '<user>');
  // all of them are read, in this order, into fields
  const order = ['dialogs', 'extension', 'firstName', 'lastName', 'loginId', 'loginName', 'mediaType', 'pendingState'];
  const places = order.map((name) => signedIn.indexOf(`<${name}>`));
  check(places.every((place, at) => place > (places[at - 1] ?? -1)), 'elements come in alphabetical order');
  check((await put('READY', 'a-2')).status === 202, 'ready is taken');
  check(!(await events.event('<requestId>a-2</requestId>')).includes('reasonCodeId'), 'who is ready has no reason');
  check((await put('NOT_READY', 'a-3', '<reasonCodeId>1</reasonCodeId>')).status === 202, 'a reason is taken');
  const break_ = await events.event('<requestId>a-3</requestId>');
  check(text(break_, 'reasonCodeId') === '1' && text(break_, 'event') === 'PUT', 'the event has the reason');

  // out of order: refused by the phone system, told as an error with the request's name
  check((await put('LOGIN', 'a-4', '<extension>9999</extension>')).status === 202, 'a device that is not there is taken first');
  const error = await events.event('<requestId>a-4</requestId>');
  check(text(error, 'errorType') !== undefined && text(error, 'errorData') !== undefined, `then refused: ${text(error, 'errorType')}`);
  check((await put('LOGOUT', 'a-5')).status === 202, 'signing out is taken');
  check(text(await events.event('<requestId>a-5</requestId>'), 'state') === 'LOGOUT', 'and happens');
  await events.xmpp.stop();
});
