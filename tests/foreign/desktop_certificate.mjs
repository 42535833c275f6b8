// The server comes back with another certificate, which the browser does not trust: the desk says what to do, and the link leads to
// where the browser asks.

import { createHash, X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect } from 'node:tls';
import { element, inBrowser, showsBanner, signIn } from './browser.mjs';
import { check, harness, ready, scene } from './finesse.mjs';
import { bringAxe, inspect } from './looks.mjs';

const { hostname, port } = new URL(ready.rest);

/** What the browser shall trust: the key of the certificate that the server has now. */
const key = () =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), servername: hostname, rejectUnauthorized: false }, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw);
      resolve(createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64'));
      socket.destroy();
    });
    socket.on('error', reject);
  });

scene(async () => {
  const trust = `--ignore-certificate-errors-spki-list=${await key()}`;
  await inBrowser(
    ready.rest,
    'desktop-certificate',
    async (page) => {
      await signIn(page, '1001001', '2001');
      await harness('stop');
      await showsBanner(page, 'lost');
      rmSync(join(dirname(process.env.SCENE_READY), 'data/tls'), { recursive: true });
      await harness('start');
      const link = element(page, 'banner-certificate');
      await link.waitFor({ timeout: 60_000 });
      await bringAxe(page);
      await inspect(page, 'banner-certificate');
      const opened = page.context().waitForEvent('page');
      await link.click();
      const asked = await opened;
      const refused = await asked.goto(new URL('/desktop/settings.json', ready.rest).href).catch((error) => String(error));
      check(/ERR_CERT/.test(refused), `the browser itself says that it does not trust the certificate: ${String(refused).split('\n')[0]}`);
    },
    { trust },
  );
});
