// An administrator's program: it makes an object, takes its address from `Location`, reads it there, changes it and takes it
// away; it lists users and teams.

import axios from 'axios';
import { check, password, ready, scene } from './finesse.mjs';
import { api, text } from './program.mjs';

const web = axios.create({
  baseURL: api,
  auth: { username: 'administrator', password },
  proxy: false,
  headers: { 'Content-Type': 'application/xml' },
});
const host = new URL(ready.rest).origin;

/** What was made, read from where it is said to be: only the path counts, since the host may be another one's name. */
async function createAndGet(path, body) {
  const made = await web.post(path, body);
  check(made.status === 200 && made.data === '', `${path}: 200 without a body`);
  const at = new URL(made.headers.location, host).pathname;
  return { at, body: (await web.get(at, { baseURL: host })).data };
}

scene(async () => {
  const users = (await web.get('/Users')).data;
  check(users.startsWith('<Users><User>') && (users.match(/<loginId>/g) ?? []).length > 20, 'everybody is listed');
  const teams = (await web.get('/Teams')).data;
  check(text(teams, 'id') === '5000', 'teams are listed');

  const reason = await createAndGet(
    '/ReasonCode/',
    '<ReasonCode><category>NOT_READY</category><code>4242</code><label>Axios &amp; co</label><forAll>false</forAll></ReasonCode>',
  );
  check(reason.body.includes('<label>Axios &amp; co</label>') && text(reason.body, 'uri') === reason.at, 'a reason code is what was sent');
  const team = `<ReasonCodes><ReasonCode><uri>${reason.at}</uri></ReasonCode></ReasonCodes>`;
  await web.put('/Team/5000/ReasonCodes?category=NOT_READY', team);
  const assigned = (await web.get('/Team/5000/ReasonCodes?category=NOT_READY')).data;
  check(assigned.includes(reason.at), 'the team has it');
  await web.put('/Team/5000/ReasonCodes?category=NOT_READY', '<ReasonCodes></ReasonCodes>');
  await web.delete(reason.at, { baseURL: host });
  const gone = await web.get(reason.at, { baseURL: host, validateStatus: () => true });
  check(gone.status === 404 && text(gone.data, 'ErrorType') === 'Not Found', 'what is taken away is not found');

  const book = await createAndGet('/PhoneBook', '<PhoneBook><name>Axios</name><type>GLOBAL</type></PhoneBook>');
  const contact = await createAndGet(
    `${book.at.replace('/finesse/api', '')}/Contact`,
    '<Contact><firstName>Desk</firstName><lastName>1</lastName><phoneNumber>5550101</phoneNumber><description/></Contact>',
  );
  check(text(contact.body, 'phoneNumber') === '5550101', 'a contact is what was sent');
  const again = await web.post('/PhoneBook', '<PhoneBook><name>Axios</name><type>GLOBAL</type></PhoneBook>', { validateStatus: () => true });
  check(again.status === 400 && /<ApiErrors><ApiError>/.test(again.data), 'a second one of that name is refused with a reason');
  await web.delete(book.at, { baseURL: host });
});
