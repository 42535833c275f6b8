/** Finds contacts by what is typed: parts of the name, the number, the description or the book's name, in any order. */
import { type Contact, contactName } from "../finesse/phone_book";

/** What people write between the digits to read them better. */
const ORNAMENTS = /[\s().\-/]/g;

/** A number as it is dialled. */
export function dialled(number: string): string {
  return number.replace(ORNAMENTS, "");
}

interface Entry {
  contact: Contact;
  name: string;
  number: string;
  text: string;
}

export class ContactSearch {
  private readonly entries: readonly Entry[];

  /** @param language by whose rules the names are put in order */
  constructor(contacts: readonly Contact[], language: string) {
    const collator = new Intl.Collator(language, { numeric: true });
    const named = contacts.map((contact) => ({ contact, name: contactName(contact) }));
    named.sort((a, b) => collator.compare(a.name, b.name));
    this.entries = named.map(({ contact, name }) => ({
      contact,
      name: folded(name),
      number: dialled(contact.number),
      text: folded([name, contact.description, contact.book].join(" ")),
    }));
  }

  /** Those that have all the words; first those whose name or number begins with what is typed. */
  find(typed: string): Contact[] {
    const whole = folded(typed.trim());
    const words = whole.split(/\s+/).filter((word) => word !== "");
    const asNumber = dialled(typed);
    const hits = this.entries.filter((entry) => {
      const inText = words.every((word) => entry.text.includes(word));
      return inText || (/\d/.test(asNumber) && entry.number.includes(asNumber));
    });
    const begins = ({ name, number }: Entry) =>
      name.startsWith(whole) || (asNumber !== "" && number.startsWith(asNumber));
    const first = hits.filter(begins);
    const others = hits.filter((entry) => !begins(entry));
    return [...first, ...others].map(({ contact }) => contact);
  }
}

/** Wide and half-width, capital and small letters, katakana and hiragana are the same to who searches. */
function folded(text: string): string {
  const plain = text.normalize("NFKC").toLowerCase();
  return plain.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
