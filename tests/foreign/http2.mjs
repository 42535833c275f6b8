// Node's HTTP/2 client: many BOSH sessions, each with its parked poll, on one connection.

import { connect } from 'node:http2';
import { check, password, ready, scene, within } from './finesse.mjs';

const namespace = 'http://jabber.org/protocol/httpbind';
const sessions = 50;

/** Sends one request; `end` resolves with its answer. */
function post(client, body, headers = {}) {
  const stream = client.request({ ':method': 'POST', ':path': '/http-bind/', 'content-type': 'text/xml', ...headers });
  const answered = new Promise((resolve, reject) => {
    let text = '';
    let received;
    stream.setEncoding('utf8');
    stream.on('response', (head) => {
      received = head;
    });
    stream.on('data', (part) => {
      text += part;
    });
    stream.on('end', () => resolve({ status: received?.[':status'], text }));
    stream.on('error', reject);
  });
  stream.end(body);
  return { stream, answered };
}

const attribute = (text, name) => new RegExp(` ${name}=['"]([^'"]*)`).exec(text)?.[1];

scene(async () => {
  const address = new URL(ready.bosh);
  const client = connect(address.origin);
  client.on('error', (error) => console.log(`the connection: ${error}`));
  const settings = new Promise((resolve) => client.once('remoteSettings', resolve));
  await within(10_000, 'an HTTP/2 connection', new Promise((resolve) => client.once('connect', resolve)));
  check(client.alpnProtocol === 'h2', `HTTP/2 was negotiated: ${client.alpnProtocol}`);
  const { maxConcurrentStreams } = await within(10_000, "the server's settings", settings);
  check(maxConcurrentStreams === 123, `as many requests at one time as the operator has set: ${maxConcurrentStreams}`);

  const open = async (rid) => {
    const body = `<body xmlns='${namespace}' rid='${rid}' to='${ready.domain}' wait='60' hold='1' ver='1.11' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>`;
    const { status, text } = await post(client, body).answered;
    if (status !== 200 || !attribute(text, 'sid')) throw new Error(`FAILED: no session: ${status} ${text}`);
    return { sid: attribute(text, 'sid'), rid };
  };
  const all = await within(20_000, `${sessions} sessions`, Promise.all([...Array(sessions).keys()].map((n) => open(1000 + n))));
  check(new Set(all.map(({ sid }) => sid)).size === sessions, `${sessions} sessions on one connection`);

  const parked = all.map(({ sid, rid }) => post(client, `<body xmlns='${namespace}' sid='${sid}' rid='${rid + 1}'/>`));
  const [first] = all;
  const plain = Buffer.from(`\0${'1001001'}\0${password}`).toString('base64');
  const auth = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`;
  post(client, `<body xmlns='${namespace}' sid='${first.sid}' rid='${first.rid + 2}'>${auth}</body>`);
  const answer = await within(10_000, 'the parked poll is released by the next request', parked[0].answered);
  check(answer.status === 200, `its status: ${answer.status} ${answer.text}`);

  parked[1].stream.close();
  const gone = post(client, `<body xmlns='${namespace}' type='terminate' sid='${all[1].sid}' rid='${all[1].rid + 2}'/>`);
  const end = await within(10_000, 'a session whose stream was reset still answers', gone.answered);
  check(end.status === 200, `its status: ${end.status}`);
  client.destroy();
});
