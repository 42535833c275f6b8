import { childText, type Element, elements } from "../xml/element";

/** The labels in `<WrapUpReasons>`, each once; nothing when it is something else. */
export function readWrapUpReasons(body: Element): string[] | undefined {
  if (body.name !== "WrapUpReasons") return undefined;
  const labels = elements(body).map((reason) => childText(reason, "label"));
  return [...new Set(labels)].filter((label) => label !== "");
}
