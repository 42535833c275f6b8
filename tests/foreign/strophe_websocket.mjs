// Strophe.js over WebSocket with TLS.

import { ready, scene } from './finesse.mjs';
import { play } from './strophe.mjs';

scene(() => play(ready.ws, '1001005', '2005'));
