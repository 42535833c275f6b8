/** What a supervisor asks of the server about lost desktops. Answers go to whoever asked: no other tab wants them. */
import type { Disconnection, Warning } from "../finesse/disconnection";
import { RestError } from "../finesse/rest";
import type { Language } from "../i18n/language";
import type { Text } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { faultOf } from "./fault";

/** An answer, or why there is none. */
export type Explained = { found: Disconnection } | { fault: Text };

export class Why {
  constructor(private readonly line: AgentLine) {}

  /** Why the agent was disconnected last. */
  async about(loginId: string, language: Language): Promise<Explained> {
    try {
      return { found: await this.line.rest.disconnection(loginId, language) };
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return { fault: faultOf(error).text };
    }
  }

  /** What may end in disconnections soon; nothing, when the server does not say. */
  async warnings(language: Language): Promise<Warning[]> {
    try {
      return await this.line.rest.warnings(language);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return [];
    }
  }
}
