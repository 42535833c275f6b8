// Chromium on the desktop, plain HTTP: signs in, goes ready, sees what another client changes, sees the server go and
// come back, all on one page.

import { choose, element, inBrowser, showsBanner, showsState, signIn } from './browser.mjs';
import { check, cti, harness, putUser, ready, scene } from './finesse.mjs';

const agent = '1001001';
const extension = '2001';

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-plain', async (page) => {
    await signIn(page, agent, extension);
    check((await element(page, 'agent-name').textContent()).trim() !== '', "the page shows the agent's name");

    await choose(page, 'READY');
    await showsState(page, 'READY');

    await putUser(agent, '<User><state>NOT_READY</state></User>', 'another-client');
    await showsState(page, 'NOT_READY');

    await cti(agent, extension, 'READY');
    await showsState(page, 'READY');

    await harness('stop');
    await showsBanner(page, 'lost');
    await harness('start');
    await showsBanner(page, 'restored');
  }),
);
