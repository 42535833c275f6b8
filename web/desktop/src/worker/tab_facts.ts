/** What a tab notices of itself, for the probe. */
import type { TabFact } from "../desk/evidence";

/** Browsers tell more of the network than the standard's types know. */
interface NetworkInformation extends EventTarget {
  type?: string;
  effectiveType?: string;
}

/** Tells freezes, long tasks and the network's type as long as the tab lives. */
export function watchTab(note: (fact: TabFact) => void): void {
  let frozenAtMs: number | undefined;
  document.addEventListener("freeze", () => {
    frozenAtMs = Date.now();
    note({ what: "frozen" });
  });
  document.addEventListener("resume", () => {
    note({ what: "resumed", ms: frozenAtMs === undefined ? 0 : Date.now() - frozenAtMs });
  });
  if ((document as { wasDiscarded?: boolean }).wasDiscarded) note({ what: "discarded" });
  watchTasks(note);
  const { connection } = navigator as { connection?: NetworkInformation };
  const tellNetwork = () => {
    const why = connection?.type ?? connection?.effectiveType;
    if (why) note({ what: "network", why });
  };
  connection?.addEventListener("change", tellNetwork);
  tellNetwork();
}

function watchTasks(note: (fact: TabFact) => void): void {
  if (!PerformanceObserver.supportedEntryTypes?.includes("longtask")) return;
  const observer = new PerformanceObserver((list) => {
    note({ what: "busy", ms: Math.max(...list.getEntries().map(({ duration }) => duration)) });
  });
  observer.observe({ type: "longtask" });
}
