// A tab that is busy, and one behind another, as browsers hide it: longer than the server waits for a silent client. Driven by puppeteer, since playwright
// tells its pages that they are seen.

import puppeteer from 'puppeteer-core';
import { executablePath, sessions } from './browser.mjs';
import { check, cti, password, ready, scene } from './finesse.mjs';

const agent = '1001001';
const extension = '2001';
/** The server of this scene gives a silent client five seconds. */
const LONGER_THAN_SILENCE_MS = 12_000;
const WAIT_MS = 30_000;
const at = (id, more = '') => `[data-testid="${id}"]${more}`;
const see = (page, id, more) => page.waitForSelector(at(id, more), { timeout: WAIT_MS });
const becomes = (page, what) => page.waitForFunction((state) => document.visibilityState === state, { polling: 100, timeout: WAIT_MS }, what);

const stillOne = (how) => {
  const { opened, ended } = sessions(agent);
  check(opened === 1 && ended === 0, `${how}, the tab's desk kept its session (${opened} opened, ${ended} ended)`);
};

async function play(browser) {
  const [page] = await browser.pages();
  await page.goto(ready.rest_plain, { timeout: 60_000 });
  for (const [id, text] of [['login-id', agent], ['login-password', password], ['login-extension', extension]]) {
    await page.locator(at(id)).fill(text);
  }
  await page.locator(at('login-submit')).click();
  await see(page, 'agent-state', '[data-state="NOT_READY"]');
  await page.evaluate((ms) => {
    for (const until = Date.now() + ms; Date.now() < until; );
  }, LONGER_THAN_SILENCE_MS);
  stillOne('busy with something else');
  const other = await browser.newPage();
  await other.bringToFront();
  await becomes(page, 'hidden');
  await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_SILENCE_MS));
  stillOne('hidden');
  await cti(agent, extension, 'READY');
  await page.waitForFunction((selector) => document.querySelector(selector), { polling: 100, timeout: WAIT_MS }, at('agent-state', '[data-state="READY"]'));
  check((await page.evaluate(() => document.visibilityState)) === 'hidden', 'events arrive while nobody sees the tab');
  await page.bringToFront();
  await becomes(page, 'visible');
  await page.locator(at('connection-hour')).click();
  await see(page, 'hour-hidden');
  await see(page, 'hour-visible');
  console.log('ok: the last hour says when no tab could be seen');
}

scene(async () => {
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-quic', '--disable-background-networking', '--disable-sync'];
  // what keeps background tabs awake for tests is what is tested here
  const ignoreDefaultArgs = ['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'];
  const browser = await puppeteer.launch({ executablePath, headless: true, args, ignoreDefaultArgs, timeout: 120_000, protocolTimeout: 120_000 });
  try {
    await play(browser);
  } finally {
    await browser.close();
  }
});
