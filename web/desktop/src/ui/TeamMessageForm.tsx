import { useEffect, useRef, useState } from "preact/hooks";
import { TELL_LENGTH_MAX, type Tell } from "../desk/team";
import type { DeskView } from "../desk/view";
import type { User } from "../finesse/user";
import { t } from "../i18n/language";
import { durationText, say } from "../i18n/say";

/** For how long a message is shown, in seconds. The last is for a shift. */
const DURATIONS_SECS = [300, 1_800, 3_600, 28_800] as const;

/** What a supervisor tells the team in view, or all teams. */
export function TeamMessageForm({ desk, user }: { desk: DeskView; user: User }) {
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState(false);
  return (
    <div class="team-message">
      <button
        type="button"
        class="button small"
        data-testid="team-message-open"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
          setSent(false);
        }}
      >
        {t("team.message")}
      </button>
      <span role="status" data-testid="team-message-status">
        {sent && t("team.message.sent")}
      </span>
      {open && (
        <Form
          desk={desk}
          user={user}
          done={() => {
            setOpen(false);
            setSent(true);
          }}
        />
      )}
    </div>
  );
}

function Form({ desk, user, done }: { desk: DeskView; user: User; done: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [busy, setBusy] = useState(false);
  const [left, setLeft] = useState(TELL_LENGTH_MAX);
  const send = async (event: Event) => {
    event.preventDefault();
    const fields = form.current && new FormData(form.current);
    const content = String(fields?.get("content") ?? "").trim();
    if (!fields || content === "" || busy) return;
    const inView = desk.model.watched.value?.id ?? "";
    const teams = fields.get("all") ? user.teams.map(({ id }) => id) : [inView];
    const tell: Tell = { content, secs: Number(fields.get("secs")), teams };
    setBusy(true);
    const went = await desk.team.tell(tell);
    setBusy(false);
    if (went) done();
  };
  return (
    <form ref={form} class="team-message-form" onSubmit={(event) => void send(event)}>
      <label>
        <span>{t("team.message.content")}</span>
        <textarea
          name="content"
          rows={2}
          required
          maxLength={TELL_LENGTH_MAX}
          data-testid="team-message"
          ref={field}
          onInput={(event) => setLeft(TELL_LENGTH_MAX - event.currentTarget.value.length)}
        />
      </label>
      <p class="team-message-left">{t("team.message.left", { count: left })}</p>
      <label>
        <span>{t("team.message.howLong")}</span>
        <select name="secs" data-testid="team-message-secs">
          {DURATIONS_SECS.map((secs) => (
            <option key={secs} value={secs}>
              {say(durationText(secs * 1000))}
            </option>
          ))}
        </select>
      </label>
      {user.teams.length > 1 && (
        <label class="check">
          <input type="checkbox" name="all" data-testid="team-message-all" />
          <span>{t("team.message.all", { count: user.teams.length })}</span>
        </label>
      )}
      <button type="submit" class="button primary" data-testid="team-message-send" disabled={busy}>
        {t("team.message.send")}
      </button>
    </form>
  );
}
