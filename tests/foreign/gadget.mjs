// Gadgets in a page that somebody else made: one that shows the customer of a call and a phone book, and one that handles
// chats, which is signed in to a media routing domain and works on tasks.

import axios from 'axios';
import { check, password, ready, scene } from './finesse.mjs';
import { api, phones, text, withXmppjs } from './program.mjs';

const user = '1001007';
const as = (username) =>
  axios.create({
    baseURL: api,
    auth: { username, password },
    proxy: false,
    headers: { 'Content-Type': 'application/xml' },
    validateStatus: () => true,
  });
const web = as(user);
const administrator = as('administrator');
const get = async (path) => (await web.get(`${path}?nocache=${Date.now()}`)).data;
const put = async (path, body) => {
  const answer = await web.put(path, body, { headers: { requestId: crypto.randomUUID() } });
  check(answer.status === 202, `202 for ${body.slice(0, 70)}`);
};

async function callData(events) {
  await put(`/User/${user}`, '<User><state>LOGIN</state><extension>2007</extension></User>');
  await events.event('<user>', '<state>NOT_READY</state>');
  await phones(`ring ${user}`);
  const id = text(await events.event('<dialogs>', '<event>POST</event>'), 'id');
  await put(`/Dialog/${id}`, '<Dialog><requestedAction>ANSWER</requestedAction><targetMediaAddress>2007</targetMediaAddress></Dialog>');
  await events.event('<dialog>', '<action>UPDATE_CALL_DATA</action>');
  const data = '<mediaProperties><callvariables><CallVariable><name>callVariable3</name><value>gold &amp; blue</value></CallVariable></callvariables></mediaProperties>';
  await put(`/Dialog/${id}`, `<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction>${data}</Dialog>`);
  await events.event('<dialog>', '<value>gold &amp; blue</value>');
  check(true, 'the gadget sees its call data come back');
  await put(`/Dialog/${id}`, '<Dialog><requestedAction>DROP</requestedAction><targetMediaAddress>2007</targetMediaAddress></Dialog>');
  await events.event('<dialogs>', '<event>DELETE</event>');
  const books = await web.get(`/User/${user}/PhoneBooks`, { headers: { Range: 'objects=1-1500' } });
  check([200, 206].includes(books.status) && books.data.startsWith('<PhoneBooks>'), 'the phone books are there');
}

/** One chat from the offer to its end, by the buttons that the dialog's actions enable. */
async function work(events, task, presses) {
  for (const [button, state] of presses) {
    const seen = await get(`/Dialog/${task}`);
    check(seen.includes(`<action>${button}</action>`), `${button} is enabled`);
    await put(`/Dialog/${task}`, `<Dialog><requestedAction>${button}</requestedAction></Dialog>`);
    const changed = await events.event(`<source>/finesse/api/Dialog/${task}</source>`);
    check(text(changed.split('</participants>')[1], 'state') === state, `then it is ${state}`);
  }
}

async function tasks(events) {
  const media = `/User/${user}/Media/5001`;
  const list = await get(`/User/${user}/Media`);
  check(list.startsWith('<MediaList><Media>') && list.includes('<state>LOGOUT</state>'), 'the gadget shows its sign-in');
  const terms = '<maxDialogLimit>3</maxDialogLimit><interruptAction>ACCEPT</interruptAction><dialogLogoutAction>TRANSFER</dialogLogoutAction>';
  await put(media, `<Media>${terms}<state>LOGIN</state></Media>`);
  const mine = `<source>/finesse/api${media}</source>`;
  await events.event(mine, '<media>', '<state>NOT_READY</state>');
  await put(media, `<Media>${terms}<state>LOGIN</state></Media>`);
  const twice = await events.event(mine, '<apiErrors>');
  check(twice.includes('E_ARM_STAT_AGENT_ALREADY_LOGGED_IN') && text(twice, 'errorMedia') === '5001', 'a second sign-in is told as the error that gadgets know');
  await put(media, '<Media><state>READY</state></Media>');
  await events.event(mine, '<state>READY</state>');

  const brought = await administrator.post('/MediaDomain/5001/Tasks', '<Task><callvariables><CallVariable><name>POD.ID</name><value>pod-7</value></CallVariable></callvariables></Task>');
  check(brought.status === 200, 'a chat server brings a task');
  const offered = await events.event(`<source>/finesse/api${media}/Dialogs</source>`, '<event>POST</event>');
  const task = text(offered, 'id');
  check(task.includes('_') && text(offered, 'mediaId') === '5001' && offered.includes('<value>pod-7</value>'), `it is offered as ${task}`);
  await events.event(mine, '<state>RESERVED</state>');
  await work(events, task, [['ACCEPT', 'ACCEPTED'], ['START', 'ACTIVE'], ['PAUSE', 'PAUSED'], ['RESUME', 'ACTIVE'], ['WRAP_UP', 'WRAPPING_UP']]);
  await put(`/Dialog/${task}`, '<Dialog><requestedAction>CLOSE</requestedAction></Dialog>');
  const closed = await events.event('<event>DELETE</event>', `<id>${task}</id>`);
  check(text(closed, 'dispositionCode') === 'CD_NORMAL_END_TASK', 'it ends as closed by the agent');

  await administrator.post('/MediaDomain/5001/Tasks', '<Task/>');
  const next = text(await events.event('<event>POST</event>', '<mediaType>Chat</mediaType>'), 'id');
  await work(events, next, [['ACCEPT', 'ACCEPTED']]);
  await put(`/Dialog/${next}`, '<Dialog><requestedAction>TRANSFER</requestedAction><target>Mail</target></Dialog>');
  await events.event('<event>DELETE</event>', `<id>${next}</id>`, 'CD_TASK_TRANSFER');
  await put('/User/1001007/Media/5002', `<Media>${terms}<state>LOGIN</state></Media>`);
  await put('/User/1001007/Media/5002', '<Media><state>READY</state></Media>');
  check((await get(`/User/${user}/Media/5002/Dialogs`)) === '<Dialogs></Dialogs>', 'who gave a task away does not get it back');
  await put(`/User/${user}`, '<User><state>LOGOUT</state><logoutAllMedia>true</logoutAllMedia></User>');
  await events.event(mine, '<state>LOGOUT</state>');
  check(true, 'the desktop signs out of all media');
}

scene(async () => {
  const events = await withXmppjs(`xmpps://${ready.xmpp_tls}`, user, 'desktop');
  await callData(events);
  await tasks(events);
  await events.xmpp.stop();
});
