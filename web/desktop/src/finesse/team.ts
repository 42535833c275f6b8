import { child, childText, type Element, elements } from "../xml/element";
import { readUser, type User } from "./user";

/** A team, by name. */
export interface TeamName {
  id: string;
  name: string;
}

/** A team with its agents, signed in or not. */
export interface Team extends TeamName {
  users: User[];
}

/** Reads `<Team>` or `<team>`; nothing when it is neither, or says not which. */
export function readTeam(body: Element): Team | undefined {
  const id = childText(body, "id");
  if (body.name.toLowerCase() !== "team" || !id) return undefined;
  const list = child(body, "users");
  const users = (list ? elements(list) : []).map(readUser);
  return {
    id,
    name: childText(body, "name"),
    users: users.filter((user): user is User => user !== undefined),
  };
}

/** The teams in a user's `<teams>`. */
export function readTeamNames(list: Element | undefined): TeamName[] {
  const teams = (list ? elements(list) : []).map((team) => ({
    id: childText(team, "id"),
    name: childText(team, "name"),
  }));
  return teams.filter(({ id }) => id !== "");
}
