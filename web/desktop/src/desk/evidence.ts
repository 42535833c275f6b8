/** What the desk notes of its own computer and connection: for the page, for the server, and for the client log. */
import type { Connection, State } from "../connection/connection";
import { ClientLog } from "../evidence/client_log";
import { ClockWatch, wasSleep } from "../evidence/clock_watch";
import { extend } from "../evidence/history";
import type { Shelf } from "../evidence/kept_log";
import { TICK_MS } from "../evidence/limits";
import { type Figures, type Note, Notes, type What } from "../evidence/probe";
import type { Model } from "./model";

/** What a tab tells of itself. */
export type TabFact =
  | { what: "hidden" | "visible" | "frozen" | "resumed" | "discarded" | "joined" | "left"; ms?: number }
  | { what: "network"; why: string }
  | { what: "busy"; ms: number };

const clocks = () => ({ wallMs: Date.now(), ownMs: performance.now() });

export class Evidence {
  readonly log: ClientLog;
  private readonly notes: Notes;
  private readonly watch = new ClockWatch(clocks());
  private readonly figures: Figures = {};
  /** A jump of the wall clock that the server's clock has not explained yet. */
  private jump: { ms: number; driftMs: number } | undefined;
  private downSinceMs: number | undefined;
  private refused = false;

  /**
   * @param measure asks the server for its time
   * @param tabs how many there are, and how many can be seen
   */
  constructor(
    private readonly model: Model,
    private readonly connection: Connection,
    private readonly measure: () => Promise<void>,
    name: string,
    host: string,
    shelf: Shelf | undefined,
  ) {
    this.log = new ClientLog(host, shelf);
    this.notes = new Notes(name);
    this.note("started");
    setInterval(() => this.tick(), TICK_MS);
  }

  note(what: What, more: { ms?: number | undefined; why?: string | undefined } = {}): void {
    const note: Note = { atMs: Date.now(), what, ...more };
    this.notes.add(note);
    const { history } = this.model;
    history.value = extend(history.value, note.atMs, { event: note });
    const length = note.ms === undefined ? "" : ` ${Math.round(note.ms)} ms`;
    this.log.add(note.atMs, "Desk", `${what}${length}${note.why ? ` (${note.why})` : ""}`);
  }

  /** A tab's word. */
  tab(fact: TabFact, present: { tabs: number; visible: number }): void {
    this.figures.tabs = present.tabs;
    this.figures.visible = present.visible;
    if (fact.what === "busy") this.figures.busy = Math.max(this.figures.busy ?? 0, Math.round(fact.ms));
    else if (fact.what === "network") {
      if (fact.why === this.figures.network) return;
      this.figures.network = fact.why;
      this.note("network", { why: fact.why });
    } else this.note(fact.what, { ms: fact.ms });
  }

  /** Distances were measured: once a minute, and when a clock jumped. */
  measured(): void {
    const { driftMs, roundTripMs } = this.model.distance.value;
    const now = Date.now();
    this.log.driftMs = driftMs;
    this.figures.drift = Math.round(driftMs);
    this.figures.rtt = Math.round(roundTripMs);
    this.settleJump(driftMs);
    const gapMs = this.connection.takeGap();
    const lateMs = this.watch.takeLate();
    this.figures.gap = Math.max(this.figures.gap ?? 0, gapMs);
    this.figures.late = Math.max(this.figures.late ?? 0, lateMs);
    const { history } = this.model;
    history.value = extend(history.value, now, {
      sample: { atMs: now, roundTripMs, driftMs, gapMs, lateMs },
    });
    const server = new Date(now + driftMs).toISOString();
    // COMPAT(finesse): this line, word for word, is what people look for.
    const header = `Client: ${new Date(now).toISOString()}, Server: ${server}, Drift: ${Math.round(driftMs)} ms`;
    this.log.add(now, "Header", `${header}, Network Latency (round trip): ${Math.round(roundTripMs)} ms`);
  }

  connectionChanged(state: State): void {
    if (state.kind === "up") {
      const ms = this.downSinceMs === undefined ? undefined : Date.now() - this.downSinceMs;
      this.downSinceMs = undefined;
      this.refused = false;
      this.figures.transport = state.transport;
      this.note("up", { ms, why: state.transport });
    } else if (state.kind === "lost" && this.downSinceMs === undefined) {
      this.downSinceMs = state.sinceMs;
      this.note("lost", { why: state.ended.reason });
      this.log.add(Date.now(), "Desk", `connection lost: ${state.ended.reason} (${state.ended.detail})`);
    } else if (state.kind === "conflict") this.note("taken-over");
  }

  /** Sends what there is; what is not acknowledged goes again with the next. */
  async ship(): Promise<void> {
    if (this.refused) return;
    const { xml, taken } = this.notes.probe(Date.now(), this.figures);
    for (const figure of ["gap", "late", "busy"] as const) delete this.figures[figure];
    const answer = await this.connection.probe(xml);
    if (answer === "no") this.refused = true;
    if (answer !== "yes") return;
    taken();
    if (this.notes.count > 0) await this.ship();
  }

  private tick(): void {
    const found = this.watch.tick(clocks());
    if (!found) return;
    if (found.kind === "stalled") {
      this.note("stalled", { ms: found.ms });
      this.model.stood.value = { atMs: Date.now(), ms: found.ms, asleep: false };
    } else {
      this.jump = {
        ms: found.ms + (this.jump?.ms ?? 0),
        driftMs: this.jump?.driftMs ?? this.figures.drift ?? 0,
      };
      void this.measure();
    }
    // Whoever slept does not wait for timers to find out what is left of the connection.
    this.connection.nudge();
  }

  private settleJump(driftMs: number): void {
    const { jump } = this;
    this.jump = undefined;
    if (!jump) return;
    if (wasSleep(jump.ms, jump.driftMs, driftMs)) {
      this.note("asleep", { ms: jump.ms });
      this.model.stood.value = { atMs: Date.now(), ms: jump.ms, asleep: true };
    } else this.note("clock-set", { ms: jump.ms });
  }
}
