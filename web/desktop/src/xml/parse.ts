/**
 * A small strict XML parser. The browser's own is not there in a worker, where the connection is to live, and answers
 * a broken document with an error page inside the tree instead of an error.
 *
 * Refused: document types, processing instructions, a second root, characters XML forbids, unknown entities.
 */
import type { Element } from "./element";
import { ATTRIBUTES_MAX, CHARACTERS_MAX, DEPTH_MAX } from "./limits";

/** The text is not XML as we accept it. */
export class XmlError extends Error {}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 §2.2 leaves out.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const NAME = /[A-Za-z_\u00c0-\ufffd][-.\w\u00b7-\ufffd]*(?::[A-Za-z_\u00c0-\ufffd][-.\w\u00b7-\ufffd]*)?/y;
const SPACE = /[ \t\n]*/y;
const DECLARATION = /<\?xml [^?<>]*\?>/y;
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

type Scope = ReadonlyMap<string, string>;

interface Open {
  element: Element;
  tag: string;
  scope: Scope;
}

/** The document's root element. Throws {@link XmlError}. */
export function parse(document: string): Element {
  if (document.length > CHARACTERS_MAX) throw new XmlError("document too long");
  if (FORBIDDEN.test(document)) throw new XmlError("character that XML forbids");
  return new Parser(document.replace(/\r\n?/g, "\n")).document();
}

class Parser {
  private at = 0;
  private readonly open: Open[] = [];
  private root: Element | undefined;

  constructor(private readonly source: string) {}

  document(): Element {
    if (this.source.startsWith("\ufeff")) this.at = 1;
    if (this.source.startsWith("<?xml ", this.at)) this.take(DECLARATION, "XML declaration");
    while (this.at < this.source.length) this.step();
    if (!this.root || this.open.length > 0) throw new XmlError("document cut short");
    return this.root;
  }

  private step(): void {
    if (this.source[this.at] !== "<") this.textUntil("<");
    else if (this.source.startsWith("<!--", this.at)) this.until("<!--", "-->");
    else if (this.source.startsWith("<![CDATA[", this.at)) this.text(this.until("<![CDATA[", "]]>"));
    else if (this.source.startsWith("</", this.at)) this.endTag();
    else this.startTag();
  }

  private startTag(): void {
    this.at += 1;
    const tag = this.take(NAME, "element name");
    const written = this.attributes();
    const outer = this.open.at(-1);
    const scope = declare(outer?.scope ?? new Map([["xml", XML_NAMESPACE]]), written);
    const attributes = new Map(
      [...written].filter(([name]) => name !== "xmlns" && !name.startsWith("xmlns:")),
    );
    for (const name of attributes.keys()) if (name.includes(":")) resolve(name, scope);
    const element: Element = { name: local(tag), ns: resolve(tag, scope), attributes, children: [] };
    if (outer) outer.element.children.push(element);
    else if (this.root) throw new XmlError("second root element");
    else this.root = element;
    if (this.eat("/>")) return;
    if (!this.eat(">")) throw new XmlError(`broken start tag ${tag}`);
    if (this.open.length >= DEPTH_MAX) throw new XmlError("nested too deeply");
    this.open.push({ element, tag, scope });
  }

  private attributes(): Map<string, string> {
    const found = new Map<string, string>();
    for (;;) {
      const spaced = this.take(SPACE, "white space") !== "";
      const next = this.source[this.at];
      if (next === undefined || next === ">" || next === "/") return found;
      if (!spaced) throw new XmlError("white space missing between attributes");
      const name = this.take(NAME, "attribute name");
      this.take(SPACE, "white space");
      if (!this.eat("=")) throw new XmlError(`attribute ${name} without a value`);
      this.take(SPACE, "white space");
      if (found.has(name)) throw new XmlError(`attribute ${name} twice`);
      if (found.size >= ATTRIBUTES_MAX) throw new XmlError("too many attributes");
      found.set(name, this.value(name));
    }
  }

  private value(name: string): string {
    const quote = this.source[this.at];
    if (quote !== '"' && quote !== "'") throw new XmlError(`attribute ${name} without quotes`);
    const raw = this.until(quote, quote);
    if (raw.includes("<")) throw new XmlError(`"<" in attribute ${name}`);
    return unescapeXml(raw.replace(/[\t\n]/g, " "));
  }

  private endTag(): void {
    this.at += 2;
    const tag = this.take(NAME, "element name");
    this.take(SPACE, "white space");
    if (!this.eat(">") || this.open.pop()?.tag !== tag) throw new XmlError(`unexpected end tag ${tag}`);
  }

  private textUntil(stop: string): void {
    const end = this.source.indexOf(stop, this.at);
    const raw = this.source.slice(this.at, end < 0 ? undefined : end);
    this.at += raw.length;
    if (raw.includes("]]>")) throw new XmlError('"]]>" in text');
    this.text(unescapeXml(raw));
  }

  private text(value: string): void {
    const inside = this.open.at(-1)?.element.children;
    if (inside) inside.push(value);
    else if (value.trim() !== "") throw new XmlError("text outside the root element");
  }

  /** What stands between the opening mark here and the next closing mark. */
  private until(opening: string, closing: string): string {
    const start = this.at + opening.length;
    const end = this.source.indexOf(closing, start);
    if (end < 0) throw new XmlError("document cut short");
    this.at = end + closing.length;
    return this.source.slice(start, end);
  }

  private take(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const hit = pattern.exec(this.source);
    if (!hit) throw new XmlError(`${what} expected at character ${this.at}`);
    this.at = pattern.lastIndex;
    return hit[0];
  }

  private eat(literal: string): boolean {
    const here = this.source.startsWith(literal, this.at);
    if (here) this.at += literal.length;
    return here;
  }
}

function declare(outer: Scope, written: ReadonlyMap<string, string>): Scope {
  const own = [...written].filter(([name]) => name === "xmlns" || name.startsWith("xmlns:"));
  if (own.length === 0) return outer;
  const scope = new Map(outer);
  for (const [name, uri] of own) scope.set(name === "xmlns" ? "" : name.slice("xmlns:".length), uri);
  return scope;
}

function resolve(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const uri = scope.get(colon < 0 ? "" : name.slice(0, colon));
  if (uri === undefined && colon >= 0) throw new XmlError(`prefix of ${name} is not declared`);
  return uri ?? "";
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function unescapeXml(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const known = whole.endsWith(";") ? (ENTITIES[name] ?? character(name)) : undefined;
    if (known === undefined) throw new XmlError(`unknown entity ${whole.slice(0, 16)}`);
    return known;
  });
}

function character(reference: string): string | undefined {
  const hit = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference);
  if (!hit) return undefined;
  const code = hit[1] ? Number.parseInt(hit[1], 16) : Number(hit[2]);
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || surrogate) return undefined;
  const value = String.fromCodePoint(code);
  return FORBIDDEN.test(value) ? undefined : value;
}
