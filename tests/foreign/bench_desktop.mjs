// What the desktop costs: time from a notification to the paint of its row, at 10 and 200 events a second; processor time and memory of a
// supervisor's page with 2,000 agents who change all the time; the size of the first load. Prints Markdown.
//
//   bench_desktop.mjs --server BINARY [--minutes 60] [--agents 2000] [--secs 30]
//
// The notification's time is when it passes a proxy between server and browser, the paint's when the frame with the row's new state is
// done; both by the clock of this machine. Only rows in view are painted, so of many events only theirs are timed.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'target/release/aplomb' },
    minutes: { type: 'string', default: '60' },
    agents: { type: 'string', default: '2000' },
    secs: { type: 'string', default: '30' },
  },
});
const [minutes, agents, secs] = [Number(values.minutes), Number(values.agents), Number(values.secs)];
/** Events a second in the long run: each of 2,000 agents changes every hundred seconds. */
const BUSY_RATE = agents / 100;
const RATES = [10, 200];
/** A row in view changes so often at most: what is timed must be painted before it changes again. */
const ROW_EVERY_MS = 500;
const SUPERVISOR = '1900001';
const folder = mkdtempSync(join(tmpdir(), 'aplomb-bench-desktop-'));
process.env.SCENE_READY = join(folder, 'ready.json');
process.env.SCENE_PASSWORD = 'aplomb';
process.env.SCENE_PICTURES = folder;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const loginId = (n) => String(1_001_001 + n);
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const say = (line) => console.error(line);

async function eventually(what, ms, test) {
  const until = Date.now() + ms;
  for (;;) {
    const found = await test();
    if (found) return found;
    if (Date.now() > until) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(100);
  }
}

/** A configuration with one team, and the supervisor and everybody else in it. */
function people() {
  const verifiers = execFileSync(values.server, ['user', 'hash'], { input: 'aplomb\n', encoding: 'utf8' });
  const user = (id, last, roles, more = '') =>
    `[[users]]\nid = "${id}"\nlogin_name = "${id}"\nfirst_name = "Agent"\nlast_name = "${last}"\nteam = 5000\nroles = [${roles}]\n${more}${verifiers}`;
  const all = Array.from({ length: agents }, (_, n) => user(loginId(n), n + 1, '"agent"'));
  const supervisor = user(SUPERVISOR, 'S', '"agent", "supervisor"', 'supervises = [5000]\n');
  return ['[[teams]]\nid = 5000\nname = "Team 1"\n', supervisor, ...all].join('\n');
}

/** The demo with these people. */
async function serve(started) {
  const file = join(folder, 'people.toml');
  writeFileSync(file, people());
  const listeners = ['rest', 'rest_plain', 'notification', 'notification_plain', 'xmpp_tcp', 'xmpp_tls', 'metrics'];
  const ports = [...listeners.map((name) => `listen.${name}`), 'simulator.listen'].map((name) => `${name}=127.0.0.1:0`);
  const settings = [...ports, 'log.filter=warn'];
  const flags = settings.flatMap((setting) => ['--set', setting]);
  const places = ['--config', file, '--data-dir', join(folder, 'data'), '--ready-file', process.env.SCENE_READY];
  const args = ['serve', '--demo', '--demo-agents', String(agents), ...places, ...flags];
  started(spawn(values.server, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  await eventually('the server is ready', 60_000, () => existsSync(process.env.SCENE_READY));
}

/** Whatever happens, neither server nor files stay behind. */
let server;
process.on('exit', () => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});
await serve((child) => {
  server = child;
});
const { chromium } = await import('playwright-core');
const { executablePath } = await import('./browser.mjs');
const { ready } = await import('./finesse.mjs');
const { Middlebox } = await import('./middlebox.mjs');
const { firstLoad } = await import('./first_load.mjs');
/** An order to the CTI simulator. */
async function order(line) {
  const answer = await fetch(`http://${ready.cti_control}/`, { method: 'POST', body: line });
  if (!answer.ok) throw new Error(`${line}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** When each state of an agent passed the proxy, by agent and state. */
const passed = new Map();
const NOTIFIED = /loginId&gt;(\d+)&lt;[^]*?&lt;state&gt;([A-Z_]+)&lt;/g;

/** Notes in the page when the frame with a row's new state was done. */
function watchPaints() {
  globalThis.paints = [];
  globalThis.watching = new MutationObserver((changes) => {
    const changed = changes.map(({ target }) => [target.dataset.testid?.slice('member-'.length), target.dataset.state]);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const [agent, state] of changed) globalThis.paints.push([agent, state, at]);
      };
      port2.postMessage(0);
    });
  });
  globalThis.watching.observe(document.querySelector('.team tbody'), { attributes: true, subtree: true, attributeFilter: ['data-state'] });
}

const states = new Map();
/** The agent changes between ready and not ready. */
function change(agent) {
  const next = states.get(agent) === 'READY' ? 'NOT_READY' : 'READY';
  states.set(agent, next);
  return order(`${agent} ${next === 'READY' ? 'is ready' : 'is not ready 1'}`);
}

/** So many changes a second for so long, as even as timers are: some of rows in view, the others of agents elsewhere. */
async function run(rate, ms, seen, others) {
  const perSecond = Math.min(rate, (seen.length * 1000) / ROW_EVERY_MS, Math.max(1, rate / 2));
  const started = performance.now();
  const count = Math.floor((rate * ms) / 1000);
  const every = Math.max(1, Math.round(rate / perSecond));
  const under = new Set();
  for (let n = 0; n < count; n += 1) {
    const due = started + (n * 1000) / rate;
    if (due > performance.now()) await pause(due - performance.now());
    const of = n % every === 0 ? seen[Math.floor(n / every) % seen.length] : others[n % others.length];
    const one = change(of).finally(() => under.delete(one));
    under.add(one);
    if (under.size > 64) await Promise.race(under);
  }
  await Promise.all(under);
  return count / ((performance.now() - started) / 1000);
}

async function latency(page, rate, seen, others) {
  await page.evaluate(() => {
    globalThis.paints = [];
  });
  passed.clear();
  const reached = await run(rate, secs * 1000, seen, others);
  await pause(1_000);
  const paints = await page.evaluate(() => globalThis.paints);
  const times = [];
  for (const [agent, state, at] of paints) {
    const before = (passed.get(`${agent} ${state}`) ?? []).filter((time) => time <= at);
    const last = before.at(-1);
    if (last !== undefined) times.push(at - last);
  }
  times.sort((a, b) => a - b);
  return { rate, reached, count: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99), most: times.at(-1) };
}

/** Processor seconds and memory of the processes that have page and worker; what processes share is counted once. */
async function cost(debug) {
  const { processInfo } = await debug.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const bytes = renderers.map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024);
  return {
    cpuSecs: renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    bytes: bytes.reduce((sum, one) => sum + one, 0),
  };
}

async function longRun(page, seen, others) {
  const debug = await page.context().browser().newBrowserCDPSession();
  const inPage = await page.context().newCDPSession(page);
  // an hour's notes would be weighed with the page
  await page.evaluate(() => {
    globalThis.watching.disconnect();
    globalThis.paints = [];
  });
  const rows = [];
  const began = await cost(debug);
  let before = began;
  const step = Math.max(1, Math.round(minutes / 6));
  for (let at = 0; at < minutes; at += step) {
    const ms = Math.min(step, minutes - at) * 60_000;
    for (let done = 0; done < ms; done += 60_000) {
      await run(BUSY_RATE, Math.min(60_000, ms - done), seen, others);
      say(`minute ${at + Math.min(ms, done + 60_000) / 60_000} of ${minutes}`);
    }
    await inPage.send('HeapProfiler.collectGarbage');
    const { usedSize } = await inPage.send('Runtime.getHeapUsage');
    const now = await cost(debug);
    rows.push({ minute: at + ms / 60_000, share: (now.cpuSecs - before.cpuSecs) / (ms / 1000), bytes: now.bytes, heap: usedSize });
    before = now;
    say(`${(rows.at(-1).share * 100).toFixed(1)} % of a processor, ${mib(now.bytes)} MiB`);
  }
  return { rows, began };
}

const mib = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const ms = (value) => (value === undefined ? '–' : value.toFixed(1));

function report(times, { rows, began }, load) {
  console.log(`Chromium headless, ${cpus().length} processors, ${agents} agents in the team, ${load.view} rows in view.\n`);
  console.log('| events a second | reached | timed | notification to paint, p50 | p99 | most |');
  console.log('|---|---|---|---|---|---|');
  for (const one of times) console.log(`| ${one.rate} | ${one.reached.toFixed(1)} | ${one.count} | ${ms(one.p50)} ms | ${ms(one.p99)} ms | ${ms(one.most)} ms |`);
  console.log(`\n${BUSY_RATE} events a second for ${minutes} min; page and worker have ${mib(began.bytes)} MiB at the beginning.\n`);
  console.log('| minute | processor | memory (PSS) | page heap after collection |');
  console.log('|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.minute} | ${(row.share * 100).toFixed(1)} % | ${mib(row.bytes)} MiB | ${mib(row.heap)} MiB |`);
  console.log(`\nFirst load: ${load.files} files, ${load.bytes} bytes with gzip.`);
}

/** Everybody is signed in, so that everybody can change. */
async function signEverybodyIn() {
  for (let n = 0; n < agents; n += 50) {
    const some = Array.from({ length: Math.min(50, agents - n) }, (_, k) => loginId(n + k));
    await Promise.all(some.map((agent) => order(`${agent} signs in`)));
  }
}

async function measure() {
  const box = new Middlebox(ready.rest_plain);
  box.heard = (bytes) => {
    const at = performance.timeOrigin + performance.now();
    for (const [, agent, state] of bytes.toString('utf8').matchAll(NOTIFIED)) {
      const key = `${agent} ${state}`;
      passed.set(key, [...(passed.get(key) ?? []).slice(-3), at]);
    }
  };
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-quic', '--disable-background-networking', '--disable-sync'];
  mkdirSync(join(folder, 'profile'));
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), { executablePath, args, viewport: { width: 1280, height: 1600 } });
  try {
    const [page] = context.pages();
    const url = await box.start();
    await page.goto(url);
    const fill = (id, text) => page.getByTestId(id).fill(text);
    await fill('login-id', SUPERVISOR);
    await fill('login-password', 'aplomb');
    await fill('login-extension', '1901');
    await page.getByTestId('login-submit').click();
    say('signing everybody in');
    await signEverybodyIn();
    // the supervisor is in the team as well
    await page.getByTestId('team-count').filter({ hasText: `of ${agents + 1}` }).waitFor({ timeout: 120_000 });
    await page.evaluate(() => document.querySelector('[data-testid="team"]').scrollIntoView());
    await page.evaluate(watchPaints);
    const table = await page.locator('.window.long').boundingBox();
    const view = Math.floor((table?.height ?? 480) / 48) - 1;
    const all = await page.locator('.team tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.testid.slice('member-'.length)));
    const seen = all.filter((agent) => agent !== SUPERVISOR).slice(0, view);
    const others = Array.from({ length: agents }, (_, n) => loginId(n)).filter((agent) => !all.includes(agent));
    const times = [];
    for (const rate of RATES) {
      say(`${rate} events a second for ${secs} s`);
      times.push(await latency(page, rate, seen, others));
    }
    say(`${BUSY_RATE} events a second for ${minutes} min`);
    const busy = await longRun(page, seen, others);
    report(times, busy, { ...(await firstLoad(`${url}desktop/container/`)), view });
  } finally {
    await context.close();
  }
}

await measure();
process.exit(0);
