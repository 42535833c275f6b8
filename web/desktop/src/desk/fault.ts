/** What went wrong, in words that people understand, and where in the form. */
import { ConnectError } from "../connection/connection";
import type { ApiError } from "../finesse/api_error";
import { RestError } from "../finesse/rest";
import type { TextKey } from "../i18n/en";
import type { Text } from "../i18n/say";

export type Field = "id" | "password" | "extension" | "dialNumber";

export interface Fault {
  text: Text;
  /** The field to look at, when it is one. */
  field?: Field;
}

/** The phone system's or the web service's no, told by a notification. */
export class RefusedError extends Error {
  constructor(readonly error: ApiError) {
    super(error.type);
  }
}

/** Nothing was heard of a request, neither yes nor no. */
export class SilenceError extends Error {}

/** The fault behind an error. A mistake of ours is told too: silence would leave the agent waiting. */
export function faultOf(error: unknown): Fault {
  if (error instanceof RefusedError) return ofApi(error.error);
  if (error instanceof SilenceError) return say("fault.phoneSystemSilent");
  if (error instanceof ConnectError) return ofConnect(error);
  if (!(error instanceof RestError))
    return { text: { key: "fault.ours", values: { detail: String(error) } } };
  if (error.reason === "unreachable") return say("fault.serverUnreachable");
  if (error.reason === "unreadable") {
    // A gateway in front says so with 502 to 504 and a page of its own: the server behind it is away.
    return say(
      error.status >= 502 && error.status <= 504 ? "fault.serverUnreachable" : "fault.serverUnreadable",
    );
  }
  if (error.status === 503) return say("fault.phoneSystemDown");
  if (error.status === 401 && !error.error) return say("fault.wrongPassword", "password");
  return ofApi(error.error ?? { type: `HTTP ${error.status}`, message: "", data: "" });
}

function ofConnect(error: ConnectError): Fault {
  if (error.reason === "not-authorized") return say("fault.wrongPassword", "password");
  // REST answered a moment ago, so the server is there.
  return say("fault.notificationsDown");
}

/** By ErrorType; by the CTI failure's number or name where the type is as general as "Generic Error". */
function ofApi({ type, message, data }: ApiError): Fault {
  const words = [type, message, data];
  const said = (...any: string[]) => any.some((word) => words.includes(word));
  if (said("User Not Found")) return say("fault.unknownUser", "id");
  if (said("Authorization Failure", "CF_INVALID_PASSWORD_SPECIFIED"))
    return say("fault.wrongPassword", "password");
  if (said("Invalid Authorization User Specified", "Invalid Supervisor")) return say("fault.notAllowed");
  if (said("Device Busy", "CF_RESOURCE_BUSY")) return say("fault.deviceBusy", "extension");
  if (said("dialNumber")) return say("fault.dialNumber", "dialNumber");
  if (said("activeDeviceId", "E_CTI_INVALID_TAG_FOR_VERSION")) return say("fault.device");
  if (said("Mode Not Allowed", "CF_INVALID_AGENT_WORKMODE", "E_CTI_INVALID_AGENT_WORK_MODE", "mobileAgent"))
    return say("fault.mobile");
  if (said("Invalid Device", "CF_INVALID_LOGON_DEVICE_SPECIFIED", "extension")) {
    return say("fault.deviceInvalid", "extension");
  }
  if (said("Invalid State")) return say("fault.invalidState");
  if (said("Service Unavailable", "CF_RESOURCE_OUT_OF_SERVICE")) return say("fault.phoneSystemDown");
  if (said("CF_REQUEST_TIMEOUT_REJECTION")) return say("fault.phoneSystemSilent");
  const detail = [type, message].filter((word) => word !== "").join(", ");
  return { text: { key: "fault.refused", values: { detail } } };
}

function say(key: TextKey, field?: Field): Fault {
  return field ? { text: { key }, field } : { text: { key } };
}
