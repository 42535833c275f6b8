/** The page in a DOM, with the site behind it: what tests of single panels share. */
import { render } from "preact";
import { act } from "preact/test-utils";
import { vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { language } from "../src/i18n/language";
import { say } from "../src/i18n/say";
import { App } from "../src/ui/App";
import { now } from "../src/ui/clock";
import { Site } from "./site";

export class Page {
  readonly site = new Site();
  readonly desk = new Desk({ bosh: bosh(this.site.bosh.post) }, true);

  /** Shows the sign-in form. */
  static async open(): Promise<Page> {
    vi.useFakeTimers();
    language.value = "en";
    document.body.innerHTML = '<div id="app"></div>';
    const page = new Page();
    page.site.install();
    await act(() => render(<App desk={page.desk} />, root()));
    return page;
  }

  async close(): Promise<void> {
    await act(() => render(null, root()));
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }

  async signIn(): Promise<void> {
    void this.desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
    await this.pass();
  }

  pass(ms = 20): Promise<void> {
    return act(async () => {
      await vi.advanceTimersByTimeAsync(ms);
      now.value = Date.now();
    });
  }

  has(id: string): boolean {
    return this.all(id).length > 0;
  }

  hook(id: string): HTMLElement {
    const [found] = this.all(id);
    if (!found) throw new Error(`no ${id}`);
    return found;
  }

  all(id: string): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
  }

  texts(id: string): (string | undefined)[] {
    return this.all(id).map((element) => element.textContent?.trim());
  }

  field(id: string): HTMLInputElement {
    return this.hook(id) as HTMLInputElement;
  }

  async click(id: string, at = 0): Promise<void> {
    await act(() => this.all(id)[at]?.click());
    await this.pass();
  }

  /** Types into a field, as a browser tells it. */
  async type(id: string, text: string): Promise<void> {
    const field = this.field(id);
    field.focus();
    field.value = text;
    await act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
  }

  /** Presses a key where the focus is. */
  async press(key: string): Promise<void> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    await act(() => void document.activeElement?.dispatchEvent(event));
    await this.pass();
  }

  get focused(): string | undefined {
    return (document.activeElement as HTMLElement | null)?.dataset.testid;
  }

  /** What went wrong, in words. */
  get messages(): string[] {
    return this.desk.model.messages.value.map(({ text }) => say(text));
  }
}

function root(): HTMLElement {
  return document.getElementById("app") as HTMLElement;
}
