// A day without a mouse, on a computer in another time zone: sign-in, state, calls, transfer and conference, sign-out, by keys alone;
// what changes is told to screen readers; and a call has the buttons that the web service offers, no others.

import { element, focusIs, inBrowser, open, picture, press, showsState, signIn } from './browser.mjs';
import { ask, check, password, ready, scene, simulate } from './finesse.mjs';

const AGENT = '1001001';
const CUSTOMER = '5550123';
/** Half an hour beside all others, so that nobody takes it for the server's. */
const ZONE = 'Asia/Kolkata';
const WAIT = { timeout: 20_000 };
/** A page has no more places to stop at than this. */
const STOPS_MAX = 80;

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid ?? '');

/** Goes there by the Tab key, as often as it takes. */
async function tabTo(page, id) {
  // a button that waits for an outcome is not stopped at
  await page.locator(`[data-testid="${id}"]:not(:disabled)`).first().waitFor(WAIT);
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press('Tab');
  }
  check(false, `${id} is reached by Tab`);
}

/** Enter on a button; what more there is goes to the menu that it opens. */
async function hit(page, id, ...keys) {
  await tabTo(page, id);
  await page.keyboard.press('Enter');
  if (keys.length > 0) await page.waitForFunction(() => document.activeElement?.classList.contains('menu-item'), undefined, WAIT);
  for (const key of keys) await page.keyboard.press(key);
  console.log(`ok: ${id} by keys`);
}

/** Types into the field that the focus is in, or comes to; then Enter. */
async function write(page, id, text) {
  await focusIs(page, id);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Somebody who does not see the page is told this. */
async function told(page, role, text) {
  await page.getByRole(role).filter({ hasText: text }).first().waitFor({ ...WAIT, state: 'attached' });
  console.log(`ok: told as ${role}: ${text}`);
}

const callIs = (page, state, party) =>
  page.locator(`[data-testid="call"][data-state="${state}"]`).filter({ hasText: party }).waitFor(WAIT);

/** The web service's word on what may be asked for, and what the card has. */
async function buttonsAreActions(page, extension) {
  const dialogs = await (await ask(AGENT, 'GET', `User/${AGENT}/Dialogs`)).text();
  const [mine] = dialogs.split('<Participant>').filter((part) => part.includes(`<mediaAddress>${extension}<`));
  const offered = [...mine.matchAll(/<action>(\w+)</g)].map(([, action]) => action);
  // call data and wrap-up have places of their own
  const expected = offered.filter((action) => action !== 'UPDATE_CALL_DATA').sort();
  const buttons = await page.locator('.call-buttons [data-testid^="call-"]').evaluateAll((all) => all.map(({ dataset }) => dataset.testid));
  const shown = buttons.map((id) => id.replace('call-', '')).sort();
  check(expected.length > 0 && String(shown) === String(expected), `the buttons ${shown} are the actions ${expected}`);
}

async function enter(page) {
  await focusIs(page, 'login-id');
  await page.keyboard.type(AGENT);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Tab');
  await page.keyboard.type('2001');
  await page.keyboard.press('Enter');
  await showsState(page, 'NOT_READY');
  await told(page, 'status', 'State: Not ready');
}

/** Answers, holds, retrieves, asks for a state that waits, gives the call to somebody without a word. */
async function giveAway(page, colleague) {
  await hit(page, 'state-menu', 'Home', 'Enter');
  await showsState(page, 'READY');
  await told(page, 'status', 'State: Ready');
  await simulate(`call from ${CUSTOMER} to 2001`);
  await told(page, 'alert', `Call coming in from ${CUSTOMER}`);
  await hit(page, 'call-ANSWER');
  await callIs(page, 'ACTIVE', CUSTOMER);
  await told(page, 'status', `${CUSTOMER}: Talking`);
  await buttonsAreActions(page, '2001');
  await hit(page, 'state-menu', 'n', 'Enter');
  await element(page, 'pending-state').filter({ hasText: 'Not ready' }).waitFor(WAIT);
  await hit(page, 'call-HOLD');
  await callIs(page, 'HELD', CUSTOMER);
  await buttonsAreActions(page, '2001');
  await hit(page, 'call-RETRIEVE');
  await callIs(page, 'ACTIVE', CUSTOMER);
  await hit(page, 'call-TRANSFER_SST');
  await write(page, 'call-number', '2002');
  await element(page, 'past-call').first().waitFor(WAIT);
  await showsState(page, 'NOT_READY');
  await press(colleague, 'ANSWER');
  await callIs(colleague, 'ACTIVE', CUSTOMER);
  check(true, 'the direct transfer has reached the colleague');
}

/** Calls the colleague's neighbour, takes the colleague in, and leaves them. */
async function conference(page, neighbour, colleague) {
  await press(colleague, 'DROP');
  await element(colleague, 'past-call').first().waitFor(WAIT);
  await tabTo(page, 'dial-number');
  await write(page, 'dial-number', '2003');
  await press(neighbour, 'ANSWER');
  await callIs(page, 'ACTIVE', '2003');
  await hit(page, 'call-CONSULT_CALL');
  await write(page, 'call-number', '2002');
  await press(colleague, 'ANSWER');
  await callIs(page, 'ACTIVE', '2002');
  await hit(page, 'call-CONFERENCE');
  await element(page, 'call-participant').nth(2).waitFor(WAIT);
  for (const [who, other] of [[neighbour, '2002'], [colleague, '2003']]) {
    await element(who, 'call-participant').filter({ hasText: other }).waitFor(WAIT);
  }
  await picture(page, 'desktop-conference');
  await hit(page, 'call-DROP');
  await element(page, 'call').first().waitFor({ ...WAIT, state: 'detached' });
  check((await element(neighbour, 'call').count()) === 1, 'the others go on without the one who brought them together');
}

const timeThere = (ms) => new Date(ms).toLocaleTimeString('en-US', { hour: '2-digit', minute: '2-digit', timeZone: ZONE });

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-keyboard', async (colleague) => {
    const page = await open(colleague, undefined, { viewport: { width: 1280, height: 900 }, timezoneId: ZONE, locale: 'en-US' });
    const neighbour = await open(colleague);
    await signIn(colleague, '1001002', '2002');
    await signIn(neighbour, '1001003', '2003');
    await enter(page);
    const began = Date.now();
    await giveAway(page, colleague);
    const times = [];
    for (let ms = began - 60_000; ms <= Date.now() + 60_000; ms += 30_000) times.push(timeThere(ms));
    const row = (await element(page, 'past-call').first().textContent()).replaceAll('\u202f', ' ');
    check(times.some((time) => row.includes(time.replaceAll('\u202f', ' '))), `the history says when by this computer's clock: ${row}`);
    await conference(page, neighbour, colleague);
    await hit(page, 'sign-out', 'End', 'Enter');
    await page.waitForFunction(() => document.activeElement?.dataset.testid?.startsWith('login-'), undefined, WAIT);
    check(true, 'signed out, the focus is in the form');
  }),
);
