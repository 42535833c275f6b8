/**
 * The client log across reloads: lines are put aside in pieces, within a bound, and found again by the next run. Where the
 * browser keeps nothing (a private window, a full disk) the log is in memory only.
 */
import { KEPT_CHARACTERS_MAX, KEPT_PIECE_MAX, KEPT_WRITE_MS } from "./limits";

/** Where pieces lie, oldest first. Any of these may fail. */
export interface Shelf {
  all(): Promise<{ key: number; text: string }[]>;
  put(text: string): Promise<number>;
  remove(keys: readonly number[]): Promise<void>;
}

export class KeptLog {
  private pieces: { key: number; characters: number }[] = [];
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** One after the other: pieces stay in order, and within the bound. */
  private working: Promise<void>;
  private broken = false;

  /** @param found is told the lines of earlier runs, once */
  constructor(
    private readonly shelf: Shelf,
    found: (lines: readonly string[]) => void,
  ) {
    this.working = this.careful(async () => {
      const all = await shelf.all();
      this.pieces = all.map(({ key, text }) => ({ key, characters: text.length }));
      found(all.flatMap(({ text }) => text.split("\n")));
    });
  }

  /** Puts a line aside, soon. */
  add(line: string): void {
    if (this.broken) return;
    this.waiting.push(line);
    const full = this.waiting.reduce((sum, one) => sum + one.length + 1, 0) >= KEPT_PIECE_MAX;
    if (full) this.write();
    else this.timer ??= setTimeout(() => this.write(), KEPT_WRITE_MS);
  }

  /** Throws all of it away. */
  async empty(): Promise<void> {
    this.waiting = [];
    this.working = this.working.then(() =>
      this.careful(async () => {
        await this.shelf.remove(this.pieces.splice(0).map(({ key }) => key));
      }),
    );
    await this.working;
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.waiting.splice(0).join("\n");
    if (text === "") return;
    this.working = this.working.then(() => this.careful(() => this.put(text)));
  }

  private async put(text: string): Promise<void> {
    this.pieces.push({ key: await this.shelf.put(text), characters: text.length });
    let characters = this.pieces.reduce((sum, piece) => sum + piece.characters, 0);
    const gone: number[] = [];
    while (characters > KEPT_CHARACTERS_MAX) {
      const oldest = this.pieces.shift();
      if (!oldest) break;
      characters -= oldest.characters;
      gone.push(oldest.key);
    }
    if (gone.length > 0) await this.shelf.remove(gone);
  }

  /** A browser that keeps nothing is not asked again: the log goes on without. */
  private async careful(run: () => Promise<void>): Promise<void> {
    if (this.broken) return;
    try {
      await run();
    } catch {
      this.broken = true;
      this.waiting = [];
    }
  }
}
