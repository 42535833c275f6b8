/** A button that opens a menu (ARIA menu button pattern): arrows, Home, End, first letters, Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

export interface Item {
  key: string;
  testId: string;
  label: string;
  mark?: ComponentChildren;
  /** Of states of which one is in effect: whether it is this one. */
  checked?: boolean;
  disabled?: boolean;
  /** Belongs to the item above. */
  indented?: boolean;
}

interface Props {
  testId: string;
  /** What the list is called. */
  label: string;
  items: readonly Item[];
  disabled: boolean;
  className: string;
  children: ComponentChildren;
  choose(key: string): void;
}

export function Menu({ testId, label, items, disabled, className, children, choose }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const shown = open && !disabled;

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!shown) return;
    entries(list.current)
      .find((entry) => entry.ariaChecked === "true" || entry.getAttribute("aria-checked") === "true")
      ?.focus();
    if (!list.current?.contains(document.activeElement)) entries(list.current)[0]?.focus();
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [shown]);

  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else if (!move(entries(list.current), event.key)) return;
    if (event.key !== "Tab") event.preventDefault();
  };

  return (
    <div class="menu">
      <button
        ref={button}
        type="button"
        class={className}
        data-testid={testId}
        aria-haspopup="menu"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
        <svg class="menu-arrow" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4l4 4 4-4" />
        </svg>
      </button>
      {shown && (
        <div
          ref={list}
          id={id}
          class="menu-list"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={key}
        >
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              {...roleOf(item)}
              class="menu-item"
              data-testid={item.testId}
              data-indented={item.indented ? "" : undefined}
              aria-disabled={item.disabled ?? false}
              tabIndex={-1}
              onClick={() => {
                if (item.disabled) return;
                close();
                choose(item.key);
              }}
            >
              {item.mark}
              <bdi class="menu-label">{item.label}</bdi>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function roleOf({ checked }: Item) {
  if (checked === undefined) return { role: "menuitem" } as const;
  return { role: "menuitemradio", "aria-checked": checked } as const;
}

function entries(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>(".menu-item") ?? [])];
}

/** Moves the focus as that key says; whether the key means anything here. */
function move(all: HTMLElement[], key: string): boolean {
  const at = all.indexOf(document.activeElement as HTMLElement);
  const last = all.length - 1;
  const to =
    key === "ArrowDown"
      ? (at + 1) % all.length
      : key === "ArrowUp"
        ? at <= 0
          ? last
          : at - 1
        : key === "Home"
          ? 0
          : key === "End"
            ? last
            : firstLetter(all, at, key);
  if (to === undefined) return false;
  all[to]?.focus();
  return true;
}

function firstLetter(all: HTMLElement[], at: number, key: string): number | undefined {
  if (key.length !== 1 || key === " ") return undefined;
  const starts = (entry: HTMLElement) =>
    entry.textContent?.trim().toLowerCase().startsWith(key.toLowerCase());
  const after = all.findIndex((entry, index) => index > at && starts(entry));
  const found = after >= 0 ? after : all.findIndex(starts);
  return found >= 0 ? found : undefined;
}
