/**
 * The desk's side of the worker: any number of tabs see one desk. Each tab is told what changed, and no more until it has
 * taken that: a tab that stands still costs nothing, and sees the present when it goes on.
 */
import { effect } from "@preact/signals-core";
import type { TabFact } from "../desk/evidence";
import type { Model } from "../desk/model";
import type { DeskView } from "../desk/view";
import { language } from "../i18n/language";
import type { Asked, Change, Command, Port, Told } from "./protocol";

/** What a tab has to be told: the name of a part of the model, or a member of the team. */
type Part = Exclude<keyof Model, "watched"> | "watched" | `member ${string}`;

interface Tab {
  port: Port<Told, Asked>;
  news: Set<Part>;
  /** It has not taken yet what it was told last. */
  behind: boolean;
  visible: boolean;
}

/** More tabs than anybody opens; the rest is not told anything. */
export const TABS_MAX = 32;

/** How long a desk waits for a tab when the last one is gone: a reload is back long before. */
export const ALONE_MS = 30_000;

export class Host {
  private readonly tabs = new Set<Tab>();
  private readonly members: (() => void)[] = [];
  private flushDue = false;
  private leaving: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param gone resolves when the holder of that Web Lock is gone; absent where there are no locks
   * @param end ends the worker: a browser that keeps it through a reload may keep it for ever, and the agent signed in
   */
  constructor(
    private readonly desk: DeskView,
    private readonly gone?: (lock: string) => Promise<void>,
    private readonly end?: () => void,
  ) {
    for (const name of names(desk.model)) {
      effect(() => {
        void desk.model[name].value;
        this.changed(name);
        if (name === "watched") this.followMembers();
      });
    }
  }

  /** Takes a tab in: it says hello and is told all there is. */
  join(port: Port<Told, Asked>): void {
    const tab: Tab = { port, news: new Set(), behind: false, visible: false };
    port.listen((asked) => this.take(tab, asked));
  }

  /** How many tabs there are, and how many of them can be seen. */
  get present(): { tabs: number; visible: number } {
    return { tabs: this.tabs.size, visible: [...this.tabs].filter(({ visible }) => visible).length };
  }

  private take(tab: Tab, asked: Asked): void {
    if (asked.kind === "hello") return this.welcome(tab, asked);
    if (asked.kind === "bye") this.part(tab);
    if (!this.tabs.has(tab)) return;
    if (asked.kind === "language") language.value = asked.language;
    else if (asked.kind === "visible") this.seen(tab, asked.visible);
    else if (asked.kind === "noted") this.note(asked.fact);
    else if (asked.kind === "command") void this.run(tab, asked.id, asked.command, asked.args);
    else if (asked.kind === "took") {
      tab.behind = false;
      this.tell(tab);
    }
  }

  private welcome(tab: Tab, hello: Asked & { kind: "hello" }): void {
    if (this.tabs.size >= TABS_MAX) return;
    clearTimeout(this.leaving);
    this.tabs.add(tab);
    language.value = hello.language;
    tab.visible = hello.visible;
    tab.behind = false;
    tab.news = new Set(names(this.desk.model));
    this.tell(tab);
    this.note({ what: "joined" });
    if (hello.lock) void this.gone?.(hello.lock).then(() => this.part(tab));
  }

  private part(tab: Tab): void {
    if (!this.tabs.delete(tab)) return;
    this.note({ what: "left" });
    if (this.tabs.size === 0 && this.end) this.leaving = setTimeout(this.end, ALONE_MS);
  }

  /** Only the last one to go and the first one to come matter. */
  private seen(tab: Tab, visible: boolean): void {
    const before = this.present.visible;
    tab.visible = visible;
    const after = this.present.visible;
    if (before > 0 && after === 0) this.note({ what: "hidden" });
    if (before === 0 && after > 0) this.note({ what: "visible" });
  }

  private note(fact: TabFact): void {
    this.desk.noted(fact, this.present);
  }

  private async run(tab: Tab, id: number, command: Command, args: unknown[]): Promise<void> {
    try {
      tab.port.post({ kind: "done", id, value: await method(this.desk, command)(...args) });
    } catch (error) {
      tab.port.post({ kind: "failed", id, detail: String(error) });
    }
  }

  private changed(part: Part): void {
    for (const tab of this.tabs) tab.news.add(part);
    if (this.flushDue) return;
    this.flushDue = true;
    // What changes together is told together.
    queueMicrotask(() => {
      this.flushDue = false;
      for (const tab of this.tabs) this.tell(tab);
    });
  }

  /** Each member of the team is a signal of its own. */
  private followMembers(): void {
    for (const stop of this.members.splice(0)) stop();
    for (const [loginId, member] of this.desk.model.watched.peek()?.members ?? []) {
      let known = false;
      this.members.push(
        effect(() => {
          void member.value;
          if (known) this.changed(`member ${loginId}`);
          known = true;
        }),
      );
    }
  }

  private tell(tab: Tab): void {
    if (tab.behind || tab.news.size === 0) return;
    const parts = [...tab.news];
    tab.news.clear();
    tab.behind = true;
    const whole = parts.includes("watched");
    const news = parts.filter((part) => !(whole && part.startsWith("member ")));
    const changes = news.map((part) => this.read(part)).filter((change) => change !== undefined);
    tab.port.post({ kind: "changes", changes });
  }

  private read(part: Part): Change | undefined {
    const { model } = this.desk;
    if (part === "watched") return { name: "watched", value: plainTeam(model) };
    if (part.startsWith("member ")) {
      const member = model.watched.peek()?.members.get(part.slice("member ".length));
      return member && { name: "member", value: member.peek() };
    }
    const name = part as Exclude<keyof Model, "watched">;
    return { name, value: model[name].peek() } as Change;
  }
}

function names(model: Model): (keyof Model)[] {
  return Object.keys(model) as (keyof Model)[];
}

function plainTeam(model: Model): (Change & { name: "watched" })["value"] {
  const watched = model.watched.peek();
  return watched && { ...watched, members: [...watched.members.values()].map((member) => member.peek()) };
}

type Method = (...args: unknown[]) => unknown;

/** Only what is named here can be asked for. */
function method(desk: DeskView, command: Command): Method {
  const methods: Record<Command, Method> = {
    signIn: bound(desk, "signIn"),
    cancelSignIn: bound(desk, "cancelSignIn"),
    ask: bound(desk, "ask"),
    signOut: bound(desk, "signOut"),
    nudge: bound(desk, "nudge"),
    takeOver: bound(desk, "takeOver"),
    dismiss: bound(desk, "dismiss"),
    readTeamMessage: bound(desk, "readTeamMessage"),
    report: bound(desk, "report"),
    log: bound(desk, "log"),
    emptyLog: bound(desk, "emptyLog"),
    "calls.make": bound(desk.calls, "make"),
    "calls.act": bound(desk.calls, "act"),
    "team.watch": bound(desk.team, "watch"),
    "team.order": bound(desk.team, "order"),
    "team.monitor": bound(desk.team, "monitor"),
    "team.barge": bound(desk.team, "barge"),
    "team.look": bound(desk.team, "look"),
    "team.tell": bound(desk.team, "tell"),
    "why.about": bound(desk.why, "about"),
    "why.warnings": bound(desk.why, "warnings"),
  };
  return methods[command];
}

function bound<On, Name extends keyof On>(on: On, name: Name): Method {
  return (...args) => (on[name] as Method).apply(on, args);
}
