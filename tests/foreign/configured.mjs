// What an administrator makes for the agents of a scene: a phone book, wrap-up reasons, a layout of call data.

import { ask, ready } from './finesse.mjs';

const entry = (label, property, editable = false) =>
  `<entry><displayName>${label}</displayName><mediaProperty>${property}</mediaProperty><uiEditable>${editable}</uiEditable></entry>`;

export async function configure() {
  const admin = (...request) => ask('administrator', ...request);
  const book = await admin('POST', 'PhoneBook', '<PhoneBook><name>Suppliers</name><type>GLOBAL</type></PhoneBook>');
  const path = new URL(book.headers.get('location'), ready.rest).pathname.replace('/finesse/api/', '');
  const contacts = Array.from({ length: 3000 }, (_, n) => `Contact,${n},55${50000 + n},`);
  const file = ['First Name,Last Name,Phone Number,Notes', ...contacts, 'Paper,Mill,555-0111,until five'].join('\n');
  await admin('PUT', `${path}/Contacts/csvFileContent`, file, 'text/csv');
  for (const label of ['Order', 'Complaint', 'Call back']) {
    await admin('POST', 'WrapUpReason', `<WrapUpReason><label>${label}</label><forAll>true</forAll></WrapUpReason>`);
  }
  const columns =
    `<column>${entry('Customer', 'callVariable2')}${entry('City', 'callVariable3', true)}</column>` +
    `<column>${entry('Order', 'user.order', true)}${entry('Dialled', 'dialedNumber')}</column>`;
  const header = `<header>${entry('Level', 'callVariable1')}</header>`;
  await admin('PUT', 'MediaPropertiesLayout/1', `<MediaPropertiesLayout>${header}${columns}</MediaPropertiesLayout>`);
}
