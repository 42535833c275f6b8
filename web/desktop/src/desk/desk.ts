/**
 * The agent's desk: signs in and out, asks for states, and keeps the {@link Model} true to what the server says, also
 * across lost connections.
 */
import { Connection, type Options, type Plan, type State } from "../connection/connection";
import type { Subscribe } from "../connection/wanted";
import type { Shelf } from "../evidence/kept_log";
import type { Device } from "../finesse/device";
import { requestId } from "../finesse/request_id";
import type { Change } from "../finesse/rest";
import { readUpdate } from "../finesse/update";
import type { User } from "../finesse/user";
import { language } from "../i18n/language";
import { stateText, type Text } from "../i18n/say";
import { base64 } from "../xmpp/base64";
import { AgentLine } from "./agent_line";
import { mustLeaveReadyFirst, type Wish } from "./agent_state";
import { Calls } from "./calls";
import { Configured } from "./configured";
import { Evidence, type TabFact } from "./evidence";
import { type Fault, faultOf } from "./fault";
import { HIDDEN_NUMBER_MIN, MEASURE_EVERY_MS } from "./limits";
import { dismiss, type Model, newModel, tell } from "./model";
import { Queues } from "./queues";
import { Recovery, signedOutNotice } from "./recovery";
import type { Reported } from "./report";
import { ChooseDeviceError, type SignIn, signIn } from "./sign_in";
import { TeamWatch } from "./team";
import { TeamMessages } from "./team_messages";
import type { DeskView } from "./view";
import { Why } from "./why";

/** A sign-in that was given up. */
class GivenUpError extends Error {}

export class Desk implements DeskView {
  readonly model: Model = newModel();
  private readonly line = new AgentLine(this.model);
  readonly calls = new Calls(this.model, this.line);
  private readonly subscribe: Subscribe = (what, nodes) => this.connection.subscribe(what, nodes);
  readonly team = new TeamWatch(this.model, this.line, this.subscribe);
  private readonly configured = new Configured(this.model, this.line);
  private readonly queues = new Queues(this.model, this.line, this.subscribe);
  private readonly teamMessages = new TeamMessages(this.model, this.line, this.subscribe);
  readonly why = new Why(this.line);
  private readonly recovery = new Recovery(
    this.model,
    this.line,
    () => this.refresh(),
    (why) => this.putDown(why),
  );
  private readonly connection: Connection;
  private readonly evidence: Evidence;
  /** Counts sign-ins, so that one given up knows that it is no longer the present one. */
  private round = 0;
  private webServiceSeen: (() => void) | undefined;
  private minute: ReturnType<typeof setInterval> | undefined;

  /**
   * @param encrypted whether the page came over TLS
   * @param plan asks the server how to connect; without one every transport will do
   * @param shelf where the client log survives a reload
   */
  constructor(
    dials: Options["dials"],
    private readonly encrypted: boolean,
    private readonly plan?: () => Promise<Plan | undefined>,
    shelf?: Shelf,
  ) {
    this.connection = new Connection({
      dials,
      lang: () => language.value,
      chance: () => Math.random(),
      changed: (state) => this.connectionChanged(state),
      notification: (node, payload) => this.notified(node, payload),
      presence: (user, available) => this.presence(user, available),
      settled: (whole, besides) => this.settled(whole, besides),
    });
    const measure = () => this.eachMinute();
    this.evidence = new Evidence(
      this.model,
      this.connection,
      measure,
      requestId(),
      globalThis.location?.host ?? "",
      shelf,
    );
    const unmeasured = this.model.distance.peek();
    this.model.distance.subscribe((distance) => {
      if (distance !== unmeasured) this.evidence.measured();
    });
    this.line.rest.heard = (line) => this.evidence.log.add(Date.now(), "Web service", line);
    void this.askPlan();
  }

  async signIn(form: SignIn): Promise<void> {
    const { model, line, connection, encrypted } = this;
    const plan = () => this.askPlan();
    if (model.phase.value.kind !== "signedOut") return;
    this.evidence.log.hide(form.password);
    this.evidence.log.hide(base64(`${form.id}:${form.password}`));
    const number = form.mobileAgent?.dialNumber ?? "";
    // A shorter one is part of too much else.
    if (number.length >= HIDDEN_NUMBER_MIN) this.evidence.log.hide(number);
    this.round += 1;
    const round = this.round;
    const check = () => {
      if (this.round !== round) throw new GivenUpError();
    };
    const webServicePresent = new Promise<void>((resolve) => {
      this.webServiceSeen = resolve;
    });
    try {
      const desk = { model, line, connection, encrypted, plan, webServicePresent, check };
      this.recovery.place = await signIn(desk, form);
      check();
    } catch (error) {
      // What a given-up sign-in still meets is nobody's business.
      if (this.round !== round) return;
      const choose = error instanceof ChooseDeviceError ? error.devices : undefined;
      await this.putDown(choose ? { choose } : { fault: faultOf(error) });
      return;
    }
    model.phase.value = { kind: "signedIn" };
    this.calls.begin();
    void this.calls.refresh();
    void this.configured.load();
    void this.queues.refresh();
    void this.teamMessages.follow();
    const [team] = model.user.value?.teams ?? [];
    if (team) void this.team.watch(team.id);
    this.minute = setInterval(() => void this.eachMinute(), MEASURE_EVERY_MS);
  }

  /** Gives up a sign-in under way. */
  async cancelSignIn(): Promise<void> {
    if (this.model.phase.value.kind === "signingIn") await this.putDown({});
  }

  /** Asks for a state; what comes of it shows in the model. */
  async ask(wish: Wish, reasonCodeId?: string): Promise<void> {
    const failed: Text = { key: "fault.changeTo", values: { state: stateText(wish) } };
    await this.attempt(wish, failed, () =>
      this.line.change(withReason(wish, reasonCodeId), (user) => {
        // With a reason only the answer itself will do: the state may be there already, for another reason.
        const there = user.state === wish && (reasonCodeId === undefined || user.reason?.id === reasonCodeId);
        return there || user.pendingState === wish;
      }),
    );
  }

  /** Signs out of the phone system, then of the server. */
  async signOut(reasonCodeId?: string): Promise<void> {
    const state = this.model.user.value?.state ?? "";
    await this.attempt("LOGOUT", { key: "fault.signOut" }, async () => {
      if (mustLeaveReadyFirst(state)) {
        await this.line.change({ state: "NOT_READY" }, (user) => user.state === "NOT_READY");
      }
      await this.line.change(withReason("LOGOUT", reasonCodeId), (user) => {
        return user.state === "LOGOUT" || user.pendingState === "LOGOUT";
      });
    });
  }

  /** Looks after the connection now: the network is back, the page is seen again, or somebody pressed the button. */
  nudge(): void {
    this.connection.nudge();
  }

  /** Takes the session over from where the agent signed in meanwhile. */
  takeOver(): void {
    this.connection.takeOver();
  }

  /** A message was read. */
  dismiss(message: number): void {
    dismiss(this.model, message);
  }

  readTeamMessage(id: string): void {
    this.teamMessages.read(id);
  }

  noted(fact: TabFact, present: { tabs: number; visible: number }): void {
    this.evidence.tab(fact, present);
    this.connection.attend(present.visible > 0);
  }

  /** The browser's word for the network. */
  network(what: "online" | "offline"): void {
    this.evidence.note(what);
  }

  async report(): Promise<Reported | undefined> {
    const { user, distance } = this.model;
    const loginId = user.value?.loginId;
    if (loginId === undefined) return undefined;
    const lines = this.evidence.log.count;
    try {
      const number = await this.line.rest.clientLog(loginId, await this.log(), requestId());
      return { number, lines, atMs: Date.now() + distance.value.driftMs };
    } catch (error) {
      tell(this.model, { key: "fault.report" }, faultOf(error).text);
      return undefined;
    }
  }

  /** The client log as a report would bring it. */
  async log(): Promise<string> {
    return this.evidence.log.text(globalThis.navigator?.userAgent ?? "");
  }

  async emptyLog(): Promise<void> {
    await this.evidence.log.empty();
  }

  /** Takes everything that events tell of anew; what could not be had at the sign-in is asked for again. */
  private async refresh(): Promise<void> {
    await Promise.all([this.calls.refresh(), this.refreshBesides(), this.configured.load()]);
  }

  /** The same for what was subscribed to: of a node that was quiet since then nobody can say what was missed. */
  private async refreshBesides(): Promise<void> {
    await Promise.all([this.team.refresh(), this.queues.refresh(), this.teamMessages.refresh()]);
  }

  /** Runs a change that the agent asked for and tells what went wrong. */
  private async attempt(target: string, failed: Text, run: () => Promise<void>): Promise<void> {
    const { model } = this;
    if (model.changing.value !== undefined || model.phase.value.kind !== "signedIn") return;
    model.changing.value = target;
    try {
      await run();
    } catch (error) {
      const cause = faultOf(error).text;
      if (model.phase.value.kind === "signedIn") tell(model, failed, cause);
    } finally {
      model.changing.value = undefined;
    }
  }

  private notified(node: string, payload: string): void {
    const update = readUpdate(payload);
    if (!update) return;
    if (this.team.take(node, update) || this.queues.take(node, update)) return;
    if (this.teamMessages.take(node, update)) return;
    this.line.awaited.take(update);
    if (update.kind === "user") this.userChanged(node, update.user);
    if (update.kind === "dialogs" && node === this.ownNode("/Dialogs")) this.calls.take(update);
    if (update.kind === "system") this.system(update.info.inService);
  }

  private userChanged(node: string, user: User): void {
    const { model } = this;
    // Events of other agents come to supervisors by other nodes.
    if (user.loginId !== model.user.value?.loginId || node !== this.ownNode("")) return;
    this.line.show(user);
    if (model.phase.value.kind !== "signedIn") return;
    void this.teamMessages.follow();
    if (model.user.value?.state !== "LOGOUT") return;
    if (model.changing.value === "LOGOUT") void this.putDown({});
    else if (!this.recovery.takesSignedOut(user)) void this.putDown({ notice: signedOutNotice(user) });
  }

  private ownNode(part: string): string {
    return `/finesse/api/User/${this.model.user.value?.loginId}${part}`;
  }

  private system(inService: boolean): void {
    const back = inService && !this.model.phoneSystem.value;
    this.model.phoneSystem.value = inService;
    if (back) void this.recovery.resume();
  }

  private presence(user: string, available: boolean): void {
    if (user !== "finesse") return;
    this.model.webService.value = available;
    if (available) this.webServiceSeen?.();
  }

  /** As the original's desktop does: the clocks, the way there and back, the phone system. */
  private async eachMinute(): Promise<void> {
    try {
      this.system(await this.line.measure());
      await this.evidence.ship();
    } catch {
      // The connection itself says what is wrong.
    }
  }

  private connectionChanged(state: State): void {
    const { model } = this;
    model.connected.value = state.kind === "up";
    if (state.kind === "up") model.transport.value = state.transport;
    this.evidence.connectionChanged(state);
    if (model.phase.value.kind !== "signedIn") return;
    if (state.kind === "lost") {
      const { ended, sinceMs, retryAtMs } = state;
      this.recovery.lost(sinceMs);
      const signOutAtMs = this.connection.signOutAtMs(sinceMs, model.transport.value);
      model.banner.value = { kind: "lost", ended, sinceMs, retryAtMs, signOutAtMs };
    } else if (state.kind === "conflict") {
      model.banner.value = { kind: "conflict" };
    } else if (state.kind === "refused") {
      void this.putDown({ notice: { key: "notice.credentialsRefused" } });
    }
  }

  /** Events told all that happened meanwhile, or the server has to be asked how things are. */
  private settled(whole: boolean, besides: boolean): void {
    void this.evidence.ship();
    if (this.model.phase.value.kind !== "signedIn") return;
    if (!whole) void this.recovery.resume();
    else {
      this.recovery.caughtUp();
      if (!besides) void this.refreshBesides();
      void this.eachMinute();
    }
  }

  /** Back to the sign-in form; the session ends in good order and the password is forgotten. */
  private async putDown(why: { fault?: Fault; notice?: Text; choose?: Device[] }): Promise<void> {
    const { model } = this;
    this.round += 1;
    model.phase.value = { kind: "signedOut", ...why };
    model.user.value = undefined;
    model.banner.value = undefined;
    model.messages.value = [];
    model.webService.value = true;
    model.phoneSystem.value = true;
    this.recovery.reset();
    this.calls.reset();
    this.team.reset();
    this.configured.reset();
    this.queues.reset();
    this.teamMessages.reset();
    clearInterval(this.minute);
    this.line.rest.signOut();
    this.line.awaited.clear();
    void this.askPlan();
    await this.connection.leave();
  }

  /** Asks the server how to connect, and what the sign-in form may offer. */
  private async askPlan(): Promise<Plan | undefined> {
    const plan = await this.plan?.();
    if (plan?.offers) this.model.offers.value = plan.offers;
    return plan;
  }
}

function withReason(state: "READY" | "NOT_READY" | "LOGOUT", reasonCodeId: string | undefined): Change {
  return reasonCodeId === undefined ? { state } : { state, reasonCodeId };
}
