// Something between browser and server, as offices have it: it passes everything on, until it is told to let no WebSocket
// through, to cut everything, or to swallow everything in silence.

import { connect, createServer } from 'node:net';

export class Middlebox {
  /** `pass`, `cut`, or `swallow`. */
  #mode = 'pass';
  #pairs = new Set();
  blocksWebSocket = false;
  /** Is told what goes to the browser. */
  heard = () => {};
  /** The request lines that went through. */
  requests = [];

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.server = createServer((near) => this.#join(near, hostname, Number(port)));
  }

  /** The address to open instead of the server's. */
  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${this.server.address().port}/`;
  }

  cut() {
    this.#mode = 'cut';
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
  }

  swallow() {
    this.#mode = 'swallow';
  }

  pass() {
    this.cut();
    this.#mode = 'pass';
  }

  #join(near, host, port) {
    if (this.#mode === 'cut') return near.destroy();
    const far = connect(port, host === 'localhost' ? '127.0.0.1' : host);
    const pair = [near, far];
    this.#pairs.add(pair);
    const end = () => {
      for (const socket of pair) socket.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => {
      const line = /^(GET|PUT|POST) (\S+) HTTP/.exec(bytes.toString('latin1', 0, 300));
      if (line) this.requests.push(`${line[1]} ${line[2]}`);
      if (this.blocksWebSocket && line?.[2].startsWith('/ws')) return end();
      if (this.#mode === 'pass') far.write(bytes);
    });
    far.on('data', (bytes) => {
      this.heard(bytes);
      if (this.#mode === 'pass') near.write(bytes);
    });
  }
}
