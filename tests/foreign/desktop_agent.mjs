// What administrators make and agents use: the phone book, the layout of call data, wrap-up reasons; beside them queues, what the
// team is told, and previews of outbound calls.

import { choose, element, focusIs, inBrowser, picture, press, showsState, signIn } from './browser.mjs';
import { configure } from './configured.mjs';
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
  await focusIs(page, 'call-number');
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
  // while something else is under way nothing can be chosen
  await page.locator('[data-testid="wrap-up"]:not([readonly])').first().focus(WAIT);
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

/** A customer whom the dialer calls for the agent: what was reached is told, and a callback is arranged and taken back. */
async function outbound(page) {
  await simulate(`offer 5551236 to ${AGENT} campaign Autumn directly`);
  await press(page, 'ACCEPT');
  await page.locator('[data-testid="call"][data-state="ACTIVE"]').filter({ hasText: '5551236' }).waitFor(WAIT);
  check((await element(page, 'call-CANCEL_SCHEDULED_CALLBACK').count()) === 0, 'there is no callback to take back');
  await press(page, 'RECLASSIFY');
  await element(page, 'reached-VOICE').click();
  await press(page, 'UPDATE_SCHEDULED_CALLBACK');
  await element(page, 'callback-time').fill('2031-03-07T14:30');
  await element(page, 'callback-number').fill('555 01 77');
  await element(page, 'callback-save').click();
  await shows(page, 'call-callback', /Mar 7, 2031, 2:30\sPM at 5550177/);
  const dialogs = await (await ask(AGENT, 'GET', `User/${AGENT}/Dialogs`)).text();
  const told = ['<outboundClassification>VOICE<', '<callbackNumber>5550177<', '<callbackTime>2031-03-07T14:30<'];
  check(told.every((part) => dialogs.includes(part)), 'the web service says the same');
  await press(page, 'RECLASSIFY');
  await page.locator('[data-testid="reached-VOICE"][aria-checked="true"]').waitFor(WAIT);
  await page.keyboard.press('Escape');
  await picture(page, 'desktop-callback');
  await press(page, 'CANCEL_SCHEDULED_CALLBACK');
  await gone(page, 'call-callback');
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
    await showsState(page, 'READY');
    await outbound(page);
    await choose(page, 'NOT_READY-2');
    await shows(page, 'agent-reason', 'Lunch');
    await element(page, 'sign-out').click();
    await element(page, 'sign-out-5').click();
    await element(page, 'login-id').waitFor(WAIT);
  });
});
