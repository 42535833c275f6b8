// What the Node scenes share: where the server is, the web service, the phone system, and waiting.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const password = process.env.SCENE_PASSWORD;

export const ready = JSON.parse(readFileSync(process.env.SCENE_READY, 'utf8'));

/** Ends the scene unless `condition` holds. */
export function check(condition, what) {
  if (!condition) throw new Error(`FAILED: ${what}`);
  console.log(`ok: ${what}`);
}

/** The promise's value, unless it takes longer than `ms`. */
export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`FAILED: not within ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** PUT /finesse/api/User/{user} as that user, over TLS with the certificate verified. */
export async function putUser(user, body, requestId = '') {
  const answer = await fetch(`${ready.rest.replace(/\/$/, '')}/finesse/api/User/${user}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/xml',
      requestId,
    },
    body,
  });
  check(answer.status === 202, `the web service answers 202 to ${body} (${answer.status})`);
}

/** A request to the web service, over TLS with the certificate verified. Ends the scene unless it is answered with 2xx. */
export async function ask(user, method, path, body, type = 'application/xml') {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(new URL(`/finesse/api/${path}`, ready.rest), {
    method,
    headers: { authorization, 'content-type': type },
    body,
  });
  check(answer.ok, `the web service answers ${answer.status} to ${method} ${path} ${answer.ok ? '' : await answer.text()}`);
  return answer;
}

/** Changes an agent's state on the phone system, by a CTI session of its own. */
export async function cti(agent, instrument, state) {
  const script = fileURLToPath(new URL('cti.py', import.meta.url));
  await promisify(execFile)(process.env.SCENE_PYTHON, [script, ready.cti, agent, instrument, state]);
  console.log(`ok: the phone system takes ${state} for ${agent}`);
}

/** Plays a line of the CTI simulator's script (docs/manual/simulator.md). */
export async function simulate(line) {
  const answer = await fetch(`http://${ready.cti_control}/`, { method: 'POST', body: line });
  const said = await answer.text();
  check(answer.ok, `the simulator takes '${line}' ${answer.ok ? '' : said}`);
  return said;
}

let answers;

/** Asks the harness for something (`stop`, `start`) and waits until it is done. */
export async function harness(what) {
  answers ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log(`@${what}`);
  await within(60_000, what, answers.next());
}

/** Runs a scene; whatever it throws is printed and ends the process with 1. */
export function scene(play) {
  play().then(
    () => process.exit(0),
    (error) => {
      console.log(error.stack ?? String(error));
      process.exit(1);
    },
  );
}
