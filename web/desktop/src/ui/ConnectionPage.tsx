import { useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { History } from "../evidence/history";
import { HISTORY_MS } from "../evidence/limits";
import type { Note } from "../evidence/probe";
import { isTextKey, language, t } from "../i18n/language";
import { durationText, measureText, say } from "../i18n/say";
import { now } from "./clock";
import { HourPicture } from "./HourPicture";
import { LOG_ADDRESS } from "./place";
import { Report } from "./Report";

/** The line about the connection, and behind it its last hour: as a picture, and in words. */
export function ConnectionPage({ desk }: { desk: DeskView }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="connection-page" aria-label={t("connection.heading")}>
      <ConnectionLine desk={desk} open={open} toggle={() => setOpen(!open)} />
      {open && <Hour desk={desk} />}
    </section>
  );
}

function ConnectionLine({ desk, open, toggle }: { desk: DeskView; open: boolean; toggle: () => void }) {
  const { connected, distance, transport } = desk.model;
  const { roundTripMs, driftMs } = distance.value;
  const detail = { roundTrip: say(measureText(roundTripMs)), drift: say(measureText(driftMs)) };
  return (
    <p
      class="connection"
      data-testid="connection"
      data-connected={connected.value}
      data-transport={transport.value}
    >
      <span class="connection-word">{t(connected.value ? "connection.up" : "connection.lost")}</span>
      {connected.value && transport.value && <span>{t(`connection.${transport.value}`)}</span>}
      {connected.value && <span>{t("connection.detail", detail)}</span>}
      <button
        type="button"
        class="button small"
        data-testid="connection-hour"
        aria-expanded={open}
        onClick={toggle}
      >
        {t("connection.hour")}
      </button>
      <a class="button small" href={LOG_ADDRESS} target="_blank" rel="noreferrer" data-testid="log-open">
        {t("log.open")}
      </a>
      <Report desk={desk} />
    </p>
  );
}

function Hour({ desk }: { desk: DeskView }) {
  const history = desk.model.history.value;
  // To the minute: a picture that moves twice a second would be read out of its place.
  const endMs = Math.floor(now.value / 60_000) * 60_000 + 60_000;
  return (
    <div class="card hour" data-testid="hour">
      <h2>{t("connection.heading")}</h2>
      <HourPicture history={history} startMs={endMs - HISTORY_MS} endMs={endMs} />
      <div class="hour-tables">
        <Events history={history} />
        <Samples history={history} />
      </div>
    </div>
  );
}

function Events({ history }: { history: History }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section class="hour-scroll" aria-label={t("hour.events")} tabIndex={0}>
      <table>
        <caption>{t("hour.events")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hour.time")}</th>
            <th scope="col">{t("hour.what")}</th>
            <th scope="col">{t("hour.length")}</th>
          </tr>
        </thead>
        <tbody>
          {[...history.events].reverse().map((event) => (
            <tr key={`${event.atMs} ${event.what}`} data-testid={`hour-${event.what}`}>
              <td>{clock(event.atMs)}</td>
              <td>{eventText(event)}</td>
              <td>{event.ms === undefined ? "" : say(durationText(Math.abs(event.ms)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Samples({ history }: { history: History }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    <section class="hour-scroll" aria-label={t("hour.minutes")} tabIndex={0}>
      <table>
        <caption>{t("hour.minutes")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hour.time")}</th>
            <th scope="col">{t("hour.roundTrip")}</th>
            <th scope="col">{t("hour.drift")}</th>
            <th scope="col">{t("hour.gap")}</th>
          </tr>
        </thead>
        <tbody>
          {[...history.samples].reverse().map((sample) => (
            <tr key={sample.atMs}>
              <td>{clock(sample.atMs)}</td>
              <td>{say(measureText(sample.roundTripMs))}</td>
              <td>{say(measureText(sample.driftMs))}</td>
              <td>{say(durationText(sample.gapMs))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What happened, and why as far as there are words for it. */
function eventText({ what, why }: Note): string {
  const words = t(`hour.${what}`);
  const cause = `banner.lost.${why}`;
  if (isTextKey(cause)) return `${words} ${t(cause, { detail: "" })}`;
  const transport = `connection.${why}`;
  if (isTextKey(transport)) return `${words} (${t(transport)})`;
  return why ? `${words} (${why})` : words;
}

function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString(language.value);
}
