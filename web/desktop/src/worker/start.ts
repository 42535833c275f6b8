/** Starts the worker from a page, or joins the one that other tabs have started. */
import address from "./entry?worker&url";
import type { Asked, Port, Told } from "./protocol";

interface Policy {
  createScriptURL(url: string): string;
}

/** What TypeScript does not know yet. */
interface Browser {
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
}

/** The page's Content-Security-Policy allows this one policy, and it one address. */
function trusted(url: string): string {
  const createScriptURL = (wanted: string) => {
    if (wanted === address) return wanted;
    throw new TypeError("not the worker's address");
  };
  const browser = globalThis as Browser;
  return browser.trustedTypes?.createPolicy("aplomb-worker", { createScriptURL }).createScriptURL(url) ?? url;
}

type Line = Port<Asked, Told>;

function own(url: string, failed: () => void): Line {
  const worker = new Worker(url, { type: "module", name: "aplomb" });
  worker.addEventListener("error", failed);
  return {
    post: (asked) => worker.postMessage(asked),
    listen: (take) => worker.addEventListener("message", (event: MessageEvent<Told>) => take(event.data)),
  };
}

function shared(url: string, failed: () => void): Line {
  // Lives on for a while without a page where the browser knows how, so that a reload finds its desk again.
  const options = { type: "module", name: "aplomb", extendedLifetime: true } as const;
  const worker = new SharedWorker(url, options);
  worker.addEventListener("error", failed);
  worker.port.start();
  return {
    post: (asked) => worker.port.postMessage(asked),
    listen: (take) =>
      worker.port.addEventListener("message", (event: MessageEvent<Told>) => take(event.data)),
  };
}

/**
 * The line to the desk. A shared worker that can not be had (a policy, a certificate that only this page is forgiven) is
 * replaced by one of this tab's own; `failed` is called when that can not be had either.
 */
export function startWorker(failed: () => void): Line {
  const url = trusted(address);
  if (typeof SharedWorker === "undefined") return own(url, failed);
  let said: Asked[] | undefined = [];
  let hear: (told: Told) => void = () => {};
  const take = (told: Told) => {
    said = undefined;
    hear(told);
  };
  let line = shared(url, () => {
    // An error after it has answered is one of its own, not of its start.
    if (!said) return;
    line = own(url, failed);
    line.listen(take);
    for (const asked of said) line.post(asked);
  });
  line.listen(take);
  return {
    post: (asked) => {
      said?.push(asked);
      line.post(asked);
    },
    listen: (listener) => {
      hear = listener;
    },
  };
}
