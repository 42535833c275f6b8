/** The steps of signing in, in the order of the original's desktop. */
import type { Connection, Plan } from "../connection/connection";
import { RestError } from "../finesse/rest";
import type { Text } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { isSignedIn } from "./agent_state";
import { faultOf } from "./fault";
import { PRESENCE_MS } from "./limits";
import { type Model, tell } from "./model";

/** What the sign-in form gives. */
export interface SignIn {
  /** loginId or loginName. */
  id: string;
  password: string;
  extension: string;
}

/** What the steps work with. */
export interface Desk {
  model: Model;
  line: AgentLine;
  connection: Connection;
  /** Asks the server how to connect. */
  plan: (() => Promise<Plan | undefined>) | undefined;
  /** Resolves when the web service's presence has come. */
  webServicePresent: Promise<void>;
  /** Whether the page came over TLS: it must not promise more than is true. */
  encrypted: boolean;
  /** Throws when this sign-in was given up meanwhile. */
  check(): void;
}

/** Signs in to the server and to the phone system. Returns the extension in use; throws what `faultOf` explains. */
export async function signIn(desk: Desk, form: SignIn): Promise<string> {
  step(desk, { key: desk.encrypted ? "signIn.encrypted" : "signIn.plain" });
  await reach(desk, form);
  step(desk, { key: "signIn.phone" });
  const extension = await takeExtension(desk, form.extension);
  desk.check();
  await loadReasons(desk);
  return extension;
}

async function reach(desk: Desk, { id, password }: SignIn): Promise<void> {
  const { line, model } = desk;
  const { rest } = line;
  model.phoneSystem.value = await line.measure();
  desk.check();
  if (!model.phoneSystem.value) throw new RestError("refused", 503, undefined);
  rest.signIn(id, password);
  // Also tells the loginId behind a loginName: JIDs know only the former.
  const { loginId } = await rest.user(id);
  desk.check();
  // COMPAT(finesse): the desktop lower-cases the localpart.
  const credentials = { user: loginId.toLowerCase(), password, domain: line.domain };
  await desk.connection.connect(credentials, await desk.plan?.());
  desk.check();
  // Its presence shows that the web service has seen ours. A server that sends none still serves events.
  await Promise.race([desk.webServicePresent, new Promise((resolve) => setTimeout(resolve, PRESENCE_MS))]);
  desk.check();
  line.show(await rest.user(loginId), "anew");
  desk.check();
}

/** Signs in to the phone system, unless the agent is: then the extension in use stays. */
async function takeExtension({ line, model }: Desk, extension: string): Promise<string> {
  const user = model.user.value;
  if (!user || !isSignedIn(user.state)) {
    await line.change({ state: "LOGIN", extension }, (seen) => isSignedIn(seen.state));
    return extension;
  }
  if (user.extension !== extension) {
    tell(model, { key: "notice.otherExtension", values: { extension: user.extension } });
  }
  return user.extension;
}

async function loadReasons({ line, model }: Desk): Promise<void> {
  const loginId = model.user.value?.loginId ?? "";
  try {
    const [notReady, logout] = await Promise.all([
      line.rest.reasonCodes(loginId, "NOT_READY"),
      line.rest.reasonCodes(loginId, "LOGOUT"),
    ]);
    model.reasons.value = { notReady, logout };
  } catch (error) {
    tell(model, { key: "fault.reasons" }, faultOf(error).text);
  }
}

function step({ model }: Desk, text: Text): void {
  model.phase.value = { kind: "signingIn", step: text };
}
