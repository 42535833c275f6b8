// What a browser loads first.

import { gzipSync } from 'node:zlib';

/** The page, what it names, and the worker that its script names. */
export async function firstLoad(url) {
  const texts = [await (await fetch(url)).text()];
  for (const text of texts) {
    const names = new Set(text.match(/(?:index|entry)-[\w-]+\.(?:js|css)/g));
    if (texts.length > 1 && !text.includes('SharedWorker')) continue;
    for (const name of names) texts.push(await (await fetch(new URL(`assets/${name}`, url))).text());
  }
  return { files: texts.length, bytes: texts.reduce((sum, text) => sum + gzipSync(text).length, 0) };
}
