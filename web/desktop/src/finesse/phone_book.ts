import { child, childText, type Element, elements } from "../xml/element";

/** Somebody to call. */
export interface Contact {
  firstName: string;
  lastName: string;
  /** As the book writes it, with what stands between the digits. */
  number: string;
  description: string;
  /** The book's name. */
  book: string;
}

/** As many as the server gives one agent. */
export const CONTACTS_MAX = 6_000;

/** The contacts of all books in `<PhoneBooks>` that have a number; nothing when it is something else. */
export function readPhoneBooks(body: Element): Contact[] | undefined {
  if (body.name !== "PhoneBooks") return undefined;
  const all = elements(body).flatMap((book) => {
    const contacts = child(book, "contacts");
    const name = childText(book, "name");
    return (contacts ? elements(contacts) : []).map((contact) => readContact(contact, name));
  });
  return all.filter(({ number }) => number !== "").slice(0, CONTACTS_MAX);
}

function readContact(body: Element, book: string): Contact {
  return {
    firstName: childText(body, "firstName"),
    lastName: childText(body, "lastName"),
    number: childText(body, "phoneNumber"),
    description: childText(body, "description"),
    book,
  };
}

/** As people call the contact; the number when the book has no name. */
export function contactName({ firstName, lastName, number }: Contact): string {
  return [firstName, lastName].filter((part) => part !== "").join(" ") || number;
}
