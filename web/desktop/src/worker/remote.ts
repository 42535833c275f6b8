/** The desk as a page has it while the desk itself is in a worker: a copy of its model, and its methods by messages. */
import { batch, type Signal, signal } from "@preact/signals-core";
import type { TabFact } from "../desk/evidence";
import { type Model, newModel } from "../desk/model";
import type { Member } from "../desk/team";
import type { DeskView } from "../desk/view";
import type { Language } from "../i18n/language";
import type { Asked, Change, Command, Port, Told, WatchedPlain } from "./protocol";

export interface Tab {
  language: Language;
  visible: boolean;
  lock: string;
}

export class RemoteDesk implements DeskView {
  readonly model: Model = newModel();
  private readonly waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  private lastId = 0;
  /** How much the worker has told. */
  heard = 0;
  private here: (() => void) | undefined;
  /** Resolves when the worker has told what there is. */
  readonly ready = new Promise<void>((resolve) => {
    this.here = resolve;
  });

  constructor(private readonly port: Port<Asked, Told>) {
    port.listen((told) => this.take(told));
  }

  readonly signIn = this.command<DeskView["signIn"]>("signIn");
  readonly cancelSignIn = this.command<DeskView["cancelSignIn"]>("cancelSignIn");
  readonly ask = this.command<DeskView["ask"]>("ask");
  readonly signOut = this.command<DeskView["signOut"]>("signOut");
  readonly nudge = this.command<DeskView["nudge"]>("nudge");
  readonly takeOver = this.command<DeskView["takeOver"]>("takeOver");
  readonly report = this.command<DeskView["report"]>("report");
  readonly log = this.command<DeskView["log"]>("log");
  readonly emptyLog = this.command<DeskView["emptyLog"]>("emptyLog");
  readonly dismiss = this.command<DeskView["dismiss"]>("dismiss");
  readonly readTeamMessage = this.command<DeskView["readTeamMessage"]>("readTeamMessage");
  readonly calls: DeskView["calls"] = {
    make: this.command("calls.make"),
    act: this.command("calls.act"),
  };
  readonly team: DeskView["team"] = {
    watch: this.command("team.watch"),
    order: this.command("team.order"),
    monitor: this.command("team.monitor"),
    barge: this.command("team.barge"),
    look: this.command("team.look"),
    tell: this.command("team.tell"),
  };
  readonly why: DeskView["why"] = {
    about: this.command("why.about"),
    warnings: this.command("why.warnings"),
  };

  /** This tab is there (again). */
  hello(tab: Tab): void {
    this.port.post({ kind: "hello", ...tab });
  }

  speaks(language: Language): void {
    this.port.post({ kind: "language", language });
  }

  seen(visible: boolean): void {
    this.port.post({ kind: "visible", visible });
  }

  noted(fact: TabFact): void {
    this.port.post({ kind: "noted", fact });
  }

  bye(): void {
    this.port.post({ kind: "bye" });
  }

  private command<Method>(command: Command): Method {
    const send = (...args: unknown[]) => {
      this.lastId += 1;
      const id = this.lastId;
      this.port.post({ kind: "command", id, command, args });
      return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    };
    return send as Method;
  }

  private take(told: Told): void {
    this.heard += 1;
    if (told.kind === "changes") {
      batch(() => {
        for (const change of told.changes) this.apply(change);
      });
      this.port.post({ kind: "took" });
      return this.here?.();
    }
    const waiting = this.waiting.get(told.id);
    this.waiting.delete(told.id);
    if (told.kind === "done") waiting?.resolve(told.value as never);
    else waiting?.reject(new Error(told.detail));
  }

  private apply(change: Change): void {
    const { model } = this;
    if (change.name === "watched") this.show(change.value);
    else if (change.name === "member") {
      const member = model.watched.peek()?.members.get(change.value.loginId);
      if (member) member.value = change.value;
    } else (model[change.name] as Signal<unknown>).value = change.value;
  }

  /** Members who stay keep their signals, so that only rows that changed are painted. */
  private show(team: WatchedPlain | undefined): void {
    const known = this.model.watched.peek()?.members ?? new Map<string, Signal<Member>>();
    const members = team?.members.map((user): [string, Signal<Member>] => {
      const member = known.get(user.loginId) ?? signal(user);
      member.value = user;
      return [user.loginId, member];
    });
    this.model.watched.value = team && { ...team, members: new Map(members) };
  }
}
