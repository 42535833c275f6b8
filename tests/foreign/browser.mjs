// What the browser scenes share: Chromium, the desktop's page, and what is on it.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { check, password } from './finesse.mjs';

const folders = process.env.PATH.split(delimiter);
/** Chromium's; undefined where there is none. */
export const executablePath = folders.map((folder) => join(folder, 'chromium')).find(existsSync);

/** Leaves a picture of the page for people. */
export const picture = (page, name) => page.screenshot({ path: join(process.env.SCENE_PICTURES, `${name}.png`) });

/**
 * Opens `url` in a browser of its own, plays, and keeps a last picture whether it went well or not. The page must still be
 * the same one at the end, unless the scene `reloads` it. `trust` says which certificates the browser takes: all, unless it is given.
 */
export async function inBrowser(url, name, play, { reloads = false, trust = '--ignore-certificate-errors' } = {}) {
  if (!executablePath) throw new Error('Chromium is missing: run `make setup`');
  const profile = mkdtempSync(join(tmpdir(), 'aplomb-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    // A browser that is read from a cold disk beside a build takes its time.
    timeout: 120_000,
    locale: 'en-US',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      // what playwright does for pages does not reach their workers
      trust,
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // a page that a scene makes up comes from no address, which the browser takes for the internet
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
  console.log('ok: Chromium is there');
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error' && line.text().includes('Content Security Policy')) faults.push(line.text());
    });
    await page.goto(url, { timeout: 60_000 });
    // Gone after a reload.
    await page.evaluate(() => {
      globalThis.neverReloaded = true;
    });
    try {
      await play(page, profile);
    } finally {
      await picture(page, name);
    }
    if (!reloads) {
      check(await page.evaluate(() => globalThis.neverReloaded === true), 'the page was never reloaded');
    }
    check(faults.length === 0, `no errors on the page ${faults.join('; ')}`);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** The element with that test id. */
export const element = (page, id) => page.getByTestId(id);

/** Runs a script in the worker that has the desk. */
export async function inWorker(page, expression) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'shared_worker');
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
  const answered = new Promise((resolve) => session.on('Target.receivedMessageFromTarget', ({ message }) => resolve(message)));
  const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
  await session.send('Target.sendMessageToTarget', { sessionId, message });
  check(!(await answered).includes('exceptionDetails'), 'the worker runs what it is told');
  await session.detach();
}

/** The computer's own clock stands still in sleep: the worker's is set back by as much as the one on the wall went on. */
export async function sleeps(page, ms) {
  await inWorker(page, `{ const own = performance.now.bind(performance); performance.now = () => own() - ${ms}; }`);
  await element(page, 'connection-hour').click();
  await element(page, 'hour-asleep').waitFor({ timeout: 20_000 });
}

/** How many sessions of an agent the server has seen begin and end, by its journal. */
export function sessions(agent) {
  const folder = join(dirname(process.env.SCENE_READY), 'data/journal');
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  const count = (kind) => lines.filter((line) => line.includes(`"${kind}"`) && line.includes(`"${agent}"`)).length;
  return { opened: count('session-opened'), ended: count('session-ended') };
}

/** Fills in the form and waits until the agent is signed in. */
export async function signIn(page, agent, extension, state = 'NOT_READY') {
  await element(page, 'login-id').fill(agent);
  await element(page, 'login-password').fill(password);
  await element(page, 'login-extension').fill(extension);
  await element(page, 'login-submit').click();
  await showsState(page, state);
}

/** Waits until the page shows that state. */
export async function showsState(page, state) {
  await page.locator(`[data-testid="agent-state"][data-state="${state}"]`).waitFor({ timeout: 20_000 });
  console.log(`ok: the page shows ${state}`);
}

/** Chooses from the state menu. */
export async function choose(page, state) {
  await element(page, 'state-menu').click();
  await element(page, `state-option-${state}`).click();
}

/** Waits for the banner of that kind. */
export async function showsBanner(page, kind) {
  await page.locator(`[data-testid="banner"][data-kind="${kind}"]`).waitFor({ timeout: 60_000 });
  await picture(page, `banner-${kind}`);
  console.log(`ok: the page shows the banner '${kind}'`);
}

/** A desktop in a browser of its own, beside that of `page`. `more` is the computer it runs on, as playwright has it. */
export async function open(page, url = new URL(page.url()).origin, more = {}) {
  const other = await page.context().browser().newContext({ viewport: { width: 420, height: 900 }, ...more });
  const opened = await other.newPage();
  await opened.goto(url, { timeout: 60_000 });
  return opened;
}

/** Waits until the focus is there: what is typed before it is goes elsewhere. */
export const focusIs = (page, id) =>
  page.waitForFunction((wanted) => document.activeElement?.dataset.testid === wanted, id, { timeout: 20_000 });

/** The button of a call, when the server offers it and nothing is under way. */
export const press = (page, action) => page.locator(`[data-testid="call-${action}"]:enabled`).first().click({ timeout: 20_000 });
