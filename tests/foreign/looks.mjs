// A screen in both languages, both colour schemes, narrow and wide: axe finds nothing, and nothing is wider than the window.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { element, picture } from './browser.mjs';
import { check } from './finesse.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = { narrow: 360, wide: 1920 };

/** The page's own policy forbids what playwright would inject as a script: axe comes as the debugger's. */
export async function bringAxe(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: readFileSync(axe, 'utf8') });
}

/**
 * axe on what is there now, in every look, at last in English again; `opens` brings it about anew in each, where a change of the language closes it. The page
 * must have axe: {@link bringAxe}.
 */
export async function inspect(page, name, opens = async () => {}) {
  for (const locale of ['en', 'ja']) {
    await element(page, 'language').selectOption(locale);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const [size, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        await opens();
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
  await element(page, 'language').selectOption('en');
}

/** The same with what the button opens: `shown` is in it. */
export async function inspectOpen(page, name, button, shown) {
  const opens = async () => {
    if ((await element(page, shown).count()) === 0) await page.locator(`[data-testid="${button}"]:enabled`).first().click({ timeout: 20_000 });
    await element(page, shown).first().waitFor({ timeout: 20_000 });
  };
  await inspect(page, name, opens);
  await opens();
}
