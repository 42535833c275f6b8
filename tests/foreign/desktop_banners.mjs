// What the desk says of its surroundings: the phone system that goes and comes, a computer that slept, a browser that stood still.

import { readdirSync, readFileSync } from 'node:fs';
import { element, inBrowser, picture, showsBanner, showsState, signIn, sleeps } from './browser.mjs';
import { check, cti, ready, scene, simulate } from './finesse.mjs';
import { Middlebox } from './middlebox.mjs';

const agent = '1001001';
const extension = '2001';
const SLEPT_MS = 420_000;
/** Longer than what is worth a word (10 s), and than the server of this scene waits for a client. */
const STOPPED_MS = 14_000;

const says = async (page, id, text) => {
  await element(page, id).filter({ hasText: text }).waitFor({ timeout: 60_000 });
  console.log(`ok: ${id} says ${text}`);
};

/** All processes of the browser whose profile is named in its command line. */
function processes(profile) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (pid, file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const parents = new Map(all.map((pid) => [pid, /\) \S (\d+)/.exec(read(pid, 'stat'))?.[1]]));
  const own = new Set(all.filter((pid) => read(pid, 'cmdline').includes(profile)));
  for (let before = -1; before < own.size; ) {
    before = own.size;
    for (const [pid, parent] of parents) if (own.has(parent)) own.add(pid);
  }
  own.delete(String(process.pid));
  return [...own].map(Number);
}

async function phoneSystem(page) {
  await simulate('side a down');
  await showsBanner(page, 'service');
  check(await element(page, 'state-menu').isDisabled(), 'nothing can be asked for meanwhile');
  await simulate('side a up');
  await page.locator('[data-testid="banner"][data-kind="service"]').waitFor({ state: 'detached', timeout: 60_000 });
  await showsState(page, 'NOT_READY');
}

async function slept(page, box) {
  await sleeps(page, SLEPT_MS);
  box.cut();
  await showsBanner(page, 'lost');
  await says(page, 'banner-stood', 'This computer was asleep for 7 min');
  await picture(page, 'banner-asleep');
  box.pass();
  await showsBanner(page, 'restored');
}

/** Stopped by the system, as a starved or suspended browser is: both clocks go on. */
async function stoodStill(page, profile) {
  const stopped = processes(profile);
  check(stopped.length > 1, `the browser is ${stopped.length} processes`);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
  await cti(agent, extension, 'READY');
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  await says(page, 'banner-stood', 'This browser stood still for 1');
  await picture(page, 'banner-stalled');
  await showsState(page, 'READY');
}

scene(async () => {
  const box = new Middlebox(ready.rest_plain);
  await inBrowser(await box.start(), 'desktop-banners', async (page, profile) => {
    await signIn(page, agent, extension);
    await phoneSystem(page);
    await slept(page, box);
    await stoodStill(page, profile);
  });
});
