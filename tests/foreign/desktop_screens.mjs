// Every screen in both languages, both colour schemes, narrow and wide: axe finds nothing, nothing comes from another host, and the
// first load is small.

import { gzipSync } from 'node:zlib';
import { element, inBrowser, showsState, signIn } from './browser.mjs';
import { check, ready, scene } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';

const LOAD_BYTES_MAX = 150_000;

/** The page, what it names, and the worker that its script names. */
async function load(url) {
  const texts = [await (await fetch(url)).text()];
  for (const text of texts) {
    const names = new Set(text.match(/(?:index|entry)-[\w-]+\.(?:js|css)/g));
    if (texts.length > 1 && !text.includes('SharedWorker')) continue;
    for (const name of names) texts.push(await (await fetch(new URL(`assets/${name}`, url))).text());
  }
  return { files: texts.length, bytes: texts.reduce((sum, text) => sum + gzipSync(text).length, 0) };
}

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-screens', async (page) => {
    const hosts = new Set();
    page.context().on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.reload({ waitUntil: 'networkidle' });
    const { bytes, files } = await load(page.url());
    check(files === 4 && bytes < LOAD_BYTES_MAX, `the first load is ${files} files, ${bytes} bytes with gzip`);

    await bringAxe(page);
    await inspect(page, 'sign-in');
    await element(page, 'language').selectOption('en');
    await signIn(page, '1900001', '1901');
    await showsState(page, 'NOT_READY');
    await element(page, 'connection-hour').click();
    await element(page, 'hour').waitFor();
    await inspect(page, 'supervisor');
    check(hosts.size === 1, `nothing is asked of another host: ${[...hosts]}`);
  }, { reloads: true }),
);
