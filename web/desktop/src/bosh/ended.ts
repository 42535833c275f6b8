/** Why a BOSH session ended, in words that the page can explain. */
import { child, type Element, elements } from "../xml/element";

export type Reason =
  /** We said farewell. */
  | "signed-out"
  /** No request got through, with all repeats. */
  | "unreachable"
  /** What came back was not BOSH: a proxy, a captive portal, another service. */
  | "not-bosh"
  /** The server does not know the session (any more): closed after silence, or restarted. */
  | "item-not-found"
  /** Another session of the same agent took this one's place. */
  | "conflict"
  /** The server says that it is going down. */
  | "system-shutdown"
  /** The server says that we broke a rule. */
  | "refused";

export interface Ended {
  reason: Reason;
  /** The protocol's own word: a condition, an HTTP status. For logs, not for agents. */
  detail: string;
}

/** HTTP statuses that older servers use in place of a condition (XEP-0124 §17.1); others are worth a repeat. */
export function fromStatus(status: number): Ended | undefined {
  if (status === 404) return { reason: "item-not-found", detail: "404" };
  if (status === 400 || status === 403) return { reason: "refused", detail: String(status) };
  return undefined;
}

/** The meaning of `<body type='terminate'/>` (XEP-0124 §17.2) with the stream error it may carry (XEP-0206 §7). */
export function fromTerminate(body: Element): Ended {
  const error = child(body, "error", "http://etherx.jabber.org/streams");
  if (error) return fromStreamError(error);
  const detail = body.attributes.get("condition") || "terminate";
  return { reason: reasonOf(detail), detail };
}

/** The meaning of `<stream:error/>` (RFC 6120 §4.9). */
export function fromStreamError(error: Element): Ended {
  const detail = elements(error)[0]?.name ?? "undefined-condition";
  return { reason: reasonOf(detail), detail };
}

function reasonOf(condition: string): Reason {
  switch (condition) {
    case "conflict":
    // COMPAT(finesse): the original's client library takes other-request for a conflict.
    case "other-request":
      return "conflict";
    case "item-not-found":
      return "item-not-found";
    // An end without a condition is a server that puts its sessions away in good order.
    case "terminate":
    case "system-shutdown":
    case "host-gone":
      return "system-shutdown";
    case "connection-timeout":
      return "item-not-found";
    default:
      return "refused";
  }
}
