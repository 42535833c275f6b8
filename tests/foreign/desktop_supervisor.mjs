// A supervisor and an agent, each in a browser: the supervisor sees the agent's call, listens to it, joins it, puts the other party out,
// changes the agent's state, and tells the team something.

import { element, inBrowser, open, picture, press, showsState, signIn } from './browser.mjs';
import { check, password, ready, scene, simulate } from './finesse.mjs';

const customer = '5550123';
const agent = '1001001';
const shows = async (page, id, text) => {
  await element(page, id).filter({ hasText: text }).waitFor({ timeout: 20_000 });
  console.log(`ok: ${id} shows ${text}`);
};
/** Chooses from the menu of an agent's row. */
const order = async (page, what) => {
  await page.locator(`[data-testid="member-menu-${agent}"]:enabled`).click({ timeout: 20_000 });
  await element(page, `${what}-${agent}`).click();
};
/** What the web service says a team is told now. */
async function told(team) {
  const authorization = `Basic ${Buffer.from(`1900001:${password}`).toString('base64')}`;
  const answer = await fetch(`${new URL(ready.rest_plain).origin}/finesse/api/Team/${team}/TeamMessages`, { headers: { authorization } });
  return answer.text();
}

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-supervisor', async (page) => {
    const desk = await open(page);
    await signIn(desk, agent, '2001');
    await signIn(page, '1900001', '1901');

    await simulate(`ring ${agent} from ${customer}`);
    await press(desk, 'ANSWER');
    await shows(page, `member-call-${agent}`, customer);
    await order(page, 'monitor');
    await element(page, 'call-BARGE_CALL').waitFor({ timeout: 20_000 });
    await picture(page, 'desktop-listening');
    check((await element(desk, 'call').count()) >= 1, 'the agent has the call still');

    await order(page, 'barge');
    await element(page, `call-drop-${customer}`).waitFor({ timeout: 20_000 });
    await element(desk, 'call-participant').filter({ hasText: '1901' }).waitFor({ timeout: 20_000 });
    console.log('ok: the supervisor is in the call, and the agent sees it');
    await picture(page, 'desktop-joined');
    await element(page, `call-drop-${customer}`).click();
    await element(page, `call-drop-${customer}`).waitFor({ state: 'detached', timeout: 20_000 });
    check(!(await simulate('calls')).includes(customer), 'the other party is in no call any more');
    await press(page, 'DROP');
    await showsState(desk, 'NOT_READY');
    await element(page, `member-call-${agent}`).waitFor({ state: 'detached', timeout: 20_000 });
    check(true, 'the row has no call any more');

    await order(page, 'order-READY');
    await showsState(desk, 'READY');

    await element(page, 'team-message-open').click();
    await element(page, 'team-message').fill('Fire drill at 3 <b>p.m.</b> & back');
    await element(page, 'team-message-send').click();
    await shows(page, 'team-message-status', 'Message sent');
    const messages = await told('5000');
    check(messages.includes('Fire drill at 3 &lt;b&gt;p.m.&lt;/b&gt; &amp; back'), 'the web service has the message');
    check((await element(page, 'message').count()) === 0, 'nothing went wrong on the way');
  }),
);
