import { childText, type Element } from "../xml/element";

/** What the page needs of `SystemInfo`. */
export interface SystemInfo {
  /** Whether the server can reach the phone system. */
  inService: boolean;
  xmppDomain: string;
  /** The server's clock when it answered; undefined when it does not say. */
  timestampMs: number | undefined;
}

/** Reads `<SystemInfo>` or `<systemInfo>`; nothing for anything else. */
export function readSystemInfo(body: Element): SystemInfo | undefined {
  if (body.name.toLowerCase() !== "systeminfo") return undefined;
  const timestamp = Date.parse(childText(body, "currentTimestamp"));
  return {
    inService: childText(body, "status") === "IN_SERVICE",
    xmppDomain: childText(body, "xmppDomain"),
    timestampMs: Number.isNaN(timestamp) ? undefined : timestamp,
  };
}
