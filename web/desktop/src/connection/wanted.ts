/** Says what is wanted for something: its name, and the nodes whose events are wanted from now on. */
export type Subscribe = (what: string, nodes: readonly string[]) => void;

/** Nodes whose events are wanted besides those that come by themselves, by what they are wanted for. */
export class Wanted {
  private readonly nodes = new Map<string, readonly string[]>();

  /** Each once, whatever it is wanted for. */
  get all(): string[] {
    return [...new Set([...this.nodes.values()].flat())];
  }

  has(node: string): boolean {
    return [...this.nodes.values()].some((nodes) => nodes.includes(node));
  }

  /** For `what` these are wanted now, and no others. Returns the nodes that are new, and those nobody wants any more. */
  change(what: string, nodes: readonly string[]): { fresh: string[]; gone: string[] } {
    const before = new Set(this.all);
    this.nodes.set(what, nodes);
    const after = new Set(this.all);
    return {
      fresh: [...after].filter((node) => !before.has(node)),
      gone: [...before].filter((node) => !after.has(node)),
    };
  }

  clear(): void {
    this.nodes.clear();
  }
}
