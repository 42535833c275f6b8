import { child, childText, type Element, elements } from "../xml/element";

/** What a supervisor tells a team for a while. */
export interface TeamMessage {
  id: string;
  /** The author's name; the id when the server knows no name. */
  author: string;
  /** By the server's clock. */
  createdAtMs: number;
  /** After this it is not shown any more. */
  endsAtMs: number;
  content: string;
}

/** More messages than anybody reads; the rest is left out. */
export const TEAM_MESSAGES_MAX = 50;

/** Reads `<TeamMessage>` or `<teamMessage>`; nothing when it is neither, or says not which and for how long. */
export function readTeamMessage(body: Element): TeamMessage | undefined {
  const id = childText(body, "id");
  const createdAtMs = Number(childText(body, "createdAt")) * 1000;
  const durationMs = Number(childText(body, "duration")) * 1000;
  if (body.name.toLowerCase() !== "teammessage" || !id || !(createdAtMs > 0 && durationMs > 0)) {
    return undefined;
  }
  const author = child(body, "createdBy");
  const of = (name: string) => (author ? childText(author, name) : "");
  const name = [of("firstName"), of("lastName")].filter((part) => part !== "").join(" ");
  return {
    id,
    author: name || of("id"),
    createdAtMs,
    endsAtMs: createdAtMs + durationMs,
    content: childText(body, "content"),
  };
}

/** Reads `<TeamMessages>`; nothing when it is something else. */
export function readTeamMessages(body: Element): TeamMessage[] | undefined {
  if (body.name.toLowerCase() !== "teammessages") return undefined;
  const found = elements(body).map(readTeamMessage);
  return found.filter((message): message is TeamMessage => message !== undefined).slice(0, TEAM_MESSAGES_MAX);
}
