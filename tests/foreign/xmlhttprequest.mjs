// The part of XMLHttpRequest that Strophe uses, over node:http and node:https. Node itself has none.

import http from 'node:http';
import https from 'node:https';

const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };

export class XMLHttpRequest {
  readyState = 0;
  status = 0;
  responseText = '';
  onreadystatechange = () => {};
  #headers = {};
  #received = {};
  #request = null;

  /** Strophe 5 reads the answer here; its way without this parses the text and forgets the result. */
  get responseXML() {
    if (this.readyState !== 4 || this.responseText === '') return null;
    // Strophe has installed it.
    return new globalThis.DOMParser().parseFromString(this.responseText, 'text/xml');
  }

  open(method, url) {
    const target = new URL(url);
    const transport = target.protocol === 'https:' ? https : http;
    this.#request = () =>
      transport.request(target, { method, headers: this.#headers, agent: agents[target.protocol] }, (answer) => {
        this.#received = answer.headers;
        answer.setEncoding('utf8');
        answer.on('data', (text) => {
          this.responseText += text;
        });
        answer.on('end', () => this.#done(answer.statusCode));
      });
    this.#turn(1);
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getResponseHeader(name) {
    return this.#received[name.toLowerCase()] ?? null;
  }

  getAllResponseHeaders() {
    return Object.entries(this.#received)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  }

  send(body) {
    const request = this.#request();
    this.abort = () => request.destroy();
    request.on('error', () => this.#done(0));
    request.end(body);
  }

  abort() {}

  #done(status) {
    this.status = status;
    this.#turn(4);
  }

  #turn(state) {
    this.readyState = state;
    this.onreadystatechange();
  }
}
