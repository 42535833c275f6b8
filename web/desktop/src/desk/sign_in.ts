/** The steps of signing in, in the order of the original's desktop. */
import type { Connection, Plan } from "../connection/connection";
import type { Device } from "../finesse/device";
import { type Place, RestError } from "../finesse/rest";
import type { Text } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { isSignedIn } from "./agent_state";
import { faultOf } from "./fault";
import { PRESENCE_MS } from "./limits";
import { type Model, tell } from "./model";

/** What the sign-in form gives. */
export interface SignIn extends Place {
  /** loginId or loginName. */
  id: string;
  password: string;
}

/** The extension is that of several telephones, and none of them was chosen. */
export class ChooseDeviceError extends Error {
  constructor(readonly devices: Device[]) {
    super("a telephone is to be chosen");
  }
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

/**
 * Signs in to the server and to the phone system. Returns where; throws what `faultOf` explains, or
 * {@link ChooseDeviceError}.
 */
export async function signIn(desk: Desk, form: SignIn): Promise<Place> {
  step(desk, { key: desk.encrypted ? "signIn.encrypted" : "signIn.plain" });
  await reach(desk, form);
  step(desk, { key: "signIn.phone" });
  const place = await takePlace(desk, form);
  desk.check();
  await loadReasons(desk);
  return place;
}

async function reach(desk: Desk, form: SignIn): Promise<void> {
  const { id, password } = form;
  const { line, model } = desk;
  const { rest } = line;
  model.phoneSystem.value = await line.measure();
  desk.check();
  if (!model.phoneSystem.value) throw new RestError("refused", 503, undefined);
  rest.signIn(id, password);
  // Also tells the loginId behind a loginName: JIDs know only the former.
  const { loginId, state } = await rest.user(id);
  desk.check();
  if (!isSignedIn(state)) await checkDevice(desk, form);
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

/** Of several telephones that share the extension one has to be chosen. A mobile agent is at none of them. */
async function checkDevice({ line, model }: Desk, form: SignIn): Promise<void> {
  if (!model.offers.value.sharedExtensions || form.mobileAgent) return;
  const devices = await line.rest.devices(form.extension);
  if (devices.length > 1 && !devices.some(({ id }) => id === form.deviceId)) {
    throw new ChooseDeviceError(devices);
  }
}

/** Signs in to the phone system, unless the agent is: then the place in use stays. */
async function takePlace({ line, model }: Desk, form: SignIn): Promise<Place> {
  const { extension, mobileAgent, deviceId } = form;
  const place = { extension, mobileAgent, deviceId };
  const user = model.user.value;
  if (!user || !isSignedIn(user.state)) {
    await line.change({ state: "LOGIN", ...place }, (seen) => isSignedIn(seen.state));
    return place;
  }
  if (user.extension !== extension) {
    tell(model, { key: "notice.otherExtension", values: { extension: user.extension } });
  } else if (mobileAgent && !user.mobileAgent) {
    // The server does not know it of agents who signed in before it started, or through another one.
    try {
      await line.change({ state: "LOGIN", ...place }, (seen) => seen.mobileAgent !== undefined);
    } catch (error) {
      tell(model, { key: "notice.notMobile" }, faultOf(error).text);
    }
  }
  const now = model.user.value ?? user;
  return { extension: now.extension, mobileAgent: now.mobileAgent, deviceId: now.device?.id };
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
