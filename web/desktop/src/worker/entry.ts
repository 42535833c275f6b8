/** The worker: one desk for all tabs of the browser where workers can be shared, else for one tab. */
import { fetchPost } from "../bosh/driver";
import { bosh } from "../bosh/transport";
import { Desk } from "../desk/desk";
import { browserSocket, webSocket } from "../websocket/transport";
import { Host } from "./host";
import { loadPlan } from "./plan";
import type { Asked, Told } from "./protocol";
import { browserShelf } from "./shelf";

/** The part of a worker's global scope that is used here; TypeScript's own types for it exclude those of pages. */
interface Scope {
  onconnect?: unknown;
  postMessage?(message: unknown): void;
  close(): void;
  addEventListener(type: string, take: (event: MessageEvent) => void): void;
}

const scope = globalThis as unknown as Scope;
const dials = { websocket: webSocket(browserSocket("/ws/")), bosh: bosh(fetchPost("/http-bind/")) };
const plan = () => loadPlan("/desktop/settings.json");
const desk = new Desk(dials, location.protocol === "https:", plan, browserShelf());
const gone = navigator.locks && ((lock: string) => navigator.locks.request(lock, () => {}));
const host = new Host(desk, gone, () => scope.close());

function join(port: MessagePort | Scope): void {
  host.join({
    post: (told: Told) => port.postMessage?.(told),
    listen: (take: (asked: Asked) => void) =>
      port.addEventListener("message", (event) => take((event as MessageEvent<Asked>).data)),
  });
}

if ("onconnect" in scope) {
  scope.addEventListener("connect", ({ ports: [port] }) => {
    if (!port) return;
    join(port);
    port.start();
  });
} else join(scope);

// The browser's word for the network comes to workers too, whether a tab is awake or not.
for (const what of ["online", "offline"] as const) {
  scope.addEventListener(what, () => {
    desk.network(what);
    desk.nudge();
  });
}
