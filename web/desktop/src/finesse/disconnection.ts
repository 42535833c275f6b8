/** Why an agent was disconnected, and what may end so: the server's JSON, as far as the page shows it. */

export const LANES = ["desktop", "network", "notification", "web", "cti"] as const;
export type Lane = (typeof LANES)[number];

/** Something that happened, or a stretch of time that ran down. */
export interface Mark {
  lane: Lane;
  atMs: number;
  text: string;
}

export interface Stretch {
  lane: Lane;
  fromMs: number;
  toMs: number;
}

/** A piece of evidence: what it says, and whether it was looked for. */
export interface Clue {
  against: boolean;
  says: string;
  found: "seen" | "absent" | "not-looked";
  lines: { atMs: number; text: string }[];
}

export interface Cause {
  id: string;
  name: string;
  remedy: string;
  command: string;
  disturbs: string;
  clues: Clue[];
}

export interface Disconnection {
  verdict: "disconnected" | "connected" | "no-session";
  /** When the session ended. */
  atMs: number | undefined;
  forcedLogoutAtMs: number | undefined;
  confidence: "high" | "medium" | "low";
  cause: Cause | undefined;
  /** How to find out more. */
  ways: string[];
  /** How many others fell silent at the same time, and whether that is more than chance. */
  others: { count: number; moreThanChance: boolean };
  /** What reports will call it. */
  codes: { code: number; deployment: string; says: string }[];
  stretches: Stretch[];
  marks: Mark[];
}

export interface Warning {
  atMs: number;
  /** The agent's loginId; undefined where it is about the server or many. */
  agent: string | undefined;
  times: number;
  text: string;
}

/** The lines that are shown at most. */
const LIST_MAX = 40;

type Json = Record<string, unknown>;

/** @returns undefined for what is no such document */
export function readDisconnection(document: unknown): Disconnection | undefined {
  const root = object(document);
  const verdict = word(root.verdict, ["disconnected", "connected", "no-session"] as const);
  const why = object(root.cause);
  if (!verdict) return undefined;
  const ended = object(root.disconnection);
  const others = object(why.others);
  return {
    verdict,
    atMs: time(ended.at),
    forcedLogoutAtMs: time(ended.forced_logout_at),
    confidence: word(why.confidence, ["high", "medium", "low"] as const) ?? "low",
    cause: why.cause ? readCause(object(why.cause)) : undefined,
    ways: [...new Set(list(why.missing).map(({ how }) => text(how)))].filter((how) => how !== "").slice(0, 3),
    others: { count: Number(others.count) || 0, moreThanChance: others.more_than_chance === true },
    codes: list(why.reason_codes).map(({ code, deployment, says }) => ({
      code: Number(code) || 0,
      deployment: text(deployment),
      says: text(says),
    })),
    stretches: list(why.countdowns).flatMap((one) => {
      const [lane, fromMs, toMs] = [word(one.lane, LANES), time(one.from), time(one.to)];
      return lane && fromMs !== undefined && toMs !== undefined ? [{ lane, fromMs, toMs }] : [];
    }),
    marks: list(why.lanes).flatMap((one) => {
      const [lane, atMs] = [word(one.lane, LANES), time(one.at)];
      return lane && atMs !== undefined ? [{ lane, atMs, text: text(one.text) }] : [];
    }),
  };
}

/** @returns undefined for what is no such document */
export function readWarnings(document: unknown): Warning[] | undefined {
  const root = object(document);
  if (!Array.isArray(root.warnings)) return undefined;
  return list(root.warnings).flatMap((one) => {
    const atMs = time(one.at);
    const agent = typeof one.agent === "string" ? one.agent : undefined;
    return atMs === undefined ? [] : [{ atMs, agent, times: Number(one.times) || 1, text: text(one.text) }];
  });
}

function readCause(cause: Json): Cause {
  return {
    id: text(cause.id),
    name: text(cause.name),
    remedy: text(cause.remedy),
    command: text(cause.command),
    disturbs: text(cause.disturbs),
    clues: list(cause.clues).map((clue) => ({
      against: clue.role === "against",
      says: text(clue.says),
      found: word(clue.found, ["seen", "absent", "not-looked"] as const) ?? "not-looked",
      lines: list(clue.lines).flatMap((line) => {
        const atMs = time(line.at);
        return atMs === undefined ? [] : [{ atMs, text: text(line.text) }];
      }),
    })),
  };
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.slice(0, LIST_MAX).map(object) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function time(value: unknown): number | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function word<const Words extends readonly string[]>(
  value: unknown,
  words: Words,
): Words[number] | undefined {
  return words.find((one) => one === value);
}
