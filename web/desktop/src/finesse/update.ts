import { child, childText, type Element, elements } from "../xml/element";
import { parse, XmlError } from "../xml/parse";
import { type ApiError, readApiError } from "./api_error";
import { type Dialog, readDialog, readDialogs } from "./dialog";
import { type Queue, readQueue, readQueues } from "./queue";
import { readSystemInfo, type SystemInfo } from "./system_info";
import { readTeam, type Team } from "./team";
import { readTeamMessage, type TeamMessage } from "./team_message";
import { readUser, type User } from "./user";

/** What a notification says. */
export type Update =
  | { kind: "user"; user: User; requestId: string }
  /** Calls that came or changed, or with `DELETE` went. */
  | { kind: "dialogs"; event: string; dialogs: Dialog[]; requestId: string }
  | { kind: "team"; team: Team; requestId: string }
  /** A queue as it is now, or with `DELETE` no more. */
  | { kind: "queue"; event: string; queue: Queue }
  /** Queues that came to an agent's list, or with `DELETE` left it. */
  | { kind: "queues"; queues: Queue[] }
  /** A message to a team, or with `DELETE` one that was taken back. */
  | { kind: "teamMessage"; event: string; message: TeamMessage }
  | { kind: "error"; error: ApiError; requestId: string; source: string }
  | { kind: "system"; info: SystemInfo };

/** Reads a notification's payload; nothing for kinds this page does not know, and for what is not XML. */
export function readUpdate(payload: string): Update | undefined {
  let update: ReturnType<typeof parse>;
  try {
    update = parse(payload.trim());
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  const data = child(update, "data");
  const object = data && elements(data)[0];
  if (update.name !== "Update" || !object) return undefined;
  const event = childText(update, "event").toUpperCase();
  return readOfPeople(object, event, update) ?? readOfOthers(object, event);
}

/** Agents, their calls, their teams, and what is wrong with a request about these. */
function readOfPeople(object: Element, event: string, update: Element): Update | undefined {
  const requestId = childText(update, "requestId");
  const error = readApiError(object);
  if (error) return { kind: "error", error, requestId, source: childText(update, "source") };
  const user = readUser(object);
  if (user) return { kind: "user", user, requestId };
  const dialog = readDialog(object);
  const dialogs = dialog ? [dialog] : readDialogs(object);
  if (dialogs) return { kind: "dialogs", event, dialogs, requestId };
  const team = readTeam(object);
  return team && { kind: "team", team, requestId };
}

function readOfOthers(object: Element, event: string): Update | undefined {
  const queue = readQueue(object);
  if (queue) return { kind: "queue", event, queue };
  const queues = readQueues(object);
  if (queues) return { kind: "queues", queues };
  const message = readTeamMessage(object);
  if (message) return { kind: "teamMessage", event, message };
  const info = readSystemInfo(object);
  return info && { kind: "system", info };
}
