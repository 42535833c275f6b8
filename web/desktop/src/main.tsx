import { render } from "preact";
import { fetchPost } from "./bosh/driver";
import { Desk } from "./desk/desk";
import { startLanguage } from "./i18n/language";
import "./style/tokens.css";
import "./style/base.css";
import "./style/sign_in.css";
import "./style/desk.css";
import "./style/call.css";
import "./style/team.css";
import "./style/menu.css";
import "./style/banner.css";
import { App } from "./ui/App";
import { startClock } from "./ui/clock";

startLanguage();
startClock();

const desk = new Desk(
  fetchPost("/http-bind/"),
  document.documentElement.lang,
  location.protocol === "https:",
);

// Timers are slow in hidden tabs and stop while the computer sleeps: look at once when somebody is back.
addEventListener("online", () => desk.nudge());
addEventListener("offline", () => desk.nudge());
addEventListener("pageshow", () => desk.nudge());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") desk.nudge();
});

const root = document.getElementById("app");
if (root) render(<App desk={desk} />, root);
