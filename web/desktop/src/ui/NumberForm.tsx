import type { RefObject } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { type Contact, contactName } from "../finesse/phone_book";
import { language, t } from "../i18n/language";
import { Combobox, type FieldAttributes } from "./Combobox";
import { ContactSearch, dialled } from "./contact_search";

interface Props {
  testId: string;
  label: string;
  submit: string;
  busy: boolean;
  /** Who can be found by name. */
  contacts: readonly Contact[];
  /** Whether the field takes the focus when it appears. */
  focus?: boolean;
  cancel?: () => void;
  /** What to do with the number; whether it came about, and the field can be emptied. */
  done(number: string): Promise<boolean>;
}

const NUMBER = /^\+?[0-9*#]{1,32}$/;

/** Whether that can be called as it stands. */
export function isNumber(typed: string): boolean {
  return NUMBER.test(dialled(typed));
}

/** A field for a number to call, or for a name of the phone book. */
export function NumberForm({ testId, label, submit, busy, contacts, focus, cancel, done }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const hint = useId();
  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);

  const send = async (event: Event) => {
    event.preventDefault();
    const input = field.current;
    if (!input || busy) return;
    setWrong(!isNumber(input.value));
    if (!isNumber(input.value)) return input.focus();
    if (await done(dialled(input.value))) input.value = "";
  };
  const more = { maxLength: 80, "aria-invalid": wrong, "aria-describedby": wrong ? hint : undefined };

  return (
    <form class="number-form" onSubmit={(event) => void send(event)}>
      {contacts.length > 0 ? (
        <PhoneBookField {...{ testId, label, contacts, field, input: more, cancel }} />
      ) : (
        <label>
          <span>{label}</span>
          <input
            ref={field}
            type="tel"
            inputMode="tel"
            autocomplete="off"
            data-testid={testId}
            onKeyDown={(event) => {
              if (event.key === "Escape") cancel?.();
            }}
            {...more}
          />
        </label>
      )}
      <button type="submit" class="button primary" data-testid={`${testId}-submit`} disabled={busy}>
        {submit}
      </button>
      {cancel && (
        <button type="button" class="button" data-testid={`${testId}-cancel`} onClick={cancel}>
          {t("call.cancel")}
        </button>
      )}
      {wrong && (
        <p id={hint} class="number-wrong" role="alert">
          {t("fault.number")}
        </p>
      )}
    </form>
  );
}

interface FieldProps extends Pick<Props, "testId" | "label" | "contacts"> {
  cancel: (() => void) | undefined;
  field: RefObject<HTMLInputElement | null>;
  input: FieldAttributes;
}

function PhoneBookField({ testId, label, contacts, field, input, cancel }: FieldProps) {
  const search = useMemo(() => new ContactSearch(contacts, language.value), [contacts]);
  return (
    <Combobox
      testId={testId}
      label={label}
      listLabel={t("phoneBook.heading")}
      field={field}
      input={input}
      find={(typed) => search.find(typed)}
      view={(contact) => <ContactLine contact={contact} />}
      takesFirst={(typed) => typed.trim() !== "" && !isNumber(typed)}
      choose={(contact) => {
        if (field.current) field.current.value = contact.number;
      }}
      escape={cancel}
    />
  );
}

function ContactLine({ contact }: { contact: Contact }) {
  const about = [contact.description, contact.book].filter((part) => part !== "");
  return (
    <>
      <bdi class="contact-name">{contactName(contact)}</bdi>{" "}
      <bdi class="contact-number">{contact.number}</bdi>{" "}
      {about.length > 0 && (
        <span class="contact-about">
          <bdi>{about.join(" · ")}</bdi>
        </span>
      )}
    </>
  );
}
