// The tunnel: holds a page's connection to the notification service, so that the page itself can be on another port.
// The page talks to it with postMessage, each message `TYPE|data`, as it does with the original's.

'use strict';

(() => {
  const Type = {
    EVENT: 0,
    ID: 1,
    PASSWORD: 2,
    RESOURCEID: 3,
    STATUS: 4,
    XMPPDOMAIN: 5,
    PUBSUBDOMAIN: 6,
    SUBSCRIBE: 7,
    UNSUBSCRIBE: 8,
    PRESENCE: 9,
    CONNECT_REQ: 10,
    DISCONNECT_REQ: 11,
    CONNECTION_TYPE: 12,
    LOGGING: 13,
    SUBSCRIPTIONS_REQ: 14,
    XMPP_DISCONNECT_PROPERTIES: 15,
    FINESSE_CONTAINER_CONFIG: 16,
  };
  // COMPAT(finesse): of these the original's documents give the numbers and names only. What we send in the first two is
  // a guess: a presence as it came, and the nodes with commas. The other two are taken, so that a page which sends them
  // goes on, and nothing is done with them.
  const UNDOCUMENTED = {
    [Type.PRESENCE]: (presence) => new XMLSerializer().serializeToString(presence),
    [Type.SUBSCRIPTIONS_REQ]: (nodes) => nodes.map(encodeURIComponent).join(','),
    [Type.XMPP_DISCONNECT_PROPERTIES]: () => log('XMPP_DISCONNECT_PROPERTIES is not used here'),
    [Type.FINESSE_CONTAINER_CONFIG]: () => log('FINESSE_CONTAINER_CONFIG is not used here'),
  };
  const NS = {
    bind: 'urn:ietf:params:xml:ns:xmpp-bind',
    bosh: 'http://jabber.org/protocol/httpbind',
    client: 'jabber:client',
    event: 'http://jabber.org/protocol/pubsub#event',
    framing: 'urn:ietf:params:xml:ns:xmpp-framing',
    pubsub: 'http://jabber.org/protocol/pubsub',
    sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
    streams: 'http://etherx.jabber.org/streams',
    xbosh: 'urn:xmpp:xbosh',
  };
  const IQ_MS_MAX = 20_000;
  const BACKOFF_MS_MAX = 30_000;
  const WAIT_SECS = 30;
  const REPEATS_MAX = 3;

  const settings = document.querySelector('meta[name=tunnel]').dataset;
  const ports = settings.ports.split(' ');
  const origins = settings.origins.split(' ');

  const escape = (text) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
  const parse = (text) => new DOMParser().parseFromString(text, 'application/xml').documentElement;
  const child = (element, ns, name) => [...element.children].find((one) => one.namespaceURI === ns && one.localName === name);

  // --- the page ---------------------------------------------------------------------------------------------------

  const opener = window.parent === window ? window.opener : window.parent;
  let pageOrigin = null;

  /** Pages of this host on the ports of this server, and those that the operator lists. */
  function isAllowed(origin) {
    if (origins.includes('*') || origins.includes(origin)) return true;
    let url;
    try {
      url = new URL(origin);
    } catch {
      return false;
    }
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return url.hostname === location.hostname && ports.includes(port);
  }

  function tell(type, data) {
    if (pageOrigin) opener.postMessage(`${type}|${data}`, pageOrigin);
  }

  const status = (word) => tell(Type.STATUS, word);
  const log = (text) => tell(Type.LOGGING, text);

  // --- two ways to the service: send(xml), restart(), close(); onElement(element), onEnd(why) -----------------------

  class WebSocketLink {
    constructor(domain) {
      this.header = `<open xmlns="${NS.framing}" to="${escape(domain)}" version="1.0"/>`;
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      this.socket = new WebSocket(`${scheme}://${location.host}/ws/`, 'xmpp');
      this.socket.onopen = () => this.socket.send(this.header);
      this.socket.onclose = () => this.onEnd('the connection is gone');
      this.socket.onmessage = ({ data }) => {
        const element = parse(data);
        if (element.namespaceURI === NS.framing && element.localName === 'close') this.onEnd('the server closed');
        else if (element.namespaceURI !== NS.framing) this.onElement(element);
      };
    }

    send(xml) {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(xml);
    }

    restart() {
      this.send(this.header);
    }

    close() {
      this.send(`<close xmlns="${NS.framing}"/>`);
      this.socket.close();
    }
  }

  class BoshLink {
    constructor(domain) {
      this.domain = escape(domain);
      this.rid = crypto.getRandomValues(new Uint32Array(1))[0];
      this.sid = null;
      this.waiting = [];
      this.open = 0;
      this.over = false;
      // answers are taken in the order of their requests
      this.order = Promise.resolve();
      this.post(`to="${this.domain}" ver="1.11" wait="${WAIT_SECS}" hold="1" xml:lang="en" xmpp:version="1.0"`, '');
    }

    send(xml) {
      this.waiting.push(xml);
      // what is said in one turn leaves in one request
      queueMicrotask(() => this.pump());
    }

    restart() {
      this.post(`xmpp:restart="true" to="${this.domain}"`, '');
    }

    close() {
      if (this.over || !this.sid) return;
      const body = this.body('type="terminate"', '<presence xmlns="jabber:client" type="unavailable"/>');
      this.over = true;
      fetch('/http-bind/', { method: 'POST', body, keepalive: true }).catch(() => {});
    }

    pump() {
      if (this.over || !this.sid) return;
      if (this.waiting.length > 0 ? this.open < 2 : this.open === 0) this.post('', this.waiting.splice(0).join(''));
    }

    body(attributes, payload) {
      const sid = this.sid ? `sid="${this.sid}"` : '';
      this.rid += 1;
      return `<body xmlns="${NS.bosh}" xmlns:xmpp="${NS.xbosh}" rid="${this.rid}" ${sid} ${attributes}>${payload}</body>`;
    }

    post(attributes, payload) {
      const answer = this.ask(this.body(attributes, payload));
      this.open += 1;
      this.order = this.order.then(async () => {
        const text = await answer;
        this.open -= 1;
        if (text !== null) this.take(parse(text));
        this.pump();
      });
    }

    /** The answer to one body, repeated as it is when the network fails; null when the session is over. */
    async ask(body) {
      for (let attempt = 0; !this.over; attempt += 1) {
        try {
          const response = await fetch('/http-bind/', { method: 'POST', body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
          if (response.ok) return await response.text();
          this.end(`the server answers ${response.status}`);
        } catch {
          if (attempt >= REPEATS_MAX) this.end('no answer');
          else await new Promise((resolve) => setTimeout(resolve, 1_000));
        }
      }
      return null;
    }

    take(body) {
      this.sid ??= body.getAttribute('sid');
      for (const element of [...body.children]) this.onElement(element);
      if (body.getAttribute('type') === 'terminate') this.end(body.getAttribute('condition') ?? 'the server closed');
    }

    end(why) {
      if (this.over) return;
      this.over = true;
      this.onEnd(why);
    }
  }

  // --- the session ------------------------------------------------------------------------------------------------

  const page = { type: 'websocket' };
  const subscribed = new Set();
  let link = null;
  let jid = null;
  let isSignedIn = false;
  let isConnected = false;
  let wanted = false;
  let failures = 0;
  let timer;
  let number = 0;
  const questions = new Map();

  function connect() {
    const { id, password, domain, pubsub } = page;
    if (link || [id, password, domain, pubsub].includes(undefined)) return;
    clearTimeout(timer);
    wanted = true;
    isSignedIn = isConnected = false;
    jid = null;
    status(failures > 0 ? 'reconnecting' : 'connecting');
    const mine = page.type === 'bosh' ? new BoshLink(domain) : new WebSocketLink(domain);
    link = mine;
    mine.onElement = (element) => {
      if (link === mine) take(element);
    };
    mine.onEnd = (why) => {
      if (link === mine) lost('disconnected', why);
    };
  }

  /** The connection is over; unless nobody wants it any more, it is tried again. */
  function lost(word, why) {
    link = null;
    log(`disconnected: ${why}`);
    for (const settle of questions.values()) settle(null);
    questions.clear();
    status(word);
    if (!wanted) return;
    failures += 1;
    const ms = Math.min(BACKOFF_MS_MAX, 1_000 * 2 ** (failures - 1));
    timer = setTimeout(connect, ms * (0.5 + Math.random() / 2));
  }

  function disconnect(word) {
    wanted = false;
    clearTimeout(timer);
    if (!link) return;
    status('disconnecting');
    const mine = link;
    lost(word, 'asked for');
    mine.close();
  }

  function take(element) {
    const name = element.localName;
    if (element.namespaceURI === NS.sasl) authenticated(name);
    else if (element.namespaceURI === NS.streams && name === 'features') negotiate(element);
    else if (element.namespaceURI === NS.streams && name === 'error') refused(element);
    else if (name === 'iq') answered(element);
    else if (name === 'presence') present(element);
    else if (name === 'message') happened(element);
  }

  function negotiate(features) {
    if (!isSignedIn && child(features, NS.sasl, 'mechanisms')) {
      const bytes = new TextEncoder().encode(`\0${page.id.toLowerCase()}\0${page.password}`);
      const plain = btoa(String.fromCharCode(...bytes));
      link.send(`<auth xmlns="${NS.sasl}" mechanism="PLAIN">${plain}</auth>`);
      return;
    }
    const resource = page.resource ? `<resource>${escape(page.resource)}</resource>` : '';
    ask('set', null, `<bind xmlns="${NS.bind}">${resource}</bind>`).then((answer) => {
      jid = answer?.getElementsByTagNameNS(NS.bind, 'jid')[0]?.textContent;
      if (!jid) return;
      link.send(`<presence xmlns="${NS.client}"/>`);
      for (const node of subscribed) pubsub('subscribe', node);
    });
  }

  function authenticated(name) {
    if (name === 'success') {
      isSignedIn = true;
      link.restart();
    } else if (name === 'failure') {
      disconnect('unauthorized');
    }
  }

  function refused(error) {
    const condition = error.firstElementChild?.localName;
    log(`stream error: ${condition}`);
    if (condition === 'conflict') disconnect('conflict');
  }

  function present(presence) {
    const from = presence.getAttribute('from') ?? '';
    const isAvailable = presence.getAttribute('type') === null;
    // only with the web service behind it is the connection of any use
    if (isAvailable && !isConnected && from.split('@')[0] === settings.service) {
      isConnected = true;
      failures = 0;
      status('connected');
    }
    tell(Type.PRESENCE, UNDOCUMENTED[Type.PRESENCE](presence));
  }

  function happened(message) {
    const event = child(message, NS.event, 'event');
    const items = event && child(event, NS.event, 'items');
    for (const item of items ? [...items.children] : []) {
      tell(Type.EVENT, encodeURIComponent(items.getAttribute('node')) + item.textContent);
    }
  }

  /** Asks with an IQ; resolves with the answer, or null without one. */
  function ask(type, to, payload) {
    number += 1;
    const id = `tunnel-${number}`;
    const address = to ? `to="${escape(to)}"` : '';
    link?.send(`<iq xmlns="${NS.client}" type="${type}" id="${id}" ${address}>${payload}</iq>`);
    return new Promise((resolve) => {
      const late = setTimeout(() => settle(null), IQ_MS_MAX);
      const settle = (answer) => {
        clearTimeout(late);
        questions.delete(id);
        resolve(answer);
      };
      questions.set(id, settle);
    });
  }

  function answered(iq) {
    if (['result', 'error'].includes(iq.getAttribute('type'))) questions.get(iq.getAttribute('id'))?.(iq);
  }

  /** What went wrong, in a word; '' when nothing did. */
  function fault(answer) {
    if (answer === null) return 'remote-server-timeout';
    if (answer.getAttribute('type') === 'result') return '';
    return child(answer, NS.client, 'error')?.firstElementChild?.localName ?? 'undefined-condition';
  }

  async function pubsub(verb, node) {
    const payload = `<${verb} node="${escape(node)}" jid="${escape(jid ?? '')}"/>`;
    return fault(await ask('set', page.pubsub, `<pubsub xmlns="${NS.pubsub}">${payload}</pubsub>`));
  }

  async function subscribe(type, verb, node) {
    const why = jid ? await pubsub(verb, node) : 'not-connected';
    if (why === '') subscribed[verb === 'subscribe' ? 'add' : 'delete'](node);
    tell(type, why === '' ? node : `${node}|${why}`);
  }

  async function listSubscriptions() {
    const answer = await ask('get', page.pubsub, `<pubsub xmlns="${NS.pubsub}"><subscriptions/></pubsub>`);
    const all = answer ? [...answer.getElementsByTagNameNS(NS.pubsub, 'subscription')] : [];
    const nodes = all.map((one) => one.getAttribute('node'));
    tell(Type.SUBSCRIPTIONS_REQ, UNDOCUMENTED[Type.SUBSCRIPTIONS_REQ](nodes));
  }

  const handlers = {
    [Type.ID]: (data) => configure('id', data),
    [Type.PASSWORD]: (data) => configure('password', data),
    [Type.RESOURCEID]: (data) => configure('resource', data),
    [Type.XMPPDOMAIN]: (data) => configure('domain', data),
    [Type.PUBSUBDOMAIN]: (data) => configure('pubsub', data),
    [Type.CONNECTION_TYPE]: (data) => {
      page.type = data === 'bosh' ? 'bosh' : 'websocket';
    },
    [Type.SUBSCRIBE]: (node) => subscribe(Type.SUBSCRIBE, 'subscribe', node),
    [Type.UNSUBSCRIBE]: (node) => subscribe(Type.UNSUBSCRIBE, 'unsubscribe', node),
    [Type.CONNECT_REQ]: () => connect(),
    [Type.DISCONNECT_REQ]: () => disconnect('disconnected'),
    [Type.SUBSCRIPTIONS_REQ]: () => listSubscriptions(),
    [Type.XMPP_DISCONNECT_PROPERTIES]: UNDOCUMENTED[Type.XMPP_DISCONNECT_PROPERTIES],
    [Type.FINESSE_CONTAINER_CONFIG]: UNDOCUMENTED[Type.FINESSE_CONTAINER_CONFIG],
  };

  /** The connection begins when the last thing that it needs is known. */
  function configure(name, value) {
    page[name] = value;
    connect();
  }

  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== opener || typeof data !== 'string' || !isAllowed(origin)) return;
    if (pageOrigin !== null && pageOrigin !== origin) return;
    pageOrigin = origin;
    const at = data.indexOf('|');
    const type = at < 0 ? data : data.slice(0, at);
    handlers[type]?.(at < 0 ? '' : data.slice(at + 1));
  });

  window.addEventListener('pagehide', () => {
    status('unloading');
    wanted = false;
    link?.close();
  });

  // whoever is there may know that this page is; everything else goes to the origin that answers
  opener?.postMessage(`${Type.STATUS}|loaded`, '*');
})();
