/** Notes for the server, and the element that carries them (docs/manual/probe.md). */
import { xml } from "../xml/write";
import { NOTES_MAX, NOTES_PER_PROBE, WHY_MAX } from "./limits";

export const PROBE = "urn:aplomb:probe:0";

export type What =
  | "asleep"
  | "clock-set"
  | "stalled"
  | "hidden"
  | "visible"
  | "frozen"
  | "resumed"
  | "discarded"
  | "offline"
  | "online"
  | "network"
  | "lost"
  | "try"
  | "up"
  | "taken-over"
  | "started"
  | "joined"
  | "left";

export interface Note {
  atMs: number;
  what: What;
  ms?: number | undefined;
  why?: string | undefined;
}

/** What a probe says besides its notes; what is not known is left out. */
export interface Figures {
  drift?: number | undefined;
  rtt?: number | undefined;
  transport?: string | undefined;
  tabs?: number | undefined;
  visible?: number | undefined;
  gap?: number | undefined;
  late?: number | undefined;
  busy?: number | undefined;
  network?: string | undefined;
}

export class Notes {
  private readonly waiting: Note[] = [];
  private dropped = 0;
  private number = 0;

  /** @param desk a random name of this run */
  constructor(private readonly desk: string) {}

  add(note: Note): void {
    this.waiting.push(note);
    if (this.waiting.length <= NOTES_MAX) return;
    this.waiting.shift();
    this.dropped += 1;
  }

  /** How many wait. */
  get count(): number {
    return this.waiting.length;
  }

  /** A probe with the oldest notes, and what to do when it was acknowledged. */
  probe(nowMs: number, figures: Figures): { xml: string; taken: () => void } {
    this.number += 1;
    const notes = this.waiting.slice(0, NOTES_PER_PROBE);
    const { dropped } = this;
    const head = attributes({
      desk: this.desk,
      number: this.number,
      at: new Date(nowMs).toISOString(),
      ...figures,
      dropped: dropped || undefined,
    });
    const taken = () => {
      for (const note of notes) {
        const at = this.waiting.indexOf(note);
        if (at >= 0) this.waiting.splice(at, 1);
      }
      this.dropped -= dropped;
    };
    return { xml: `<probe xmlns="${PROBE}"${head}>${notes.map(element).join("")}</probe>`, taken };
  }
}

function element({ atMs, what, ms, why }: Note): string {
  const rounded = ms === undefined ? undefined : Math.round(ms);
  return `<note${attributes({ at: new Date(atMs).toISOString(), what, ms: rounded, why: why && word(why) })}/>`;
}

/** Only plain words leave: what a browser or a server says may be anything. */
function word(why: string): string {
  return why
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, WHY_MAX);
}

function attributes(values: Record<string, string | number | undefined>): string {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return known.map(([name, value]) => ` ${name}="${xml`${String(value)}`}"`).join("");
}
