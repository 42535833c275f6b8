// Strophe.js over BOSH with TLS.

import { ready, scene } from './finesse.mjs';
import { play } from './strophe.mjs';
import { XMLHttpRequest } from './xmlhttprequest.mjs';

globalThis.XMLHttpRequest = XMLHttpRequest;

scene(() => play(ready.bosh, '1001003', '2003'));
