// A library for gadgets: every GET has a `nocache`, every other request an id, by which its callback finds the event or the
// error; collections know their events by the exact source; client logs succeed by an event.

import { check, ready, scene } from './finesse.mjs';
import { api, basic, phones, text, withXmppjs } from './program.mjs';

const [user, extension] = ['1001008', '2008'];
const own = `/finesse/api/User/${user}`;

/** As the library asks; answers with the event of the same request id, or with the error. */
async function request(events, method, path, content, as = user) {
  const requestId = crypto.randomUUID();
  const headers = { authorization: basic(as), 'content-type': 'application/xml', requestId };
  const answer = await fetch(`${api}${path}`, { method, headers, body: content });
  if (answer.status !== 202) {
    check(answer.headers.get('requestid') === requestId, `${answer.status} to ${method} ${path} names the request`);
    return { status: answer.status, update: await answer.text() };
  }
  const update = await events.event(`<requestId>${requestId}</requestId>`);
  // an error comes with 202 too, and is one all the same
  return { status: update.includes('<apiErrors>') ? 400 : 202, update };
}

const get = async (path, as = user) => {
  const url = `${api}${path}${path.includes('?') ? '&' : '?'}nocache=${Date.now()}`;
  const answer = await fetch(url, { headers: { authorization: basic(as) } });
  check(answer.status === 200, `GET ${path}`);
  return answer.text();
};
const action = (name, more = '') =>
  `<Dialog><requestedAction>${name}</requestedAction><targetMediaAddress>${extension}</targetMediaAddress>${more}</Dialog>`;

async function lists() {
  for (const [path, root] of [
    [`/User/${user}/ReasonCodes?category=NOT_READY`, '<ReasonCodes category="NOT_READY">'],
    [`/User/${user}/ReasonCodes?category=LOGOUT`, '<ReasonCodes category="LOGOUT">'],
    [`/User/${user}/WrapUpReasons`, '<WrapUpReasons'],
    [`/User/${user}/PhoneBooks`, '<PhoneBooks'],
    [`/User/${user}/Workflows`, '<Workflows'],
    [`/User/${user}/MediaPropertiesLayout`, '<MediaPropertiesLayout'],
    [`/User/${user}/Queues`, '<Queues>'],
    [`/User/${user}/Dialogs`, '<Dialogs>'],
  ]) check((await get(path)).startsWith(root), `${path} begins with ${root}`);
  check((await get('/LayoutConfig/default', 'administrator')).startsWith('<LayoutConfig>'), 'the layout is there');
}

async function clientLog(events) {
  const { xmpp, xml } = events;
  const subscribe = xml('pubsub', { xmlns: 'http://jabber.org/protocol/pubsub' }, xml('subscribe', { node: `${own}/ClientLog`, jid: `${user}@${ready.domain}` }));
  const answer = await xmpp.iqCaller.request(xml('iq', { type: 'set', to: ready.pubsub_domain }, subscribe), 10_000);
  check(answer.attrs.type === 'result', 'the library subscribes to client logs');
  const sent = await request(events, 'POST', `/User/${user}/ClientLog`, '<ClientLog><logData>a line &lt;1&gt;</logData></ClientLog>');
  check(sent.status === 202 && text(sent.update, 'event') === 'POST', 'the event says that the log has arrived');
  const empty = await request(events, 'POST', `/User/${user}/ClientLog`, '<ClientLog><logData></logData></ClientLog>');
  check(empty.status === 400 && text(empty.update, 'ErrorType') === 'Parameter Missing', 'an empty one is refused at once');
}

async function calls(events) {
  await phones(`ring ${user}`);
  const offered = await events.event(`<source>${own}/Dialogs</source>`, '<event>POST</event>');
  const id = text(offered, 'id');
  check((await request(events, 'PUT', `/Dialog/${id}`, action('ANSWER'))).status === 202, 'answered');
  const keys = '<actionParams><ActionParam><name>dtmfString</name><value>12#</value></ActionParam></actionParams>';
  const pressed = await fetch(`${api}/Dialog/${id}`, {
    method: 'PUT',
    headers: { authorization: basic(user), 'content-type': 'application/xml', requestId: crypto.randomUUID() },
    body: action('SEND_DTMF', keys),
  });
  check(pressed.status === 202, 'keys are pressed');
  const wrong = await request(events, 'PUT', `/Dialog/${id}`, action('RETRIEVE'));
  check(wrong.status === 400, 'what is not held is not retrieved');
  const data = '<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties><wrapUpReason>Sold</wrapUpReason></mediaProperties></Dialog>';
  const updated = await request(events, 'PUT', `/Dialog/${id}`, data);
  check(updated.update.includes('<wrapUpReason>Sold</wrapUpReason>'), 'the wrap-up reason is told with the request');
  check((await request(events, 'PUT', `/Dialog/${id}`, action('DROP'))).status === 202, 'dropped');
}

scene(async () => {
  const events = await withXmppjs(ready.ws, user, 'desktop');
  const signedIn = await request(events, 'PUT', `/User/${user}`, `<User><state>LOGIN</state><extension>${extension}</extension></User>`);
  check(signedIn.status === 202 && text(signedIn.update, 'source') === own, 'the callback of the sign-in has the user');
  const ready_ = await request(events, 'PUT', `/User/${user}`, '<User><state>READY</state></User>');
  check(ready_.update.includes('<state>READY</state>'), 'the callback of the change has the state');
  const wrong = await request(events, 'PUT', `/User/${user}`, '<User><state>DANCING</state></User>');
  check(wrong.status === 400 && text(wrong.update, 'ErrorType') === 'Invalid Input', 'a state that there is not');
  await lists();
  await clientLog(events);
  await calls(events);
  await events.xmpp.stop();
});
