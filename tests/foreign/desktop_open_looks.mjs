// Menus and lists that are open, and a supervisor in a call of several with the menu of a row and the message to the team, in every look:
// axe finds nothing.

import { element, inBrowser, open, press, signIn } from './browser.mjs';
import { configure } from './configured.mjs';
import { ready, scene, simulate } from './finesse.mjs';
import { bringAxe, inspectOpen } from './looks.mjs';

const AGENT = '1001001';
const WAIT = { timeout: 20_000 };
const active = (page, party) => page.locator('[data-testid="call"][data-state="ACTIVE"]').filter({ hasText: party }).waitFor(WAIT);

async function agent(page) {
  await inspectOpen(page, 'state-menu', 'state-menu', 'state-option-READY');
  await page.keyboard.press('Escape');
  await inspectOpen(page, 'sign-out-menu', 'sign-out', 'sign-out-plain');
  await page.keyboard.press('Escape');
  await inspectOpen(page, 'phone-book', 'dial-number-list', 'dial-number-option');
  await page.keyboard.press('Escape');
}

/** In a call of three. */
async function supervisor(page, desk) {
  await simulate(`call from 5550123 to 2001`);
  await press(desk, 'ANSWER');
  await active(desk, '5550123');
  await element(page, `member-call-${AGENT}`).waitFor(WAIT);
  const menu = page.locator(`[data-testid="member-menu-${AGENT}"]:enabled`);
  await menu.click(WAIT);
  await element(page, `monitor-${AGENT}`).click();
  await element(page, 'call-BARGE_CALL').waitFor(WAIT);
  await menu.click(WAIT);
  await element(page, `barge-${AGENT}`).click();
  await element(page, 'call-drop-5550123').waitFor(WAIT);
  await element(page, 'team-message-open').click();
  await inspectOpen(page, 'supervisor-in-a-call', `member-menu-${AGENT}`, `order-LOGOUT-${AGENT}`);
}

scene(async () => {
  await configure();
  await inBrowser(ready.rest_plain, 'desktop-open-looks', async (page) => {
    const desk = await open(page);
    await bringAxe(page);
    await bringAxe(desk);
    await signIn(page, '1900001', '1901');
    await signIn(desk, AGENT, '2001');
    await agent(desk);
    await supervisor(page, desk);
  });
});
