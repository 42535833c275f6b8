import { childText, type Element, elements } from "../xml/element";
import type { Reason } from "./user";

/** What a reason is for. */
export type Category = "NOT_READY" | "LOGOUT";

/** The reasons an agent may choose, out of `<ReasonCodes>`: the server's own ones are left out. */
export function readReasonCodes(body: Element): Reason[] {
  return elements(body)
    .filter((entry) => childText(entry, "systemCode") !== "true")
    .map((entry) => {
      const uri = childText(entry, "uri");
      // The id that a request names is the last segment of the uri.
      const id = uri.slice(uri.lastIndexOf("/") + 1);
      return { id, code: childText(entry, "code"), label: childText(entry, "label") };
    })
    .filter((reason) => /^\d+$/.test(reason.id));
}
