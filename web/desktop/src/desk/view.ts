/**
 * The desk as the views see it. Behind it is the desk itself, or the part of it that stands in a page whose desk works
 * in a worker.
 */
import type { CallAction } from "../finesse/call_action";
import type { Dialog } from "../finesse/dialog";
import type { Warning } from "../finesse/disconnection";
import type { User } from "../finesse/user";
import type { Language } from "../i18n/language";
import type { Wish } from "./agent_state";
import type { TabFact } from "./evidence";
import type { Model } from "./model";
import type { Reported } from "./report";
import type { SignIn } from "./sign_in";
import type { Order, Tell } from "./team";
import type { Explained } from "./why";

export interface DeskView {
  readonly model: Model;
  signIn(form: SignIn): Promise<void>;
  cancelSignIn(): Promise<void>;
  ask(wish: Wish, reasonCodeId?: string): Promise<void>;
  signOut(reasonCodeId?: string): Promise<void>;
  nudge(): void;
  takeOver(): void;
  dismiss(message: number): void;
  /** The agent has read what the team was told. */
  readTeamMessage(id: string): void;
  /** A tab's word for the probe. */
  noted(fact: TabFact, present: { tabs: number; visible: number }): void;
  /** Sends the client log to the server. Returns what was stored; nothing if it was not, of which the model tells. */
  report(): Promise<Reported | undefined>;
  /** The client log, line by line; the first is the browser's name for itself. */
  log(): Promise<string>;
  emptyLog(): Promise<void>;
  readonly calls: {
    make(to: string): Promise<boolean>;
    act(call: Dialog, wish: CallAction): Promise<boolean>;
  };
  readonly team: {
    watch(teamId: string): Promise<void>;
    order(user: User, state: Order): Promise<void>;
    monitor(user: User): Promise<void>;
    barge(user: User): Promise<void>;
    look(loginIds: readonly string[]): Promise<void>;
    tell(what: Tell): Promise<boolean>;
  };
  readonly why: {
    about(loginId: string, language: Language): Promise<Explained>;
    warnings(language: Language): Promise<Warning[]>;
  };
}
