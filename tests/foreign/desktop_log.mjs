// The client log: in a tab of its own, across the end of the desk that wrote it, saved as a file, sent to the server, thrown away; and
// the password is nowhere in it.

import { readFileSync } from 'node:fs';
import { element, inBrowser, picture, signIn } from './browser.mjs';
import { check, password, ready, scene } from './finesse.mjs';

const agent = '1001001';
const secrets = [password, Buffer.from(`${agent}:${password}`).toString('base64'), 'wrong-secret-8'];
const lines = (page) => element(page, 'log-line').allTextContents();
/** What the browser's data base has. */
const kept = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('aplomb-client-log');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction('pieces').objectStore('pieces').getAll();
          all.onsuccess = () => {
            request.result.close();
            resolve(all.result.join('\n'));
          };
        };
      }),
  );
/** Ends the worker with the desk in it, as a browser does that ends. */
async function endDesk(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const workers = targetInfos.filter(({ type }) => type === 'shared_worker');
  check(workers.length === 1, 'there is one desk');
  await session.send('Target.closeTarget', { targetId: workers[0].targetId });
}

scene(() =>
  inBrowser(ready.rest_plain, 'desktop-log', async (page) => {
    await element(page, 'login-id').fill(agent);
    await element(page, 'login-password').fill('wrong-secret-8');
    await element(page, 'login-extension').fill('2001');
    await element(page, 'login-submit').click();
    await page.locator('[aria-invalid="true"]').first().waitFor({ timeout: 20_000 });
    await signIn(page, agent, '2001');

    const opened = page.context().waitForEvent('page');
    await element(page, 'log-open').click();
    let log = await opened;
    await element(log, 'log-line').filter({ hasText: `GET User/${agent}: 200` }).first().waitFor({ timeout: 20_000 });
    await picture(log, 'desktop-client-log');
    await element(page, 'send-report').click();
    await element(page, 'report-status').filter({ hasText: /Stored by the server at .*: \d+ lines. Its number there is 1\./ }).waitFor({ timeout: 20_000 });
    console.log('ok: the server says what it has stored');
    // what was written last is kept within a second
    for (let tries = 0; !(await kept(log)).includes('ClientLog: 202'); tries += 1) {
      check(tries < 100, 'the log is being kept');
      await log.waitForTimeout(100);
    }

    await endDesk(page);
    await page.goto('about:blank');
    await log.close();
    log = page;
    await log.goto(new URL('/desktop/locallog', ready.rest_plain).href);
    check(log.url().endsWith('/desktop/container/#log'), 'the address of old leads to the log');
    await element(log, 'log-line').filter({ hasText: 'ClientLog: 202' }).first().waitFor({ timeout: 20_000 });
    const all = await lines(log);
    check(all.filter((line) => line.endsWith('Desk : started')).length === 2, 'both desks are in it, the one that ended first');

    await element(log, 'log-find').fill('clientlog: 202');
    check((await lines(log)).length === 1, 'one line is found');
    await element(log, 'log-find').fill('');
    const download = log.waitForEvent('download');
    await element(log, 'log-save').click();
    const saved = readFileSync(await (await download).path(), 'utf8');
    check(saved.includes('ClientLog: 202') && saved.startsWith('Mozilla/'), 'the file has it all');
    for (const secret of secrets) {
      check(!saved.includes(secret) && !(await kept(log)).includes(secret), `${secret.length} secret characters are nowhere in it`);
    }
    await element(log, 'log-empty').click();
    await element(log, 'log-line').filter({ hasText: 'ClientLog: 202' }).first().waitFor({ state: 'detached', timeout: 20_000 });
    check(!(await kept(log)).includes('ClientLog'), 'and it is thrown away');
  }, { reloads: true }),
);
