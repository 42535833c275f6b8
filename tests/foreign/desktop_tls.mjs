// Chromium on the desktop's TLS port. The browser does not know the demo's authority and is told to go on.

import { choose, element, inBrowser, showsState, signIn } from './browser.mjs';
import { check, ready, scene } from './finesse.mjs';

scene(() =>
  inBrowser(ready.rest, 'desktop-tls', async (page) => {
    check(page.url().startsWith('https://'), `the page came over TLS: ${page.url()}`);
    await signIn(page, '1001002', '2002');
    await choose(page, 'READY');
    await showsState(page, 'READY');
    await choose(page, 'NOT_READY');
    await showsState(page, 'NOT_READY');
    await element(page, 'sign-out').click();
    await element(page, 'sign-out-plain').click();
    await element(page, 'login-submit').waitFor({ timeout: 20_000 });
    check(true, 'signed out, the page shows the form again');
  }),
);
