/** What administrators have made for the agent: phone books, wrap-up reasons, layouts of call data. */
import type { Signal } from "@preact/signals-core";
import { RestError } from "../finesse/rest";
import type { TextKey } from "../i18n/en";
import type { AgentLine } from "./agent_line";
import { faultOf } from "./fault";
import { type Model, tell } from "./model";

/** A list of the web service's, and where it is shown. */
interface Part {
  ask(loginId: string): Promise<() => void>;
  reset(): void;
  failed: TextKey;
}

export class Configured {
  private readonly parts: readonly Part[];
  /** Those that are still to be had. */
  private readonly missing: Set<Part>;

  constructor(
    private readonly model: Model,
    { rest }: AgentLine,
  ) {
    this.parts = [
      part(model.contacts, (loginId) => rest.contacts(loginId), "fault.contacts"),
      part(model.wrapUpReasons, (loginId) => rest.wrapUpReasons(loginId), "fault.wrapUpReasons"),
      part(model.mediaLayouts, (loginId) => rest.mediaLayouts(loginId), "fault.mediaLayouts"),
    ];
    this.missing = new Set(this.parts);
  }

  /** Asks for what is not there yet: after the sign-in, and again after a gap. */
  async load(): Promise<void> {
    const loginId = this.model.user.value?.loginId;
    if (loginId === undefined) return;
    await Promise.all([...this.missing].map((one) => this.loadOne(one, loginId)));
  }

  /** Forgets everything; the agent signed out. */
  reset(): void {
    for (const one of this.parts) {
      one.reset();
      this.missing.add(one);
    }
  }

  private async loadOne(one: Part, loginId: string): Promise<void> {
    try {
      const show = await one.ask(loginId);
      // The agent may have signed out meanwhile.
      if (this.model.user.value?.loginId !== loginId) return;
      show();
      this.missing.delete(one);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      if (this.model.phase.value.kind === "signedIn") {
        tell(this.model, { key: one.failed }, faultOf(error).text);
      }
    }
  }
}

function part<T>(shown: Signal<T[]>, ask: (loginId: string) => Promise<T[]>, failed: TextKey): Part {
  return {
    failed,
    ask: async (loginId) => {
      const found = await ask(loginId);
      return () => {
        shown.value = found;
      };
    },
    reset: () => {
      shown.value = [];
    },
  };
}
