// The banners of a web service and a phone system that went, of a computer that slept, and of a connection that is back, in every look:
// axe finds nothing on them. The other banners are in desktop_busy_looks.mjs and desktop_certificate.mjs.

import { client, xml } from '@xmpp/client';
import WebSocket from 'ws';
import { element, inBrowser, inWorker, showsBanner, signIn, sleeps } from './browser.mjs';
import { password, ready, scene, simulate, within } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';
import { Middlebox } from './middlebox.mjs';

// Node 20 has none of its own.
globalThis.WebSocket ??= WebSocket;

const AGENT = '1001001';
const EXTENSION = '2001';
const SLEPT_MS = 420_000;
/** For so long the desk shows the green banner: too short to look at it in eight ways. */
const RESTORED_MS = 8_000;

const says = (page, id, text) => element(page, id).filter({ hasText: text }).waitFor({ timeout: 60_000 });
const gone = (page, kind) =>
  page.locator(`[data-testid="banner"][data-kind="${kind}"]`).waitFor({ state: 'detached', timeout: 60_000 });

/** The web service's own user says that it is not there. */
async function webService(page) {
  const { ws: service, domain } = ready;
  const web = client({ service, domain, resource: 'web', username: 'finesse', password });
  // its two seconds are short for a machine that compiles beside it
  web.timeout = 20_000;
  await within(20_000, 'the web service is online', web.start());
  const tell = (type) => web.send(xml('presence', { to: `${AGENT}@${domain}`, type }));
  await tell('unavailable');
  await showsBanner(page, 'web');
  await simulate('side a down');
  await showsBanner(page, 'service');
  await inspect(page, 'banner-service-and-web');
  await simulate('side a up');
  await gone(page, 'service');
  await tell(undefined);
  await gone(page, 'web');
  await within(20_000, 'the web service goes', web.stop());
}

async function asleep(page, box) {
  await sleeps(page, SLEPT_MS);
  box.cut();
  await showsBanner(page, 'lost');
  await says(page, 'banner-stood', 'This computer was asleep for 7 min');
  await element(page, 'banner-sign-out').waitFor({ timeout: 20_000 });
  await inspect(page, 'banner-asleep');
  await inWorker(page, `{ const own = setTimeout; setTimeout = (run, ms, ...more) => own(run, ms === ${RESTORED_MS} ? 3_600_000 : ms, ...more); }`);
  box.pass();
  await showsBanner(page, 'restored');
  await inspect(page, 'banner-restored');
}

scene(async () => {
  const box = new Middlebox(ready.rest_plain);
  await inBrowser(await box.start(), 'desktop-banner-looks', async (page) => {
    await bringAxe(page);
    await signIn(page, AGENT, EXTENSION);
    await webService(page);
    await asleep(page, box);
  });
});
