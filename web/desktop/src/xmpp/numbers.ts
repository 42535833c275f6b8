/** Numbers of events (urn:aplomb:pubsub:numbers:0): what was missed is noticed and asked for. */
import { child, type Element, elements } from "../xml/element";
import { xml } from "../xml/write";

export const NUMBERS = "urn:aplomb:pubsub:numbers:0";

/** An event's number, and within which epoch it was given. */
export interface Mark {
  epoch: string;
  number: number;
}

/** A server that names more nodes than this is not ours; the rest is left without numbers. */
const NODES_MAX = 256;

export class Numbers {
  private readonly nodes = new Map<string, Mark>();
  /** Nodes that were asked for and not answered: until then what comes of them out of turn comes again. */
  private readonly asked = new Set<string>();

  /** Nothing is known (any more). */
  reset(): void {
    this.nodes.clear();
    this.asked.clear();
  }

  /** Its events are wanted no more. */
  forget(node: string): void {
    this.nodes.delete(node);
    this.asked.delete(node);
  }

  /** What to ask: at the beginning of a session, after a gap, and when there was no room in an answer. */
  request(): string {
    const known = [...this.nodes].map(([name, { epoch, number }]) => {
      this.asked.add(name);
      return xml`<node name="${name}" epoch="${epoch}" after="${String(number)}"/>`;
    });
    return `<numbers xmlns="${NUMBERS}">${known.join("")}</numbers>`;
  }

  /** What to do with an event: it is new, it is known already, or those before it are missing. */
  take(node: string, mark: Mark | undefined): "new" | "known" | "gap" {
    const last = this.nodes.get(node);
    if (!mark) return "new";
    if (last && last.epoch === mark.epoch && mark.number <= last.number) return "known";
    if (last && (last.epoch !== mark.epoch || mark.number > last.number + 1)) {
      return this.asked.has(node) ? "known" : "gap";
    }
    this.learn(node, mark);
    return "new";
  }

  /**
   * Takes the server's answer. `missed`: nodes of which something may be missing, undefined when that is anybody's guess;
   * `again`: it had no room for all, ask once more.
   */
  answer(iq: Element): { missed: string[] | undefined; again: boolean } {
    const numbers = child(iq, "numbers", NUMBERS);
    if (!numbers) {
      this.reset();
      return { missed: undefined, again: false };
    }
    const missed: string[] = [];
    let again = false;
    this.asked.clear();
    for (const { attributes } of elements(numbers)) {
      const name = attributes.get("name") ?? "";
      const known = this.nodes.has(name);
      if (attributes.get("again") === "true") again = true;
      else if (attributes.get("subscribed") === "false") this.nodes.delete(name);
      else {
        // Of a node that was not known nobody can say what was missed.
        if (!known || attributes.get("recovered") !== "true") missed.push(name);
        this.learn(name, {
          epoch: attributes.get("epoch") ?? "",
          number: Number(attributes.get("last")) || 0,
        });
      }
    }
    return { missed, again };
  }

  private learn(node: string, mark: Mark): void {
    if (this.nodes.has(node) || this.nodes.size < NODES_MAX) this.nodes.set(node, mark);
  }
}
