// A program between a telephone integration and a customer database: it asks for permission to send each body, walks
// events by their depth, looks for literal texts, and completes what it consults.

import { DOMParser } from '@xmldom/xmldom';
import axios from 'axios';
import { check, password, ready, scene } from './finesse.mjs';
import { api, phones, text, withStrophe } from './program.mjs';
import { XMLHttpRequest } from './xmlhttprequest.mjs';

globalThis.XMLHttpRequest = XMLHttpRequest;

const [user, extension] = ['1001009', '2009'];
const web = axios.create({
  baseURL: api,
  auth: { username: user, password },
  proxy: false,
  // what .NET does before each body
  headers: { 'Content-Type': 'application/xml', Expect: '100-continue' },
  validateStatus: () => true,
});
const put = async (path, body) => {
  const answer = await web.put(path, body);
  check(answer.status === 202 && answer.headers['content-length'] === '0', `202 and its length for ${body.slice(0, 60)}`);
};
const act = (id, action, more = '') =>
  put(`/Dialog/${id}`, `<Dialog>\n  <targetMediaAddress>${extension}</targetMediaAddress>\n  ${more}<requestedAction>${action}</requestedAction >\n</Dialog>`);

/** Throws, as the program does, if one of the children is missing. */
function demand(document, names, what) {
  for (const name of names) if (!new RegExp(`<${name}[ />]`).test(document)) check(false, `${name} of ${what} is there`);
}

async function consult(events) {
  await phones(`ring ${user}`);
  const first = text(await events.event('<dialogs>', '<event>POST</event>'), 'id');
  await act(first, 'ANSWER');
  await events.event('<dialog>', `<id>${first}</id>`, '<action>CONSULT_CALL</action>');
  const shown = (await web.get(`/User/${user}/Dialogs`)).data;
  check(shown.includes('<Dialogs>') && shown.includes('</Dialogs>'), 'the list has its literal tags');
  demand(shown, ['associatedDialogUri', 'fromAddress', 'id', 'mediaType', 'state', 'toAddress', 'uri', 'DNIS', 'callType', 'dialedNumber', 'outboundClassification', 'mediaAddress', 'mediaAddressType', 'startTime', 'stateCause', 'stateChangeTime'], 'the dialog');
  await act(first, 'SEND_DTMF', '<actionParams><ActionParam><name>dtmfString</name><value>7</value></ActionParam></actionParams>');
  await act(first, 'CONSULT_CALL', '<toAddress>5550142</toAddress>');
  const second = text(await events.event('<dialogs>', '<event>POST</event>', '<toAddress>5550142</toAddress>'), 'id');
  await events.event(`<id>${first}</id>`, '<action>CONFERENCE</action>');
  // it names whom it consults once more
  await act(first, 'CONFERENCE', '<toAddress>5550142</toAddress>');
  await events.event('<callType>CONFERENCE</callType>');
  await events.event('<event>DELETE</event>', `<id>${second}</id>`);
  check(true, 'the consultation becomes a conference');
  const left = text((await web.get(`/User/${user}/Dialogs`)).data, 'id');
  await act(left, 'DROP');
  await events.event('<event>DELETE</event>', `<id>${left}</id>`);
}

scene(async () => {
  const events = await withStrophe(ready.bosh, user, 'cisco');
  await put(`/User/${user}`, '<User><state>LOGIN</state><extension>31999</extension></User>');
  const refused = await events.event('<apiErrors>');
  check(text(refused, 'errorType') === 'Invalid Device', 'a wrong extension is told in the word that makes it disconnect');
  await put(`/User/${user}`, `<User><extension>${extension}</extension><state>LOGIN</state></User>`);
  const signedIn = await events.event('<user>', '<state>NOT_READY</state>');
  const update = new DOMParser().parseFromString(signedIn, 'text/xml').documentElement;
  const at = (node, name) => Array.from(node.childNodes).find((child) => child.nodeName === name);
  check(at(at(at(update, 'data'), 'user'), 'state').textContent === 'NOT_READY', 'the state is found at its depth');
  const me = (await web.get(`/User/${user}`)).data;
  demand(me, ['loginName', 'firstName', 'lastName', 'teamId', 'teamName', 'state', 'stateChangeTime', 'pendingState', 'wrapUpOnIncoming'], 'the user');
  const reasons = (await web.get(`/User/${user}/ReasonCodes?category=NOT_READY`)).data;
  demand(reasons, ['uri', 'category', 'code', 'label', 'forAll'], 'reason codes');
  const id = /<uri>[^<]*\/(\d+)<\/uri>/.exec(reasons)[1];
  await put(`/User/${user}`, `<User><state>NOT_READY</state><reasonCodeId>${id}</reasonCodeId></User>`);
  check((await events.event(`<reasonCodeId>${id}</reasonCodeId>`)).includes('<reasonCode>'), 'the reason is in the event');
  const queues = (await web.get(`/User/${user}/Queues`)).data;
  check(queues.includes('<Queues>') && queues.includes('</Queues>'), 'queues have their literal tags');
  await consult(events);
  events.connection.disconnect();
});
