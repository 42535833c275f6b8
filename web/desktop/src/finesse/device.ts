import { child, childText, type Element, elements } from "../xml/element";

/** One of several telephones that share an extension. */
export interface Device {
  id: string;
  /** As people call its kind; empty when nobody said. */
  typeName: string;
}

/** More telephones than anybody chooses from; the rest is left out. */
export const DEVICES_MAX = 50;

/** Reads the children of `<Devices>` and, inside a user, of `<devices>`. */
export function readDevices(body: Element | undefined): Device[] {
  const found = body ? elements(body).filter(({ name }) => name.toLowerCase() === "device") : [];
  const devices = found.map((one) => ({
    id: childText(one, "deviceId"),
    typeName: childText(one, "deviceTypeName"),
  }));
  return devices.filter(({ id }) => id !== "").slice(0, DEVICES_MAX);
}

/** How the phone system reaches a mobile agent: for each call anew, or once for the whole session. */
export const MOBILE_MODES = ["CALL_BY_CALL", "NAILED_CONNECTION"] as const;
export type MobileMode = (typeof MOBILE_MODES)[number];

/** An agent at a telephone that the phone system does not have. */
export interface MobileAgent {
  mode: MobileMode;
  dialNumber: string;
}

/** Reads `<mobileAgent>` of a user; nothing for everybody else. */
export function readMobileAgent(user: Element): MobileAgent | undefined {
  const body = child(user, "mobileAgent");
  if (!body) return undefined;
  const mode = MOBILE_MODES.find((known) => known === childText(body, "mode"));
  const dialNumber = childText(body, "dialNumber");
  return mode && dialNumber ? { mode, dialNumber } : undefined;
}
