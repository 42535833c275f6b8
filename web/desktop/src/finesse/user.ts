import { child, childText, type Element, elements, text } from "../xml/element";
import { readTeamNames, type TeamName } from "./team";

/** A reason as the User object shows it. */
export interface Reason {
  id: string;
  code: string;
  label: string;
}

/** An agent, as GET answers and notifications give it: always the whole object. */
export interface User {
  loginId: string;
  loginName: string;
  firstName: string;
  lastName: string;
  /** Empty while signed out. */
  extension: string;
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
}

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
    teamName: childText(body, "teamName"),
    roles: roles ? elements(roles).map((role) => text(role).trim()) : [],
    teams: readTeamNames(child(body, "teams")),
    pendingState: childText(body, "pendingState"),
    stateChangedAtMs: Number.isNaN(changedAt) ? undefined : changedAt,
    reason: readReason(child(body, "reasonCode") ?? child(body, "ReasonCode")),
  };
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
