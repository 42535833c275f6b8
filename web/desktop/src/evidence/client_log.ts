/**
 * The client log, in the original's line format: this computer's time, the host, the server's time as far as it can be
 * known, who speaks, and what. Nothing of a request's body, and no password, is ever given to it.
 */
import { KeptLog, type Shelf } from "./kept_log";
import { LINE_MAX, LOG_CHARACTERS_MAX } from "./limits";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export class ClientLog {
  private lines: string[] = [];
  private characters = 0;
  /** The server's clock minus this one's; undefined before it was measured. */
  driftMs: number | undefined;
  private readonly secrets = new Set<string>();

  private readonly kept: KeptLog | undefined;

  /** @param shelf where lines survive a reload; without one they are in memory only */
  constructor(
    private readonly host: string,
    shelf?: Shelf,
  ) {
    // Lines of earlier runs stand before those of this one, of which there may be some by then.
    this.kept = shelf && new KeptLog(shelf, (earlier) => this.begin(earlier));
  }

  /** Whatever happens, this text is in no line. */
  hide(secret: string): void {
    if (secret) this.secrets.add(secret);
  }

  add(nowMs: number, origin: string, message: string): void {
    const line = formatLine(nowMs, this.driftMs, this.host, origin, this.clean(message));
    this.lines.push(line);
    this.characters += line.length + 1;
    this.keepBound();
    this.kept?.add(line);
  }

  /** How many lines there are. */
  get count(): number {
    return this.lines.length;
  }

  /** Throws all of it away, what is kept across reloads as well. */
  async empty(): Promise<void> {
    this.lines = [];
    this.characters = 0;
    await this.kept?.empty();
  }

  /** COMPAT(finesse): a posted log begins with the browser's name for itself. */
  text(userAgent: string): string {
    return [this.clean(userAgent), ...this.lines].join("\n");
  }

  private begin(earlier: readonly string[]): void {
    this.lines = [...earlier, ...this.lines];
    this.characters = this.lines.reduce((sum, line) => sum + line.length + 1, 0);
    this.keepBound();
  }

  private keepBound(): void {
    while (this.characters > LOG_CHARACTERS_MAX) this.characters -= (this.lines.shift() ?? "").length + 1;
  }

  private clean(message: string): string {
    let text = message;
    for (const secret of this.secrets) text = text.replaceAll(secret, "***");
    // A line is a line, whatever somebody put into a name.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a line.
    return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").slice(0, LINE_MAX);
  }
}

/** `2026-11-22T10:00:00.000 +09:00: : host: Nov 22 2026 01:00:00.120 +0000: Header : text` */
export function formatLine(
  nowMs: number,
  driftMs: number | undefined,
  host: string,
  origin: string,
  message: string,
  offsetMin = -new Date(nowMs).getTimezoneOffset(),
): string {
  const local = new Date(nowMs + offsetMin * 60_000).toISOString().slice(0, -1);
  return `${local} ${zone(offsetMin, ":")}: : ${host}: ${server(nowMs, driftMs)}: ${origin} : ${message}`;
}

function server(nowMs: number, driftMs: number | undefined): string {
  if (driftMs === undefined) return "--- -- ---- --:--:--.--- -----";
  const at = new Date(nowMs + driftMs);
  const [date = "", time = ""] = at.toISOString().slice(0, -1).split("T");
  const [year, , day] = date.split("-");
  return `${MONTHS[at.getUTCMonth()]} ${day} ${year} ${time} +0000`;
}

function zone(offsetMin: number, between: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(offsetMin);
  return `${offsetMin < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${between}${two(size % 60)}`;
}
