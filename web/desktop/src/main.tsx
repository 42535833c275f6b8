import { effect } from "@preact/signals";
import { render } from "preact";
import { requestId } from "./finesse/request_id";
import { language, startLanguage, t } from "./i18n/language";
import "./style/tokens.css";
import "./style/base.css";
import "./style/sign_in.css";
import "./style/desk.css";
import "./style/call.css";
import "./style/call_data.css";
import "./style/combobox.css";
import "./style/queue.css";
import "./style/team.css";
import "./style/team_news.css";
import "./style/menu.css";
import "./style/banner.css";
import "./style/connection.css";
import "./style/log.css";
import "./style/why.css";
import { App } from "./ui/App";
import { startClock } from "./ui/clock";
import { watchPlace } from "./ui/place";
import { RemoteDesk } from "./worker/remote";
import { startWorker } from "./worker/start";
import { watchTab } from "./worker/tab_facts";

startLanguage();
startClock();
watchPlace();

const root = document.getElementById("app");
const desk = new RemoteDesk(
  startWorker(() =>
    root?.replaceChildren(
      Object.assign(document.createElement("p"), { role: "alert", textContent: t("app.noWorker") }),
    ),
  ),
);
const isVisible = () => document.visibilityState === "visible";

const lock = navigator.locks ? `aplomb-tab-${requestId()}` : "";
const hello = () => desk.hello({ language: language.peek(), visible: isVisible(), lock });

// Held as long as this tab lives: the worker waits for it, and so knows when the tab is gone, however it went.
const held = () => {
  hello();
  return new Promise(() => {});
};
if (lock) void navigator.locks.request(lock, held);
else hello();
effect(() => desk.speaks(language.value));

addEventListener("pagehide", () => desk.bye());
/** A worker that is there answers a hello at once. */
const ANSWER_MS = 2_000;
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  const before = desk.heard;
  hello();
  void desk.nudge();
  // A page that was away for long comes back to a worker that has ended.
  setTimeout(() => desk.heard === before && location.reload(), ANSWER_MS);
});
document.addEventListener("visibilitychange", () => {
  desk.seen(isVisible());
  if (isVisible()) void desk.nudge();
});

// What the worker has may be a desk with an agent at it: no form before that is known.
void desk.ready.then(() => {
  watchTab((fact) => desk.noted(fact));
  if (root) render(<App desk={desk} />, root);
});
