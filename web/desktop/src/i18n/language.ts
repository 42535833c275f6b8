/** Which language the page speaks, and how it says things in it. */
import { signal } from "@preact/signals-core";
import { en, type TextKey } from "./en";
import { ja } from "./ja";

export type Language = "en" | "ja";

/** The languages, each by its own name. */
export const LANGUAGES: Record<Language, string> = { en: "English", ja: "日本語" };

/** COMPAT(finesse): the `locale` that requests carry. */
const LOCALES: Record<Language, string> = { en: "en_US", ja: "ja_JP" };

const TEXTS: Record<Language, Record<TextKey, string>> = { en, ja };
const STORED = "aplomb.language";

/** The language in use; change it with {@link speak}. */
export const language = signal<Language>("en");

/** What fills the places of a text. */
export type Values = Record<string, string | number>;

/** The text of that key, its `{places}` filled. Inserted values are text like the rest, never markup. */
export function t(key: TextKey, values: Values = {}): string {
  return TEXTS[language.value][key].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
}

/** Whether there is a text of that name; for keys that are put together. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}

/** The locale for the web service. */
export function locale(): string {
  return LOCALES[language.value];
}

/** The language a browser should see first: from the address, else remembered, else its own first that we speak. */
export function choose(query: string, remembered: string | null, preferred: readonly string[]): Language {
  const wishes = [new URLSearchParams(query).get("locale"), remembered, ...preferred];
  for (const wish of wishes) {
    const short = wish?.slice(0, 2).toLowerCase();
    if (short === "en" || short === "ja") return short;
  }
  return "en";
}

/** Speaks that language from now on and remembers it, if the browser lets us. */
export function speak(chosen: Language): void {
  show(chosen);
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // Storage may be full or forbidden; the choice then lasts as long as the page.
  }
}

/** Takes up the language at the start of the page. */
export function startLanguage(): void {
  let remembered: string | null = null;
  try {
    remembered = localStorage.getItem(STORED);
  } catch {
    // As above.
  }
  show(choose(location.search, remembered, navigator.languages));
}

function show(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
}
