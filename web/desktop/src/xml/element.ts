/** An XML element: what the parser gives and everything else reads. */
export interface Element {
  /** Local name, without prefix. */
  name: string;
  /** Namespace URI; empty when there is none. */
  ns: string;
  /** By name as written (`xml:lang`), namespace declarations left out. */
  attributes: ReadonlyMap<string, string>;
  children: (Element | string)[];
}

/** The child elements. */
export function elements(of: Element): Element[] {
  return of.children.filter((node): node is Element => typeof node !== "string");
}

/** The first child of that name, in any namespace unless one is asked for. */
export function child(of: Element, name: string, ns?: string): Element | undefined {
  return elements(of).find((node) => node.name === name && (ns === undefined || node.ns === ns));
}

/** All text inside, children's too. */
export function text(of: Element): string {
  return of.children.map((node) => (typeof node === "string" ? node : text(node))).join("");
}

/** The text of the first child of that name, trimmed; empty when there is none. */
export function childText(of: Element, name: string): string {
  const found = child(of, name);
  return found ? text(found).trim() : "";
}
