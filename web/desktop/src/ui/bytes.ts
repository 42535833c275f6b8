/** How many bytes a text has in the phone system's fields, which count them as UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
