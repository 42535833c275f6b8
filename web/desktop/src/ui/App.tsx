import type { DeskView } from "../desk/view";
import { LANGUAGES, type Language, language, speak, t } from "../i18n/language";
import { AgentPanel } from "./AgentPanel";
import { Banners } from "./Banners";
import { CallHistory } from "./CallHistory";
import { Calls } from "./Calls";
import { ConnectionPage } from "./ConnectionPage";
import { DialPanel } from "./DialPanel";
import { LogPage } from "./LogPage";
import { Messages } from "./Messages";
import { place } from "./place";
import { QueuePanel } from "./QueuePanel";
import { SignInForm } from "./SignInForm";
import { StatePanel } from "./StatePanel";
import { TeamNews } from "./TeamNews";
import { TeamPanel } from "./TeamPanel";
import { Warnings } from "./Warnings";
import { WhyPanel } from "./Why";

export function App({ desk }: { desk: DeskView }) {
  const { phase, user } = desk.model;
  const agent = phase.value.kind === "signedIn" ? user.value : undefined;
  return (
    <div class="page">
      <header class="top">
        <Wordmark />
        <LanguageSwitch />
      </header>
      <Banners desk={desk} />
      {place.value === "log" ? (
        <LogPage desk={desk} />
      ) : agent ? (
        <main class="desk">
          <AgentPanel desk={desk} user={agent} />
          <div class="desk-news">
            <Messages desk={desk} />
            <TeamNews desk={desk} />
          </div>
          <div class="desk-side">
            <StatePanel desk={desk} user={agent} />
          </div>
          <div class="desk-work">
            <Calls desk={desk} user={agent} />
            <Warnings desk={desk} user={agent} />
            <TeamPanel desk={desk} user={agent} />
            <WhyPanel desk={desk} />
          </div>
          <div class="desk-after">
            <DialPanel desk={desk} />
            <QueuePanel desk={desk} />
            <CallHistory desk={desk} />
          </div>
          <ConnectionPage desk={desk} />
        </main>
      ) : (
        <SignInForm desk={desk} />
      )}
    </div>
  );
}

/** A plumb line: the name's origin, à plomb. */
function Wordmark() {
  return (
    <p class="wordmark">
      <svg viewBox="0 0 16 26" aria-hidden="true">
        <path d="M8 0v10" class="line" />
        <path d="M3.5 9h9l-1 8L8 26l-3.5-9z" class="bob" />
      </svg>
      {t("app.title")}
    </p>
  );
}

function LanguageSwitch() {
  return (
    <label class="language">
      <span class="visually-hidden">{t("app.language")}</span>
      <select
        data-testid="language"
        value={language.value}
        onChange={(event) => speak(event.currentTarget.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
