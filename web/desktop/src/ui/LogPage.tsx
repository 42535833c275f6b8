import { useEffect, useMemo, useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import { t } from "../i18n/language";
import { Report } from "./Report";

/** How often the log is read anew while somebody looks. */
const READ_EVERY_MS = 2_000;

/** Lines that are in the page at once, the latest; the file has all. */
const SHOWN_MAX = 500;

/** The client log of this browser: to read, to find something in, to save, to send, to throw away. */
export function LogPage({ desk }: { desk: DeskView }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    const read = async () => setLines((await desk.log()).split("\n"));
    void read();
    const timer = setInterval(() => void read(), READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [desk]);
  const found = useMemo(() => {
    const words = wanted.trim().toLowerCase();
    const numbered = lines.map((text, number) => ({ text, number }));
    return numbered.filter(({ text }) => text.toLowerCase().includes(words));
  }, [lines, wanted]);
  return (
    <main class="log-page card" aria-labelledby="log-heading" data-testid="log">
      <h1 id="log-heading">{t("log.heading")}</h1>
      <p>{t("log.what")}</p>
      <div class="log-tools">
        <label>
          <span class="visually-hidden">{t("log.find")}</span>
          <input
            type="search"
            placeholder={t("log.find")}
            data-testid="log-find"
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        </label>
        <button type="button" class="button small" data-testid="log-save" onClick={() => save(lines)}>
          {t("log.save")}
        </button>
        <button
          type="button"
          class="button small"
          data-testid="log-empty"
          onClick={() => void desk.emptyLog().then(() => setLines([]))}
        >
          {t("log.empty")}
        </button>
        {desk.model.phase.value.kind === "signedIn" && <Report desk={desk} />}
        <p class="log-count" data-testid="log-count">
          {t("log.count", {
            shown: Math.min(found.length, SHOWN_MAX),
            found: found.length,
            all: lines.length,
          })}
        </p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      <section class="log-lines" aria-label={t("log.lines")} tabIndex={0}>
        <ol>
          {found.slice(-SHOWN_MAX).map(({ text, number }) => (
            <li key={number} data-testid="log-line">
              <bdi>{text}</bdi>
            </li>
          ))}
        </ol>
      </section>
    </main>
  );
}

function save(lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
  const name = `aplomb-client-log-${new Date().toISOString().replaceAll(":", "-").slice(0, 19)}.log`;
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // The browser has it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
