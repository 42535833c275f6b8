// Every screen in both languages, both colour schemes, narrow and wide: axe finds nothing, nothing comes from another host, and the
// first load is small. Banners are in desktop_banner_looks.mjs, what opens in desktop_open_looks.mjs.

import { element, inBrowser, open, press, signIn } from './browser.mjs';
import { check, ready, scene, simulate } from './finesse.mjs';
import { firstLoad } from './first_load.mjs';
import { bringAxe, inspect } from './looks.mjs';

const LOAD_BYTES_MAX = 150_000;

async function oneMore(page) {
  const opened = await open(page);
  await bringAxe(opened);
  await element(opened, 'language').selectOption('en');
  return opened;
}

/** An agent with a call on hold and a consultation, and one whose telephone rings. */
async function calls(page) {
  const [agent, colleague] = [await oneMore(page), await oneMore(page)];
  await signIn(agent, '1001001', '2001');
  await signIn(colleague, '1001002', '2002');
  await simulate('call from 5550123 to 2001 var1=gold user.order=7');
  await press(agent, 'ANSWER');
  await press(agent, 'CONSULT_CALL');
  await element(agent, 'call-number').fill('2002');
  await element(agent, 'call-number-submit').click();
  await colleague.locator('[data-ringing="true"]').waitFor({ timeout: 20_000 });
  await inspect(colleague, 'ringing');
  await press(colleague, 'ANSWER');
  await press(agent, 'SEND_DTMF');
  await element(agent, 'keypad').waitFor({ timeout: 20_000 });
  await inspect(agent, 'calls');
  await colleague.context().close();
  return agent;
}

/** A supervisor who listens, writes to the team and looks at the last hour. */
async function supervisor(page) {
  await signIn(page, '1900001', '1901');
  await element(page, 'member-menu-1001001').click();
  await element(page, 'monitor-1001001').click();
  await element(page, 'call-BARGE_CALL').waitFor({ timeout: 20_000 });
  await element(page, 'team-message-open').click();
  await element(page, 'connection-hour').click();
  await element(page, 'hour').waitFor();
  await inspect(page, 'supervisor');
}

async function log(page) {
  const other = await page.context().newPage();
  await other.goto(new URL('/desktop/locallog', ready.rest_plain).href);
  await bringAxe(other);
  await element(other, 'log-line').first().waitFor({ timeout: 20_000 });
  await inspect(other, 'log');
  await other.close();
}

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-screens', async (page) => {
    const hosts = new Set();
    page.context().on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.reload({ waitUntil: 'networkidle' });
    const { bytes, files } = await firstLoad(page.url());
    check(files === 4 && bytes < LOAD_BYTES_MAX, `the first load is ${files} files, ${bytes} bytes with gzip`);

    await bringAxe(page);
    await inspect(page, 'sign-in');
    await calls(page);
    await supervisor(page);
    await log(page);
    check(hosts.size === 1, `nothing is asked of another host: ${[...hosts]}`);
  }, { reloads: true }),
);
