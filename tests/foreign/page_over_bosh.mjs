// A page outside any desktop, in the manner of the oldest samples: it connects over BOSH first, signs in when it is
// connected, posts calls to its extension's dialogs, and enables buttons by the actions of its own participant.

import { check, ready, scene } from './finesse.mjs';
import { api, basic, part, text, withStrophe } from './program.mjs';
import { XMLHttpRequest } from './xmlhttprequest.mjs';

globalThis.XMLHttpRequest = XMLHttpRequest;

class Page {
  constructor(user, extension) {
    Object.assign(this, { user, extension });
  }

  async ask(method, path, body) {
    // as jQuery's ajax sends it, which says what it is also when there is nothing
    const headers = { authorization: basic(this.user), 'content-type': 'application/xml', accept: '*/*' };
    return fetch(`${api}${path}`, { method, headers, body });
  }

  async start() {
    this.events = await withStrophe(ready.bosh, this.user, 'cisco');
    const body = `<User><state>LOGIN</state><extension>${this.extension}</extension></User>`;
    check((await this.ask('PUT', `/User/${this.user}`, body)).status === 202, `${this.user} may sign in`);
    const event = await this.events.event('<user>', '<state>NOT_READY</state>');
    check(text(event, 'extension') === this.extension, `${this.user} is signed in on its extension`);
  }

  /** The event of a call in which the own participant may do `action`. */
  async call(event, action) {
    for (;;) {
      const update = await this.events.event('<Participant>', `<event>${event}</event>`);
      const own = (update.match(/<Participant>.*?<\/Participant>/gs) ?? []).find((one) => text(one, 'mediaAddress') === this.extension);
      if (own?.includes(`<action>${action}</action>`)) return text(update, 'id');
    }
  }

  async act(id, action) {
    const body = `<Dialog><requestedAction>${action}</requestedAction><targetMediaAddress>${this.extension}</targetMediaAddress></Dialog>`;
    check((await this.ask('PUT', `/Dialog/${id}`, body)).status === 202, `${this.user}: ${action}`);
  }
}

scene(async () => {
  const [caller, called] = [new Page('1001003', '2003'), new Page('1001004', '2004')];
  await caller.start();
  await called.start();
  const body = '<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>2003</fromAddress><toAddress>2004</toAddress></Dialog>';
  check((await caller.ask('POST', '/User/2003/Dialogs', body)).status === 202, 'a call is posted to the extension');
  const id = await called.call('POST', 'ANSWER');
  await called.act(id, 'ANSWER');
  check((await caller.call('PUT', 'HOLD')) === id, 'both are on the same call');
  await caller.act(id, 'HOLD');
  check((await caller.call('PUT', 'RETRIEVE')) === id, 'what is held can be retrieved');
  await caller.act(id, 'RETRIEVE');
  await caller.call('PUT', 'HOLD');
  const list = await (await caller.ask('GET', '/User/1001003/Dialogs')).text();
  check(text(list, 'id') === id && part(list, '2004', 'state') === 'ACTIVE', 'after a reload the call is found again');
  await called.act(id, 'DROP');
  await caller.events.event('<dialogs>', '<event>DELETE</event>');
  const info = await (await caller.ask('GET', '/SystemInfo')).text();
  check(text(info, 'status') === 'IN_SERVICE', 'the page shows that the system is in service');
  for (const page of [caller, called]) page.events.connection.disconnect();
});
