/** The client log's pieces in the browser's own data base (IndexedDB), which workers have as well. */
import type { Shelf } from "../evidence/kept_log";

const NAME = "aplomb-client-log";
const STORE = "pieces";

export function browserShelf(): Shelf | undefined {
  if (typeof indexedDB === "undefined") return undefined;
  let opened: Promise<IDBDatabase> | undefined;
  const store = async (mode: IDBTransactionMode) => {
    opened ??= open();
    return (await opened).transaction(STORE, mode).objectStore(STORE);
  };
  return {
    async all() {
      const pieces = await store("readonly");
      // In one transaction, and in the order of their keys both.
      const [keys, texts] = await Promise.all([done(pieces.getAllKeys()), done(pieces.getAll())]);
      return keys.map((key, at) => ({ key: Number(key), text: String(texts[at]) }));
    },
    async put(text) {
      return Number(await done((await store("readwrite")).add(text)));
    },
    async remove(keys) {
      const pieces = await store("readwrite");
      await Promise.all(keys.map((key) => done(pieces.delete(key))));
    },
  };
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}
