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
  const lines = (messages: readonly TeamMessage[], done: boolean) => (
    <ul>
      {messages.map((message) => (
        <Line key={message.id} desk={desk} message={message} read={done} driftMs={driftMs} />
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
          <h2 id="team-news-heading">
            {t("teamNews.heading")}{" "}
            {unread.length > 0 && <span class="badge">{t("teamNews.unread", { count: unread.length })}</span>}
          </h2>
          {unread.length > 0 && lines(unread, false)}
          {read.length > 0 && (
            <details>
              <summary data-testid="team-news-old">{t("teamNews.read", { count: read.length })}</summary>
              {lines(read, true)}
            </details>
          )}
        </section>
      )}
    </>
  );
}

interface LineProps {
  desk: DeskView;
  message: TeamMessage;
  read: boolean;
  driftMs: number;
}

function Line({ desk, message, read, driftMs }: LineProps) {
  const from = timeOfDay(message.createdAtMs - driftMs);
  const until = dayAndTime(message.endsAtMs - driftMs);
  return (
    <li class="team-news-line" data-testid="team-news-line" data-read={read}>
      <p class="team-news-head">
        <bdi>{message.author}</bdi> <span>{t("teamNews.time", { from, until })}</span>
      </p>
      <p class="team-news-text">
        <bdi>{message.content}</bdi>
      </p>
      {!read && (
        <button
          type="button"
          class="button small"
          data-testid="team-news-read"
          onClick={() => desk.readTeamMessage(message.id)}
        >
          {t("teamNews.markRead")}
        </button>
      )}
    </li>
  );
}
