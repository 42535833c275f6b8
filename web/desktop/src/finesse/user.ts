import { child, childText, type Element, elements, text } from "../xml/element";
import { type Device, type MobileAgent, readDevices, readMobileAgent } from "./device";
import { readTeamNames, type TeamName } from "./team";

/** A reason as the User object shows it. */
export interface Reason {
  id: string;
  code: string;
  label: string;
}

const WRAP_UPS: readonly WrapUp[] = ["NOT_ALLOWED", "OPTIONAL", "REQUIRED", "REQUIRED_WITH_WRAP_UP_DATA"];

/** An agent, as GET answers and notifications give it: always the whole object. */
export interface User {
  loginId: string;
  loginName: string;
  firstName: string;
  lastName: string;
  /** Empty while signed out. */
  extension: string;
  teamId: string;
  teamName: string;
  roles: string[];
  /** Those that a supervisor watches over. */
  teams: TeamName[];
  /** The server's word; unknown ones are shown as they are. */
  state: string;
  /** What the state becomes when the present call ends; empty when nothing is pending. */
  pendingState: string;
  /** When the state began, by the server's clock; undefined when it does not know. */
  stateChangedAtMs: number | undefined;
  reason: Reason | undefined;
  /** How long the phone system lets the agent wrap up; undefined when the server does not say. */
  wrapUpTimerMs: number | undefined;
  wrapUpOnIncoming: WrapUp;
  wrapUpOnOutgoing: WrapUp;
  /** Where calls ring, if not at a telephone of the house. */
  mobileAgent: MobileAgent | undefined;
  /** The telephone in use, where several share the extension. */
  device: Device | undefined;
}

/** Whether an agent wraps up after a call, and whether a reason is asked for. */
export type WrapUp = "NOT_ALLOWED" | "OPTIONAL" | "REQUIRED" | "REQUIRED_WITH_WRAP_UP_DATA";

/** Reads `<User>` or `<user>`; nothing when it is neither, or says not even who and in what state. */
export function readUser(body: Element): User | undefined {
  const loginId = childText(body, "loginId");
  const state = childText(body, "state");
  if (body.name.toLowerCase() !== "user" || !loginId || !state) return undefined;
  const changedAt = Date.parse(childText(body, "stateChangeTime"));
  const roles = child(body, "roles");
  return {
    loginId,
    state,
    loginName: childText(body, "loginName"),
    firstName: childText(body, "firstName"),
    lastName: childText(body, "lastName"),
    extension: childText(body, "extension"),
    teamId: childText(body, "teamId"),
    teamName: childText(body, "teamName"),
    roles: roles ? elements(roles).map((role) => text(role).trim()) : [],
    teams: readTeamNames(child(body, "teams")),
    pendingState: childText(body, "pendingState"),
    stateChangedAtMs: Number.isNaN(changedAt) ? undefined : changedAt,
    reason: readReason(child(body, "reasonCode") ?? child(body, "ReasonCode")),
    wrapUpTimerMs: readTimer(childText(body, "wrapUpTimer")),
    ...readWrapUps(child(body, "settings")),
    mobileAgent: readMobileAgent(body),
    device: readActiveDevice(body),
  };
}

function readActiveDevice(body: Element): Device | undefined {
  const id = childText(body, "activeDeviceId");
  if (!id) return undefined;
  return readDevices(child(body, "devices")).find((device) => device.id === id) ?? { id, typeName: "" };
}

function readTimer(secs: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(secs) ? Number(secs) * 1000 : undefined;
}

/** Servers of before have one setting for calls of both directions. */
function readWrapUps(settings: Element | undefined): Pick<User, "wrapUpOnIncoming" | "wrapUpOnOutgoing"> {
  const read = (name: string) => {
    const said = settings ? childText(settings, name) : "";
    return WRAP_UPS.find((word) => word === said);
  };
  const wrapUpOnIncoming = read("wrapUpOnIncoming") ?? "OPTIONAL";
  return { wrapUpOnIncoming, wrapUpOnOutgoing: read("wrapUpOnOutgoing") ?? wrapUpOnIncoming };
}

function readReason(body: Element | undefined): Reason | undefined {
  if (!body) return undefined;
  const uri = childText(body, "uri");
  const id = childText(body, "id") || uri.slice(uri.lastIndexOf("/") + 1);
  return { id, code: childText(body, "code"), label: childText(body, "label") };
}

/** As people call the agent; the id when the server knows no name. */
export function fullName(user: User): string {
  return [user.firstName, user.lastName].filter((part) => part !== "").join(" ") || user.loginId;
}
