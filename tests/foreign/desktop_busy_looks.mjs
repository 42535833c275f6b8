// A browser that stood still, a sign-in elsewhere, a server that is gone, and the connection page of the hour in which all that happened,
// in every look: axe finds nothing on them.

import { element, inBrowser, inWorker, open, picture, showsBanner, signIn } from './browser.mjs';
import { check, harness, ready, scene } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';
import { Middlebox } from './middlebox.mjs';

const AGENT = '1001001';
const EXTENSION = '2001';
/** Longer than what is worth a word (10 s). */
const STOOD_MS = 14_000;

const says = (page, id, text) => element(page, id).filter({ hasText: text }).waitFor({ timeout: 60_000 });

async function stoodStill(page, box) {
  box.cut();
  await showsBanner(page, 'lost');
  await inWorker(page, `for (const until = Date.now() + ${STOOD_MS}; Date.now() < until; );`);
  await says(page, 'banner-stood', 'This browser stood still for');
  await picture(page, 'banner-stalled');
  box.pass();
  await showsBanner(page, 'restored');
}

async function signedInElsewhere(page) {
  const other = await open(page);
  await signIn(other, AGENT, '2009');
  await showsBanner(page, 'conflict');
  await inspect(page, 'banner-conflict');
  await says(other, 'message', `on extension ${EXTENSION}`);
  await bringAxe(other);
  await inspect(other, 'message');
  await element(page, 'take-over').click();
  await page.locator('[data-testid="connection"][data-connected="true"]').waitFor({ timeout: 60_000 });
  await other.context().close();
}

scene(async () => {
  const box = new Middlebox(ready.rest_plain);
  await inBrowser(await box.start(), 'desktop-busy-looks', async (page) => {
    await bringAxe(page);
    await signIn(page, AGENT, EXTENSION);
    await stoodStill(page, box);
    await signedInElsewhere(page);
    await element(page, 'connection-hour').click();
    await element(page, 'hour').waitFor();
    await harness('stop');
    await showsBanner(page, 'lost');
    const events = await page.locator('[data-testid="hour"] tr[data-testid]').count();
    check(events > 6, `much has happened in this hour: ${events} lines`);
    await inspect(page, 'banner-lost-and-busy-hour');
  });
});
