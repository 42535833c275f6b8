/** What a page and the worker with the desk say to each other. */

import type { TabFact } from "../desk/evidence";
import type { Model } from "../desk/model";
import type { Member, Watched } from "../desk/team";
import type { DeskView } from "../desk/view";
import type { Language } from "../i18n/language";

/** What a page can ask of the desk: the names of its methods. */
export type Command =
  | Exclude<keyof DeskView, "model" | "calls" | "team" | "why" | "noted">
  | `calls.${keyof DeskView["calls"]}`
  | `team.${keyof DeskView["team"]}`
  | `why.${keyof DeskView["why"]}`;

/** From a page. */
export type Asked =
  /** A tab is there. `lock` is a Web Lock that it holds as long as it lives; empty where there are none. */
  | { kind: "hello"; language: Language; lock: string; visible: boolean }
  | { kind: "language"; language: Language }
  | { kind: "visible"; visible: boolean }
  /** Something for the probe. */
  | { kind: "noted"; fact: TabFact }
  /** The last changes were taken: more may come. */
  | { kind: "took" }
  | { kind: "command"; id: number; command: Command; args: unknown[] }
  | { kind: "bye" };

/** A team without the signals of its members, which do not travel. */
export interface WatchedPlain extends Omit<Watched, "members"> {
  members: Member[];
}

type Plain = { [Name in keyof Omit<Model, "watched">]: { name: Name; value: Model[Name]["value"] } };

/** One part of the model as it is now. */
export type Change =
  | Plain[keyof Plain]
  | { name: "watched"; value: WatchedPlain | undefined }
  | { name: "member"; value: Member };

/** From the worker. */
export type Told =
  | { kind: "changes"; changes: Change[] }
  | { kind: "done"; id: number; value: unknown }
  /** A mistake of ours: what the desk expects to go wrong it tells in the model. */
  | { kind: "failed"; id: number; detail: string };

/** One end of the line between them. */
export interface Port<Out, In> {
  post(message: Out): void;
  listen(take: (message: In) => void): void;
}
