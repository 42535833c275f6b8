// What opens on the card of a customer's call, in every look: the results, the callback, the wrap-up reasons, a number that is none. axe
// finds nothing.

import { choose, element, inBrowser, press, showsState, signIn } from './browser.mjs';
import { configure } from './configured.mjs';
import { ready, scene, simulate } from './finesse.mjs';
import { bringAxe, inspect, inspectOpen } from './looks.mjs';

const AGENT = '1001001';

scene(async () => {
  await configure();
  await inBrowser(ready.rest_plain, 'desktop-outbound-looks', async (page) => {
    await bringAxe(page);
    await signIn(page, AGENT, '2001');
    await choose(page, 'READY');
    await showsState(page, 'READY');
    await simulate(`offer 5551236 to ${AGENT} campaign Autumn directly`);
    await press(page, 'ACCEPT');
    await page.locator('[data-testid="call"][data-state="ACTIVE"]').filter({ hasText: '5551236' }).waitFor({ timeout: 20_000 });
    await inspectOpen(page, 'result-menu', 'call-RECLASSIFY', 'reached-FAX');
    await page.keyboard.press('Escape');
    await inspectOpen(page, 'wrap-up-list', 'wrap-up-list', 'wrap-up-option');
    await page.keyboard.press('Escape');
    await press(page, 'UPDATE_SCHEDULED_CALLBACK');
    await element(page, 'callback-time').fill('2031-03-07T14:30');
    await element(page, 'callback-save').click();
    await element(page, 'call-callback').waitFor({ timeout: 20_000 });
    await inspectOpen(page, 'callback', 'call-UPDATE_SCHEDULED_CALLBACK', 'callback-time');
    await element(page, 'callback-cancel').click();
    await press(page, 'CONSULT_CALL');
    await element(page, 'call-number').fill('nobody of that name');
    await element(page, 'call-number-submit').click();
    await element(page, 'call-number').and(page.locator('[aria-invalid="true"]')).waitFor({ timeout: 20_000 });
    await inspect(page, 'consultation-wrong');
  });
});
