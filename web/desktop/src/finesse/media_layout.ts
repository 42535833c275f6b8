import { child, childText, type Element, elements } from "../xml/element";
import type { Dialog } from "./dialog";

/** One line of call data. */
export interface LayoutEntry {
  /** What people read before the value; the property's name when the layout has no words for it. */
  label: string;
  /** `callVariable1`, `user.name`, `BACampaign`, `DNIS`, … */
  property: string;
  /** Whether agents may change the value. */
  editable: boolean;
}

/** Which data of a call are shown, and where (MediaPropertiesLayout). */
export interface MediaLayout {
  name: string;
  /** For calls that name no other. */
  isDefault: boolean;
  header: LayoutEntry | undefined;
  columns: LayoutEntry[][];
}

/** COMPAT(finesse): the call's ECC variable that names its layout. */
const LAYOUT_VARIABLE = "user.Layout";

/** Reads `<MediaPropertiesLayouts>`; nothing when it is something else. */
export function readMediaLayouts(body: Element): MediaLayout[] | undefined {
  return body.name === "MediaPropertiesLayouts" ? elements(body).map(readMediaLayout) : undefined;
}

function readMediaLayout(body: Element): MediaLayout {
  const header = child(body, "header");
  const columns = elements(body).filter(({ name }) => name === "column");
  return {
    name: childText(body, "name"),
    isDefault: childText(body, "type") === "DEFAULT",
    header: header && readEntries(header)[0],
    columns: columns.map(readEntries),
  };
}

function readEntries(list: Element): LayoutEntry[] {
  const entries = elements(list).map((entry) => {
    const property = childText(entry, "mediaProperty");
    const label = childText(entry, "displayName") || property;
    return { label, property, editable: childText(entry, "uiEditable") === "true" };
  });
  return entries.filter(({ property }) => property !== "");
}

/** The layout that a call names, else the default one; nothing when the server has none. */
export function layoutOf(call: Dialog, layouts: readonly MediaLayout[]): MediaLayout | undefined {
  const wanted = callValue(call, LAYOUT_VARIABLE).toLowerCase();
  const named = layouts.find(({ name, isDefault }) => !isDefault && name.toLowerCase() === wanted);
  return named ?? layouts.find(({ isDefault }) => isDefault);
}

/** What a call says of that property: a call variable or another of its media properties; empty when nothing. */
export function callValue(call: Dialog, property: string): string {
  const variable = call.variables.find(({ name }) => name === property);
  return variable?.value ?? call.properties.get(property) ?? "";
}
