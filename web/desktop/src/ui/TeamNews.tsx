import { useRef } from "preact/hooks";
import type { DeskView } from "../desk/view";
import type { TeamMessage } from "../finesse/team_message";
import { t } from "../i18n/language";
import { dayAndTime, now, timeOfDay } from "./clock";

/** What the team is told at present: what is unread in the open, the rest folded away. */
export function TeamNews({ desk }: { desk: DeskView }) {
  const { teamMessages, readMessages, distance } = desk.model;
  const { driftMs } = distance.value;
  const present = teamMessages.value.filter(({ endsAtMs }) => endsAtMs > now.value + driftMs);
  const isRead = ({ id }: TeamMessage) => readMessages.value.has(id);
  const unread = present.filter((message) => !isRead(message));
  const read = present.filter(isRead);
  const heading = useRef<HTMLHeadingElement>(null);
  const markRead = (id: string) => {
    // The button goes with its line.
    heading.current?.focus();
    desk.readTeamMessage(id);
  };
  const lines = (messages: readonly TeamMessage[], mark?: (id: string) => void) => (
    <ul>
      {messages.map((message) => (
        <Line key={message.id} message={message} driftMs={driftMs} markRead={mark} />
      ))}
    </ul>
  );
  return (
    <>
      <div role="status" class="visually-hidden">
        {unread.map(({ id, author, content }) => (
          <p key={id}>{t("teamNews.announce", { author, content })}</p>
        ))}
      </div>
      {present.length > 0 && (
        <section class="card team-news" aria-labelledby="team-news-heading" data-testid="team-news">
          <h2 id="team-news-heading" ref={heading} tabIndex={-1}>
            {t("teamNews.heading")}{" "}
            {unread.length > 0 && <span class="badge">{t("teamNews.unread", { count: unread.length })}</span>}
          </h2>
          {unread.length > 0 && lines(unread, markRead)}
          {read.length > 0 && (
            <details>
              <summary data-testid="team-news-old">{t("teamNews.read", { count: read.length })}</summary>
              {lines(read)}
            </details>
          )}
        </section>
      )}
    </>
  );
}

interface LineProps {
  message: TeamMessage;
  driftMs: number;
  /** For one that is unread. */
  markRead: ((id: string) => void) | undefined;
}

function Line({ message, driftMs, markRead }: LineProps) {
  const from = timeOfDay(message.createdAtMs - driftMs);
  const until = dayAndTime(message.endsAtMs - driftMs);
  return (
    <li class="team-news-line" data-testid="team-news-line" data-read={markRead === undefined}>
      <p class="team-news-head">
        <bdi>{message.author}</bdi> <span>{t("teamNews.time", { from, until })}</span>
      </p>
      <p class="team-news-text">
        <bdi>{message.content}</bdi>
      </p>
      {markRead && (
        <button
          type="button"
          class="button small"
          data-testid="team-news-read"
          onClick={() => markRead(message.id)}
        >
          {t("teamNews.markRead")}
        </button>
      )}
    </li>
  );
}
