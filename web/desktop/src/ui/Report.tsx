import { useState } from "preact/hooks";
import type { Reported } from "../desk/report";
import type { DeskView } from "../desk/view";
import { language, t } from "../i18n/language";

/** The button that sends the client log, and what became of it. */
export function Report({ desk }: { desk: DeskView }) {
  const [state, setState] = useState<"idle" | "busy" | Reported>("idle");
  const send = async () => {
    setState("busy");
    setState((await desk.report()) ?? "idle");
  };
  return (
    <>
      <button
        type="button"
        class="button small"
        data-testid="send-report"
        disabled={state === "busy"}
        onClick={() => void send()}
      >
        {t("report.send")}
      </button>
      <span role="status" data-testid="report-status">
        {typeof state === "object" && said(state)}
      </span>
    </>
  );
}

function said({ number, lines, atMs }: Reported): string {
  const words = { lines, time: new Date(atMs).toLocaleTimeString(language.value) };
  const sent = t("report.sent", words);
  return number === undefined ? sent : `${sent} ${t("report.number", { number })}`;
}
