// One desk for all tabs of a browser: a second tab joins it, frozen tabs do not stop it, a reload finds it again, and a sign-in in
// another browser ends it with a clear word.

import { choose, element, inBrowser, sessions, showsBanner, showsState, signIn } from './browser.mjs';
import { check, cti, ready, scene } from './finesse.mjs';

const agent = '1001001';
const extension = '2001';
/** The server of this scene gives a silent client five seconds. */
const LONGER_THAN_SILENCE_MS = 12_000;

const lifecycle = async (page, state) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state });
  await session.detach();
};

const stillOne = (what) => {
  const { opened, ended } = sessions(agent);
  check(opened === 1 && ended === 0, `${what}: the session is the first one (${opened} opened, ${ended} ended)`);
};

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-tabs', async (page) => {
    await signIn(page, agent, extension);
    const second = await page.context().newPage();
    await second.goto(ready.rest_plain);
    await showsState(second, 'NOT_READY');
    check((await element(second, 'login-id').count()) === 0, 'the second tab is at the desk without signing in');
    await choose(second, 'READY');
    await showsState(page, 'READY');
    stillOne('two tabs');

    await lifecycle(page, 'frozen');
    await lifecycle(second, 'frozen');
    const frozenAt = Date.now();
    await cti(agent, extension, 'NOT_READY');
    await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_SILENCE_MS - (Date.now() - frozenAt)));
    stillOne('both tabs frozen');
    await lifecycle(page, 'active');
    await lifecycle(second, 'active');
    await showsState(page, 'NOT_READY');
    await showsState(second, 'NOT_READY');

    await second.close();
    await page.reload();
    await showsState(page, 'NOT_READY');
    check((await element(page, 'login-id').count()) === 0, 'the only tab is at the desk again after a reload');
    await choose(page, 'READY');
    await showsState(page, 'READY');
    stillOne('reloaded');

    const elsewhere = await page.context().browser().newContext();
    const other = await elsewhere.newPage();
    await other.goto(ready.rest_plain);
    await signIn(other, agent, extension, 'READY');
    await showsBanner(page, 'conflict');
    await elsewhere.close();
  }, { reloads: true }),
);
