// Mobile agents, from the sign-in form to the telephone that rings; then an extension that two telephones share.

import { choose, element, inBrowser, picture, press, showsState, signIn } from './browser.mjs';
import { check, password, ready, scene, simulate } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';

const AGENT = '1001001';
const WAIT = { timeout: 20_000 };
const NUMBER = '5559001';

const shows = async (page, id, text) => {
  await element(page, id).filter({ hasText: text }).first().waitFor(WAIT);
  console.log(`ok: ${id} says '${text}'`);
};

/** What the web service says of the agent. */
async function user() {
  const authorization = `Basic ${Buffer.from(`${AGENT}:${password}`).toString('base64')}`;
  const answer = await fetch(new URL(`/finesse/api/User/${AGENT}`, ready.rest), { headers: { authorization } });
  return answer.text();
}

const says = async (...parts) => {
  const text = await user();
  for (const part of parts) check(text.includes(part), `the web service says ${part}`);
};

async function signOut(page) {
  await element(page, 'sign-out').click();
  await element(page, 'sign-out-plain').click();
  await element(page, 'login-submit').waitFor(WAIT);
}

/** With keys alone. */
async function nailed(page) {
  await element(page, 'login-mobile').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  check(await element(page, 'login-mode-NAILED_CONNECTION').isChecked(), 'a mode is chosen with keys');
  await page.keyboard.press('Tab');
  await page.keyboard.type('555-9001');
  await bringAxe(page);
  await inspect(page, 'sign-in-mobile');
  await element(page, 'language').selectOption('en');

  await simulate(`${NUMBER} never answers`);
  await signIn(page, AGENT, '2001');
  await says('<mode>NAILED_CONNECTION</mode>', `<dialNumber>${NUMBER}</dialNumber>`);
  await shows(page, 'agent-mobile', '···9001, nailed connection');
  check(!(await page.content()).includes(NUMBER), 'the number is not on the page');
  await simulate(`${NUMBER} answers`);
  await choose(page, 'READY');
  await showsState(page, 'READY');
  await simulate('call from 5551001 to Support for 1001001');
  await press(page, 'ANSWER');
  await showsState(page, 'TALKING');
  await inspect(page, 'mobile');
  await element(page, 'language').selectOption('en');
  await simulate(`${NUMBER} hangs up`);
  await element(page, 'login-submit').waitFor(WAIT);
  await shows(page, 'login-status', 'Logged Out - Mobile Agent Disconnect');
  check(!(await user()).includes('mobileAgent'), 'who is signed out is mobile no more');
}

/** What was chosen is there again; the telephone answers, the desktop cannot. */
async function callByCall(page) {
  check(await element(page, 'login-mobile').isChecked(), 'the choice is remembered');
  check((await element(page, 'login-dialNumber').inputValue()) === NUMBER, 'and the number');
  await element(page, 'login-mode-CALL_BY_CALL').check();
  await simulate(`${NUMBER} never answers`);
  await signIn(page, AGENT, '2001');
  await shows(page, 'agent-mobile', 'called for each call');
  await choose(page, 'READY');
  await showsState(page, 'READY');
  await simulate('call from 5551002 to Support for 1001001');
  await shows(page, 'call-answer-outside', 'Answer at your telephone');
  check((await element(page, 'call-ANSWER').count()) === 0, 'there is no button that could not answer');
  await picture(page, 'desktop-mobile-ringing');
  await simulate(`${NUMBER} answers`);
  await showsState(page, 'TALKING');
  await press(page, 'DROP');
  await showsState(page, 'READY');
  await choose(page, 'NOT_READY');
  await showsState(page, 'NOT_READY');
  await signOut(page);
}

async function refused(page) {
  await element(page, 'login-dialNumber').fill('home');
  await element(page, 'login-password').fill(password);
  await element(page, 'login-submit').click();
  await shows(page, 'login-status', 'cannot be dialled');
  await simulate('mobile agents off');
  await element(page, 'login-dialNumber').fill(NUMBER);
  await element(page, 'login-submit').click();
  await shows(page, 'login-status', 'does not let you sign in at another telephone');
  await element(page, 'login-mobile').uncheck();
}

async function sharedExtension(page) {
  await element(page, 'login-extension').fill('2002');
  await element(page, 'login-submit').click();
  await shows(page, 'login-status', 'Several telephones share this extension');
  await bringAxe(page);
  await inspect(page, 'sign-in-device');
  await element(page, 'language').selectOption('en');
  await element(page, 'login-device-CSF000002').check();
  await element(page, 'login-submit').click();
  await showsState(page, 'NOT_READY');
  await shows(page, 'agent-device', 'Soft phone');
  await says('<activeDeviceId>CSF000002</activeDeviceId>', '<deviceTypeName>Desk phone</deviceTypeName>');
}

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-mobile', async (page) => {
    await element(page, 'login-mobile').waitFor(WAIT);
    // However slow the machine is, nobody is signed out for not answering.
    await simulate('ring time 60m');
    await nailed(page);
    await callByCall(page);
    await refused(page);
    await sharedExtension(page);
  }),
);
