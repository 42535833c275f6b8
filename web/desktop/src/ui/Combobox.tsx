/** A field with a list under it that follows what is typed (ARIA combobox with a list): arrows, Enter, Escape. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n/language";

/** So many at once; typing more finds the others. */
export const SHOWN_MAX = 100;

export interface FieldAttributes {
  maxLength?: number;
  placeholder?: string;
  readOnly?: boolean;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string | undefined;
}

interface Props<T> {
  testId: string;
  label: string;
  /** What the list is called, and the button that opens it. */
  listLabel: string;
  field: RefObject<HTMLInputElement | null>;
  /** More attributes of the field. */
  input: FieldAttributes;
  /** What the list has for what is typed. */
  find(typed: string): readonly T[];
  /** How a thing of the list looks. */
  view(item: T): ComponentChildren;
  choose(item: T): void;
  /** Whether what is typed means nothing by itself: Enter then takes the first of the list. */
  takesFirst(typed: string): boolean;
  /** Escape while the list is closed. */
  escape?: (() => void) | undefined;
}

interface Opened {
  typed: string;
  /** The place in the list that the arrows are at; -1 for none. */
  at: number;
}

export function Combobox<T>(props: Props<T>) {
  const { testId, label, listLabel, field, find, choose, takesFirst } = props;
  const [opened, setOpened] = useState<Opened | undefined>(undefined);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = opened ? find(opened.typed) : [];
  const shown = found.slice(0, SHOWN_MAX);
  const at = opened && opened.at < shown.length ? opened.at : -1;
  const isOpen = shown.length > 0;

  useEffect(() => {
    if (at >= 0) document.getElementById(`${id}-${at}`)?.scrollIntoView?.({ block: "nearest" });
  }, [at, id]);

  const open = (place: number) => setOpened({ typed: field.current?.value ?? "", at: place });
  const close = () => setOpened(undefined);
  const take = (item: T) => {
    close();
    choose(item);
    field.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    // The keys are the input method's until the word is there.
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const item = shown[at];
    if (step !== 0) open(isOpen ? (at + step + shown.length) % shown.length : 0);
    else if (event.key === "Enter" && item !== undefined) take(item);
    else if (event.key === "Escape" && isOpen) close();
    else if (event.key === "Escape") props.escape?.();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={root}
      class="combobox"
      onFocusOut={(event) => {
        if (!root.current?.contains(event.relatedTarget as Node | null)) close();
      }}
    >
      <label>
        <span>{label}</span>
        <input
          ref={field}
          type="text"
          autocomplete="off"
          spellcheck={false}
          role="combobox"
          data-testid={testId}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          onInput={(event) => open(takesFirst(event.currentTarget.value) ? 0 : -1)}
          onKeyDown={key}
          {...props.input}
        />
      </label>
      <button
        type="button"
        class="combobox-open"
        tabIndex={-1}
        data-testid={`${testId}-list`}
        aria-label={listLabel}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => {
          if (isOpen) close();
          else setOpened({ typed: "", at: -1 });
          field.current?.focus();
        }}
      >
        <svg class="menu-arrow" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4l4 4 4-4" />
        </svg>
      </button>
      {isOpen && (
        <div class="combobox-list">
          <div id={id} role="listbox" aria-label={listLabel}>
            {shown.map((item, place) => (
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the place.
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: the places of the list are what arrows go by.
                key={place}
                id={`${id}-${place}`}
                role="option"
                class="combobox-option"
                data-testid={`${testId}-option`}
                aria-selected={place === at}
                aria-posinset={place + 1}
                aria-setsize={found.length}
                // The focus stays in the field.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(item)}
              >
                {props.view(item)}
              </div>
            ))}
          </div>
          {found.length > shown.length && (
            <p class="combobox-more">{t("list.more", { shown: shown.length, all: found.length })}</p>
          )}
        </div>
      )}
      <p class="visually-hidden" role="status">
        {opened && (isOpen ? t("list.found", { count: found.length }) : t("list.none"))}
      </p>
    </div>
  );
}
