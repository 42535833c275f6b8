// Every screen in both languages, both colour schemes, narrow and wide: axe finds nothing, nothing comes from another host, and the
// first load is small.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { element, inBrowser, picture, showsState, signIn } from './browser.mjs';
import { check, ready, scene } from './finesse.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LOAD_BYTES_MAX = 150_000;
const WIDTHS = { narrow: 360, wide: 1920 };

/** axe on what is there now, in every look. */
async function inspect(page, name) {
  for (const locale of ['en', 'ja']) {
    await element(page, 'language').selectOption(locale);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const [size, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        const look = `${name}-${locale}-${colorScheme}-${size}`;
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
        await picture(page, `screen-${look}`);
        check(violations.length === 0, `axe finds nothing on ${look} ${told.join('; ')}`);
        const across = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(across <= 0, `${look} is not wider than its window (${across} px)`);
      }
    }
  }
}

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

    // The page's own policy forbids what playwright would inject as a script: axe comes as the debugger's.
    const debug = await page.context().newCDPSession(page);
    await debug.send('Runtime.evaluate', { expression: readFileSync(axe, 'utf8') });
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
