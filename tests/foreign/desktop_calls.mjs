// Two desktops against each other: one calls the other, who answers; hold, digits, retrieve, consult, transfer, the end. A
// supervisor in a third sees the states change.

import { element, inBrowser, open, picture, press, showsState, signIn } from './browser.mjs';
import { check, ready, scene } from './finesse.mjs';

const callIs = async (page, state, party) => {
  const call = page.locator(`[data-testid="call"][data-state="${state}"]`).filter({ hasText: party });
  await call.waitFor({ timeout: 20_000 });
  console.log(`ok: the call with ${party} is ${state}`);
};
const memberIs = async (page, agent, state) => {
  await page.locator(`[data-testid="member-${agent}"][data-state="${state}"]`).waitFor({ timeout: 20_000 });
  console.log(`ok: the supervisor sees ${agent} ${state}`);
};
scene(() =>
  inBrowser(ready.rest_plain, 'desktop-calls', async (page) => {
    const [callee, third, supervisor] = [await open(page), await open(page), await open(page)];
    await signIn(page, '1001001', '2001');
    await signIn(callee, '1001002', '2002');
    await signIn(third, '1001003', '2003');
    await signIn(supervisor, '1900001', '1901');

    await element(page, 'dial-number').fill('20 02');
    await element(page, 'dial-number-submit').click();
    await callIs(callee, 'ALERTING', '2001');
    await picture(callee, 'desktop-call-ringing');
    await press(callee, 'ANSWER');
    await callIs(callee, 'ACTIVE', '2001');
    await callIs(page, 'ACTIVE', '2002');
    await showsState(page, 'TALKING');
    await memberIs(supervisor, '1001001', 'TALKING');
    await picture(page, 'desktop-call');

    await press(page, 'SEND_DTMF');
    await element(page, 'key-4').click();
    await element(page, 'keypad-sent').filter({ hasText: '4' }).waitFor({ timeout: 20_000 });

    await press(page, 'HOLD');
    await callIs(page, 'HELD', '2002');
    await showsState(page, 'HOLD');
    await press(page, 'RETRIEVE');
    await callIs(page, 'ACTIVE', '2002');

    await press(page, 'CONSULT_CALL');
    await element(page, 'call-number').fill('2003');
    await element(page, 'call-number-submit').click();
    await callIs(third, 'ALERTING', '2001');
    await callIs(page, 'HELD', '2002');
    await press(third, 'ANSWER');
    await callIs(page, 'ACTIVE', '2003');
    await picture(page, 'desktop-consult');
    await press(page, 'TRANSFER');
    await element(page, 'past-call').first().waitFor({ timeout: 20_000 });
    await showsState(page, 'NOT_READY');
    check((await element(page, 'call').count()) === 0, 'who transferred has no call any more');

    await callIs(callee, 'ACTIVE', '2003');
    await callIs(third, 'ACTIVE', '2002');
    await press(third, 'DROP');
    await element(callee, 'past-call').first().waitFor({ timeout: 20_000 });
    await showsState(callee, 'NOT_READY');
    await memberIs(supervisor, '1001002', 'NOT_READY');
    await picture(supervisor, 'desktop-team');
  }),
);
