// What administrators make and agents use: the phone book, the layout of call data, wrap-up reasons; beside them queues, what the
// team is told, and previews of outbound calls.

import { choose, element, inBrowser, picture, press, showsState, signIn } from './browser.mjs';
import { ask, check, ready, scene, simulate } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';

const AGENT = '1001001';
const WAIT = { timeout: 20_000 };

/** Waits until something with that id and text is seen. */
const shows = async (page, id, text) => {
  await element(page, id).filter({ hasText: text }).first().waitFor(WAIT);
  console.log(`ok: ${id} says '${text}'`);
};
const gone = (page, id) => element(page, id).first().waitFor({ ...WAIT, state: 'detached' });

const entry = (label, property, editable = false) =>
  `<entry><displayName>${label}</displayName><mediaProperty>${property}</mediaProperty><uiEditable>${editable}</uiEditable></entry>`;

async function configure() {
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

/** The call of a queue comes with its data, laid out as the administrator wants it. */
async function takeCall(page) {
  await simulate('call from 5551001 to Support var1=gold var2="Customer 1" var3=Paris user.order=A-7');
  await shows(page, 'queue-waiting-1', '1 waiting');
  await choose(page, 'READY');
  await press(page, 'ANSWER');
  await showsState(page, 'TALKING');
  await shows(page, 'call-variable-callVariable1', 'gold');
  await shows(page, 'call-variable-user.order', 'A-7');
  await shows(page, 'queue-waiting-1', '0 waiting');

  await element(page, 'call-data-edit').click();
  await element(page, 'call-data-callVariable3').fill('Lyon');
  await element(page, 'call-data-user.order').fill('B-8');
  await inspect(page, 'call-data');
  await element(page, 'call-data-save').click();
  await shows(page, 'call-variable-callVariable3', 'Lyon');
  await shows(page, 'call-variable-user.order', 'B-8');
}

/** A contact is found by a part of the name, with keys alone, and consulted. */
async function consultContact(page) {
  await press(page, 'CONSULT_CALL');
  await page.keyboard.type('mill');
  await shows(page, 'call-number-option', 'Paper Mill');
  await picture(page, 'desktop-phone-book');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="call"][data-state="ACTIVE"]').filter({ hasText: '5550111' }).waitFor(WAIT);
  check((await element(page, 'call').count()) === 2, 'there are two calls at once');
  await inspect(page, 'two-calls');
  await page.locator('[data-state="ACTIVE"] [data-testid="call-DROP"]:enabled').click(WAIT);
  await press(page, 'RETRIEVE');
  await showsState(page, 'TALKING');
}

/** Several reasons, chosen during the call and in the wrap-up, which says how long it lasts. */
async function wrapUp(page) {
  await simulate(`wrap-up ${AGENT} 300s`);
  await element(page, 'wrap-up').first().focus();
  await page.keyboard.type('ord');
  await page.keyboard.press('Enter');
  await shows(page, 'wrap-up-given', 'Order');
  await page.locator('[data-testid="call-DROP"]:enabled').click(WAIT);
  await page.locator('[data-testid="agent-state"][data-state^="WORK"]').waitFor(WAIT);
  await shows(page, 'wrap-up-left', /[2-5]:\d\d/);
  await element(page, 'wrap-up-list').click();
  await element(page, 'wrap-up-option').filter({ hasText: 'Call back' }).click();
  await shows(page, 'wrap-up-given', 'Call back');
  check((await element(page, 'wrap-up-given').count()) === 2, 'two reasons are kept');
  await picture(page, 'desktop-wrap-up');
  await simulate('wrap-up everybody off');
  await choose(page, 'READY');
  await showsState(page, 'READY');
  await gone(page, 'call');
}

/** One record is let go, the next one taken: its customer answers. */
async function preview(page) {
  await simulate('ring time 600s');
  await simulate(`offer 5551234 to ${AGENT} campaign Spring`);
  await shows(page, 'call-variable-BACampaign', 'Spring');
  await teamMessages(page);
  await press(page, 'REJECT');
  await gone(page, 'call');
  await showsState(page, 'READY');
  await simulate(`offer 5551235 to ${AGENT} campaign Spring`);
  await press(page, 'ACCEPT');
  await page.locator('[data-testid="call"][data-state="ACTIVE"]').filter({ hasText: '5551235' }).waitFor(WAIT);
  await showsState(page, 'TALKING');
  await press(page, 'DROP');
  await gone(page, 'call');
}

async function teamMessages(page) {
  const said = '<b>Line 3</b> is down';
  const body = `<TeamMessage><duration>600</duration><content>${said.replaceAll('<', '&lt;')}</content><teams><team>5000</team></teams></TeamMessage>`;
  const message = await ask('1900001', 'POST', 'TeamMessage', body);
  await shows(page, 'team-news-line', said);
  await inspect(page, 'preview');
  await element(page, 'team-news-read').click();
  await shows(page, 'team-news-old', '1');
  const path = new URL(message.headers.get('location'), ready.rest).pathname.replace('/finesse/api/', '');
  await ask('1900001', 'DELETE', path);
  await gone(page, 'team-news');
}

scene(async () => {
  await configure();
  await inBrowser(ready.rest_plain, 'desktop-agent', async (page) => {
    await bringAxe(page);
    await signIn(page, AGENT, '2001');
    await takeCall(page);
    await consultContact(page);
    await wrapUp(page);
    await preview(page);
    await choose(page, 'NOT_READY-2');
    await shows(page, 'agent-reason', 'Lunch');
    await element(page, 'sign-out').click();
    await element(page, 'sign-out-5').click();
    await element(page, 'login-id').waitFor(WAIT);
  });
});
