import { child, childText, elements } from "../xml/element";
import { parse, XmlError } from "../xml/parse";
import { type ApiError, readApiError } from "./api_error";
import { type Dialog, readDialog, readDialogs } from "./dialog";
import { readSystemInfo, type SystemInfo } from "./system_info";
import { readTeam, type Team } from "./team";
import { readUser, type User } from "./user";

/** What a notification says. */
export type Update =
  | { kind: "user"; user: User; requestId: string }
  /** Calls that came or changed, or with `DELETE` went. */
  | { kind: "dialogs"; event: string; dialogs: Dialog[]; requestId: string }
  | { kind: "team"; team: Team; requestId: string }
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
  const requestId = childText(update, "requestId");
  const error = readApiError(object);
  if (error) return { kind: "error", error, requestId, source: childText(update, "source") };
  const user = readUser(object);
  if (user) return { kind: "user", user, requestId };
  const dialog = readDialog(object);
  const dialogs = dialog ? [dialog] : readDialogs(object);
  if (dialogs)
    return { kind: "dialogs", event: childText(update, "event").toUpperCase(), dialogs, requestId };
  const team = readTeam(object);
  if (team) return { kind: "team", team, requestId };
  const info = readSystemInfo(object);
  return info && { kind: "system", info };
}
