// A network that lets no WebSocket through, one that is cut, and one that goes silent: the desk says so, comes back, and has missed
// nothing.

import { element, inBrowser, picture, showsBanner, showsState, signIn } from './browser.mjs';
import { check, cti, ready, scene } from './finesse.mjs';
import { Middlebox } from './middlebox.mjs';

const box = new Middlebox(ready.rest_plain);
const url = await box.start();

const carriedBy = async (page, transport) => {
  await page.locator(`[data-connected="true"][data-transport="${transport}"]`).waitFor({ timeout: 30_000 });
  console.log(`ok: events come by ${transport}`);
};

/** The network fails in that way while the phone system changes the agent's state. */
const fails = async (page, how, agent, extension, state) => {
  box[how]();
  await showsBanner(page, 'lost');
  await element(page, 'banner-sign-out').filter({ hasText: /\d:\d\d/ }).waitFor({ timeout: 20_000 });
  await cti(agent, extension, state);
  box.requests.length = 0;
  // In a pause: a try of which one half meets the network as it was takes the WebSocket for blocked.
  if (how === 'cut') await element(page, 'banner').filter({ hasText: /Trying again in [1-9]/ }).waitFor({ timeout: 60_000 });
  box.pass();
  await showsBanner(page, 'restored');
  await showsState(page, state);
};

scene(() =>
  inBrowser(url, 'desktop-network', async (page) => {
    await signIn(page, '1001001', '2001');
    await carriedBy(page, 'websocket');
    await fails(page, 'cut', '1001001', '2001', 'READY');
    await carriedBy(page, 'websocket');
    check(box.requests.length > 0, `requests are seen: ${box.requests}`);
    const asked = box.requests.filter((line) => line.includes('/Dialogs'));
    check(asked.length === 0, `what was missed came by its number, nothing was asked anew ${asked}`);
    await fails(page, 'swallow', '1001001', '2001', 'NOT_READY');

    box.blocksWebSocket = true;
    const other = await (await page.context().browser().newContext()).newPage();
    await other.goto(url);
    await signIn(other, '1001002', '2002');
    await carriedBy(other, 'bosh');
    await cti('1001002', '2002', 'READY');
    await showsState(other, 'READY');
    await fails(other, 'cut', '1001002', '2002', 'NOT_READY');
    await carriedBy(other, 'bosh');
    await element(page, 'connection-hour').click();
    await element(page, 'hour-lost').nth(1).waitFor();
    const gaps = await page.locator('rect.span-lost').count();
    check(gaps >= 2, `the picture of the last hour has its gaps (${gaps})`);
    await picture(page, 'desktop-hour');
    await element(page, 'send-report').click();
    await element(page, 'report-status').filter({ hasText: 'Stored by the server' }).waitFor({ timeout: 20_000 });
    console.log('ok: the report was sent');

    check((await element(other, 'agent-name').count()) === 1, 'nobody had to sign in again');
  }),
);
