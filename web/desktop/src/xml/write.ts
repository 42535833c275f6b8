const ESCAPES: Record<string, string> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 §2.2 leaves out.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it may stand in an element or an attribute. What XML forbids becomes U+FFFD. */
export function escapeXml(value: string): string {
  return value
    .toWellFormed()
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[<>&"']/g, (mark) => ESCAPES[mark] ?? mark);
}

/** `xml` with each inserted value escaped: xml`<state>${state}</state>`. */
export function xml(pieces: TemplateStringsArray, ...values: string[]): string {
  return pieces
    .map((piece, index) => (index === 0 ? piece : escapeXml(values[index - 1] ?? "") + piece))
    .join("");
}
