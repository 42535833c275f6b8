/** What the sign-in form remembers across a reload: never the password. */
const STORED = "aplomb.sign-in";

export interface Remembered {
  id: string;
  extension: string;
}

export function remember(form: Remembered): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ id: form.id, extension: form.extension }));
  } catch {
    // Storage may be full or forbidden; then the fields are empty next time.
  }
}

export function recall(): Remembered {
  try {
    const { id, extension } = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Partial<Remembered>;
    return { id: String(id ?? ""), extension: String(extension ?? "") };
  } catch {
    return { id: "", extension: "" };
  }
}
