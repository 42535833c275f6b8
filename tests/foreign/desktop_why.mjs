// A supervisor asks why an agent's desktop was lost: the server was stopped and started, says so, and the panel shows it in both
// languages; a server that stood still is warned of. axe finds nothing on either.

import { readFileSync } from 'node:fs';
import { element, inBrowser, open, picture, showsBanner, showsState, signIn } from './browser.mjs';
import { check, harness, ready, scene } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';
import { Middlebox } from './middlebox.mjs';

const AGENT = '1001001';
/** The server warns of standstills from a second on. */
const STOOD_MS = 4_000;
const WAIT = { timeout: 60_000 };

/** The panel has an answer in the page's present language. */
async function answered(page, language) {
  const verdict = element(page, 'why-verdict');
  await verdict.filter({ hasText: language === 'ja' ? '原因' : 'Cause' }).waitFor(WAIT);
  return verdict;
}

/** From the menu of the agent's row; who is signed out has a button for it alone. */
async function ask(page) {
  const item = element(page, `why-${AGENT}`);
  await page.locator(`[data-testid="member-menu-${AGENT}"]:enabled`).or(item).first().click(WAIT);
  await element(page, 'why').or(item).first().waitFor(WAIT);
  if ((await element(page, 'why').count()) === 0) await item.click(WAIT);
  await page.waitForFunction(() => document.activeElement?.id === 'why-heading');
}

scene(async () => {
  const box = new Middlebox(ready.rest_plain);
  const url = await box.start();
  await inBrowser(ready.rest_plain, 'desktop-why', async (page) => {
    await bringAxe(page);
    await signIn(page, '1900001', '1901');
    const desk = await open(page, url);
    await signIn(desk, AGENT, '2001');
    await harness('stop');
    // the agent does not come back
    box.cut();
    await showsBanner(page, 'lost');
    await harness('start');
    await showsBanner(page, 'restored');
    await showsState(page, 'NOT_READY');
    await ask(page);
    const cause = await (await answered(page, 'en')).getAttribute('data-cause');
    check(/^S[12]$/.test(cause), `the panel names the cause: ${cause}, the server's stop`);
    check((await page.locator('.why-clues li').count()) > 0, 'what speaks for it is listed');
    check((await page.locator('.lanes circle').count()) > 0, 'the lanes have marks');
    check((await page.locator('.why-marks li').count()) > 0, 'the same is said in words');
    check((await page.locator('.why-facts dt').count()) > 0, 'what to do stands below');
    await picture(page, 'desktop-why');

    const { pid } = JSON.parse(readFileSync(process.env.SCENE_READY, 'utf8'));
    process.kill(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, STOOD_MS));
    process.kill(pid, 'SIGCONT');
    // asked again with each change of the language
    const warned = async () => {
      const language = await element(page, 'language').inputValue();
      await answered(page, language);
      await element(page, 'warnings').waitFor(WAIT);
    };
    await element(page, 'language').selectOption('ja');
    await warned();
    await picture(page, 'desktop-why-ja');
    await inspect(page, 'why', warned);
    await element(page, 'why-close').click();
    await element(page, 'why').waitFor({ ...WAIT, state: 'detached' });
  });
});
