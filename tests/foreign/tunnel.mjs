// Chromium: a page on the web service's port holds its connection on the notification service's port, through the
// tunnel in a frame, as the original's desktop does.

import { inBrowser } from './browser.mjs';
import { check, password, putUser, ready, scene, within } from './finesse.mjs';

const desktop = ready.rest.replace(/\/$/, '');
const tunnel = new URL('/tunnel/', ready.bosh).href;

/** A page of ours at `origin`, without any policy of its own, with the tunnel in a frame. */
async function pageAt(context, origin, how) {
  const page = await context.newPage();
  page.on('console', (line) => console.log(`the page: ${line.text()}`));
  page.on('requestfailed', (request) => console.log(`failed: ${request.url()} ${request.failure()?.errorText}`));
  await page.route(`${origin}/tunnel-test`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  await page.goto(`${origin}/tunnel-test`);
  await page.evaluate(
    ([address, inFrame]) => {
      globalThis.heard = [];
      addEventListener('message', ({ data, origin }) => {
        if (origin === new URL(address).origin) globalThis.heard.push(data);
      });
      if (inFrame) {
        const frame = document.createElement('iframe');
        frame.src = address;
        document.body.append(frame);
        globalThis.tunnel = frame.contentWindow;
      } else {
        globalThis.tunnel = window.open(address);
      }
    },
    [tunnel, how === 'frame'],
  );
  return page;
}

const say = (page, text) => page.evaluate(([message, address]) => globalThis.tunnel.postMessage(message, new URL(address).origin), [text, tunnel]);

/** Waits for a message with all of these words and returns it. */
async function hears(page, ...words) {
  const handle = await page.waitForFunction(
    (all) => globalThis.heard.find((message) => all.every((word) => message.includes(word))),
    words,
    { timeout: 15_000 },
  );
  const message = await handle.jsonValue();
  console.log(`ok: the page hears ${message.slice(0, 60)}`);
  return message;
}

/** What is heard from now on is not taken for what was heard before. */
const forget = (page) => page.evaluate(() => globalThis.heard.splice(0));

/** Nothing gets through for a while: the tunnel notices, and comes back by itself. */
async function broken(page) {
  await forget(page);
  const everyRequest = '**/http-bind/';
  await page.route(everyRequest, (route) => route.abort());
  await say(page, '14|');
  await hears(page, '4|disconnected');
  await hears(page, '4|reconnecting');
  await page.unroute(everyRequest);
  await hears(page, '4|connected');
}

async function introduce(page, agent, resource, type) {
  await say(page, `12|${type}`);
  await say(page, `3|${resource}`);
  await say(page, `1|${agent}`);
  await say(page, `5|${ready.domain}`);
  await say(page, `2|${password}`);
  await say(page, `6|${ready.pubsub_domain}`);
}

async function play(context, type, agent, extension) {
  const page = await pageAt(context, desktop, 'frame');
  await hears(page, '4|loaded');
  await introduce(page, agent, 'desktop', type);
  await hears(page, '4|connecting');
  await hears(page, '4|connected');
  await hears(page, '9|', `finesse@${ready.domain}`);

  await putUser(agent, `<User><state>LOGIN</state><extension>${extension}</extension></User>`, `by-${type}`);
  const event = await hears(page, '0|', '<state>NOT_READY</state>', `by-${type}`);
  check(event.startsWith(`0|${encodeURIComponent(`/finesse/api/User/${agent}`)}<Update>`), `node and payload: ${event.slice(0, 80)}`);

  await say(page, '7|/finesse/api/Team/5000/Users');
  const refused = await hears(page, '7|');
  check(refused === '7|/finesse/api/Team/5000/Users|not-authorized', `an agent may not watch the team: ${refused}`);
  await say(page, `7|/finesse/api/User/${agent}`);
  await hears(page, `7|/finesse/api/User/${agent}`);
  await say(page, '14|');
  await hears(page, '14|', encodeURIComponent(`/finesse/api/User/${agent}`));

  await forget(page);
  await say(page, `8|/finesse/api/User/${agent}`);
  const left = await hears(page, `8|/finesse/api/User/${agent}`);
  check(left === `8|/finesse/api/User/${agent}`, `unsubscribed: ${left}`);
  await say(page, `8|/finesse/api/User/${agent}`);
  const twice = await hears(page, '8|', '|unexpected-request');
  check(twice.startsWith(`8|/finesse/api/User/${agent}|`), `and not twice: ${twice}`);

  // a connection that the page lets go of and wants again
  await forget(page);
  await say(page, '11|');
  await hears(page, '4|disconnecting');
  await hears(page, '4|disconnected');
  await say(page, '10|');
  await hears(page, '4|connecting');
  await hears(page, '4|connected');
  if (type === 'bosh') await broken(page);

  // what the original's page may send besides does no harm
  await say(page, '15|{"any":"thing"}');
  await say(page, '16|{"any":"thing"}');
  await hears(page, '13|', 'FINESSE_CONTAINER_CONFIG');

  const second = await pageAt(context, desktop, 'frame');
  await hears(second, '4|loaded');
  await introduce(second, agent, 'desktop', type);
  await hears(second, '4|connected');
  await hears(page, '4|conflict');

  await forget(second);
  await second.evaluate(() => document.querySelector('iframe').remove());
  await hears(second, '4|unloading');
  await page.close();
  await second.close();
}

async function wrongPassword(context) {
  const page = await pageAt(context, desktop, 'frame');
  await hears(page, '4|loaded');
  await say(page, '1|1001009');
  await say(page, '2|wrong');
  await say(page, `5|${ready.domain}`);
  await say(page, `6|${ready.pubsub_domain}`);
  await hears(page, '4|unauthorized');
  await page.close();
}

/** A page of another port that opens the tunnel as a window, where no policy of frames stands in the way. */
async function stranger(context) {
  const opened = context.waitForEvent('page', (page) => page.url().includes('/tunnel/') || page.url() === 'about:blank');
  const page = await pageAt(context, 'https://localhost:1', 'window');
  const popup = await opened;
  const sockets = [];
  popup.on('websocket', (socket) => sockets.push(socket.url()));
  await within(10_000, 'the tunnel in a window', popup.waitForLoadState());
  await hears(page, '4|loaded');
  await introduce(page, '1001009', 'stranger', 'websocket');
  // what was posted before this has been handled when it returns
  await popup.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
  check(sockets.length === 0, 'a page of another port is not listened to');
  check((await page.evaluate(() => globalThis.heard)).join() === '4|loaded', 'and hears nothing');
}

scene(() =>
  inBrowser(ready.rest, 'tunnel', async (desk) => {
    const context = desk.context();
    await play(context, 'websocket', '1001007', '2007');
    await play(context, 'bosh', '1001008', '2008');
    await wrongPassword(context);
    await stranger(context);
  }),
);
