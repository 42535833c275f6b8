// Firefox, over WebDriver BiDi: signs in, with a wrong password first; changes state; two desktops call each other, hold, and hang up; one
// consults a third and transfers the call there; sign-out.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { check, cti, password, ready, scene } from './finesse.mjs';

const executablePath = ['firefox-esr', 'firefox']
  .flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)))
  .find(existsSync);
const WAIT_MS = 30_000;

const at = (id, more = '') => `[data-testid="${id}"]${more}`;
const see = (page, id, more) => page.waitForSelector(at(id, more), { visible: true, timeout: WAIT_MS });
const gone = (page, id, more) => page.waitForSelector(at(id, more), { hidden: true, timeout: WAIT_MS });
/** Nobody presses a button of a tab in the background, whose picture stands still. */
const press = async (page, id) => {
  await page.bringToFront();
  await page.locator(at(id, ':not(:disabled)')).setTimeout(WAIT_MS).click();
};
const fill = (page, id, text) => page.locator(at(id)).setTimeout(WAIT_MS).fill(text);
const read = (page, id) => page.$eval(at(id), (element) => element.textContent);
const showsState = async (page, state) => {
  await see(page, 'agent-state', `[data-state="${state}"]`);
  console.log(`ok: Firefox shows ${state}`);
};

async function signIn(page, agent, extension, secret = password) {
  await fill(page, 'login-id', agent);
  await fill(page, 'login-password', secret);
  await fill(page, 'login-extension', extension);
  await press(page, 'login-submit');
}

async function calls(caller, callee) {
  await fill(caller, 'dial-number', '2002');
  await press(caller, 'dial-number-submit');
  await see(callee, 'call', '[data-state="ALERTING"]');
  check((await read(callee, 'call-party')).includes('2001'), 'the call says who calls');
  await press(callee, 'call-ANSWER');
  await see(callee, 'call', '[data-state="ACTIVE"]');
  await showsState(caller, 'TALKING');
  await press(caller, 'call-HOLD');
  await see(caller, 'call', '[data-state="HELD"]');
  await press(caller, 'call-RETRIEVE');
  await see(caller, 'call', '[data-state="ACTIVE"]');
  await caller.screenshot({ path: join(process.env.SCENE_PICTURES, 'firefox-call.png') });
  await press(callee, 'call-DROP');
  await gone(callee, 'call');
  await gone(caller, 'call');
  await see(caller, 'past-call');
  await showsState(caller, 'NOT_READY');
}

/** The first call is with that party, whichever tab is seen. */
const isWith = (page, party) =>
  page.waitForFunction(
    (selector, text) => document.querySelector(selector)?.textContent.includes(text),
    { polling: 100, timeout: WAIT_MS },
    at('call-party'),
    party,
  );

/** The caller asks a third while the callee waits, and leaves the two with each other. */
async function consultation(caller, callee, third) {
  await fill(caller, 'dial-number', '2002');
  await press(caller, 'dial-number-submit');
  await see(callee, 'call', '[data-state="ALERTING"]');
  await press(callee, 'call-ANSWER');
  await see(caller, 'call', '[data-state="ACTIVE"]');
  await press(caller, 'call-CONSULT_CALL');
  await fill(caller, 'call-number', '2003');
  await press(caller, 'call-number-submit');
  await see(third, 'call', '[data-state="ALERTING"]');
  await isWith(third, '2001');
  await see(caller, 'call', '[data-state="HELD"]');
  await press(third, 'call-ANSWER');
  await see(caller, 'call', '[data-state="ACTIVE"]');
  check((await caller.$$(at('call'))).length === 2, 'a call that waits and one that is spoken in are there');
  await caller.screenshot({ path: join(process.env.SCENE_PICTURES, 'firefox-consultation.png') });
  await press(caller, 'call-TRANSFER');
  await gone(caller, 'call');
  await showsState(caller, 'NOT_READY');
  await isWith(callee, '2003');
  await isWith(third, '2002');
  await showsState(third, 'TALKING');
  check(true, 'Firefox: the two speak with each other');
  await press(third, 'call-DROP');
  await gone(third, 'call');
  await gone(callee, 'call');
}

async function another(browser, agent, extension) {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.goto(ready.rest_plain, { timeout: 60_000 });
  await signIn(page, agent, extension);
  await showsState(page, 'NOT_READY');
  return page;
}

async function play(browser) {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(ready.rest_plain, { timeout: 60_000 });
  await signIn(page, '1001001', '2001', 'wrong');
  await see(page, 'login-password', '[aria-invalid="true"]');
  check(true, 'a wrong password is said at its field');
  await signIn(page, '1001001', '2001');
  await showsState(page, 'NOT_READY');
  await press(page, 'state-menu');
  await press(page, 'state-option-READY');
  await showsState(page, 'READY');
  await cti('1001001', '2001', 'NOT_READY');
  await showsState(page, 'NOT_READY');

  const callee = await another(browser, '1001002', '2002');
  await calls(page, callee);
  const third = await another(browser, '1001003', '2003');
  await consultation(page, callee, third);

  await press(page, 'sign-out');
  await press(page, 'sign-out-plain');
  await see(page, 'login-submit');
  check(faults.length === 0, `no errors on the page ${faults.join('; ')}`);
}

scene(async () => {
  if (!executablePath) throw new Error('Firefox is missing: run `make setup`');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: 120_000,
    protocolTimeout: 120_000,
  });
  console.log(`ok: ${await browser.version()} is there`);
  try {
    await play(browser);
  } finally {
    await browser.close();
  }
});
