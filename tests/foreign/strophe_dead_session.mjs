// Strophe.js comes back with a session that the server has ended meanwhile: it must give up as on any other server, and
// what the answer says beside that must be readable for whoever looks.

import { Strophe } from 'strophe.js';
import { check, password, ready, scene, within } from './finesse.mjs';
import { XMLHttpRequest } from './xmlhttprequest.mjs';

globalThis.XMLHttpRequest = XMLHttpRequest;

const agent = '1001006';

scene(async () => {
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const connection = new Strophe.Connection(ready.bosh_plain);
  const statuses = [];
  const looks = [];
  const reached = (wanted) =>
    new Promise((resolve) => {
      const look = () => {
        const found = statuses.find(({ status }) => status === wanted);
        if (found) resolve(found);
      };
      looks.push(look);
      look();
    });
  let last;
  connection.xmlInput = (body) => {
    last = body;
  };
  connection.connect(`${agent}@${ready.domain}/strophe`, password, (status, condition) => {
    statuses.push({ status, condition });
    for (const look of looks) look();
  });
  await within(15_000, 'Strophe connects', reached(Strophe.Status.CONNECTED));

  // a tab that the browser halts
  connection.pause();
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.SCENE_SILENCE_MS ?? 8_000)));
  connection.resume();

  const failed = await within(15_000, 'Strophe gives up', reached(Strophe.Status.CONNFAIL));
  check(failed.condition === 'item-not-found', `Strophe is told item-not-found (${failed.condition})`);
  await within(15_000, 'Strophe is disconnected', reached(Strophe.Status.DISCONNECTED));
  const ended = last.getElementsByTagName('ended')[0];
  check(ended?.getAttribute('reason') === 'inactivity', 'the answer says why the session ended');
  check(!Number.isNaN(Date.parse(ended.getAttribute('at'))), 'and when');

  // and the same client can begin anew
  statuses.length = 0;
  connection.reset();
  connection.connect(`${agent}@${ready.domain}/strophe`, password, (status, condition) => {
    statuses.push({ status, condition });
    for (const look of looks) look();
  });
  await within(15_000, 'Strophe connects again', reached(Strophe.Status.CONNECTED));
  check(true, 'Strophe is back');
});
