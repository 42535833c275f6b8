/** What is known of a call, as the layout of call data has it; some of it agents may change. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DeskView } from "../desk/view";
import { type CallVariable, type Dialog, isPreview } from "../finesse/dialog";
import { callValue, type LayoutEntry, layoutOf } from "../finesse/media_layout";
import { isTextKey, t } from "../i18n/language";
import { bytesOf } from "./bytes";

/** Bytes that the phone system keeps of a call variable. */
const VARIABLE_BYTES_MAX = 40;

/** What a preview is about, whether a layout shows it or not. */
const OF_PREVIEW = ["BACampaign", "BABuddyName", "BACustomerNumber", "BAAccountNumber"];

interface Props {
  desk: DeskView;
  call: Dialog;
  /** The agent's own part offers it. */
  mayChange: boolean;
  busy: boolean;
  save(variables: CallVariable[]): Promise<boolean>;
}

/** The layout's header line; nothing when the call says nothing of it. */
export function CallHeadline({ desk, call }: Pick<Props, "desk" | "call">) {
  const header = layoutOf(call, desk.model.mediaLayouts.value)?.header;
  const value = header ? callValue(call, header.property) : "";
  if (!header || value === "") return null;
  return (
    <p class="call-headline">
      <span>
        <bdi>{labelOf(header)}</bdi>:
      </span>{" "}
      <bdi data-testid={`call-variable-${header.property}`}>{value}</bdi>
    </p>
  );
}

export function CallData(props: Props) {
  const { desk, call, mayChange, busy } = props;
  const [editing, setEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const returns = useRef(false);
  const done = () => {
    setEditing(false);
    returns.current = true;
  };
  // The field that had the focus goes with the form.
  useEffect(() => {
    if (!returns.current || busy || !edit.current) return;
    returns.current = false;
    edit.current.focus();
  });
  const columns = columnsOf(desk, call);
  const canEdit = mayChange && columns.flat().some(isEditable);
  const shown = columns.map((column) => column.filter(({ property }) => callValue(call, property) !== ""));
  if (editing && canEdit) return <Form {...props} entries={columns.flat().filter(isEditable)} done={done} />;
  if (!canEdit && shown.flat().length === 0) return null;
  return (
    <div class="call-data">
      {shown.flat().length > 0 && (
        <div class="call-variables">
          {shown
            .filter((column) => column.length > 0)
            .map((column) => (
              <Column key={column[0]?.property} call={call} entries={column} />
            ))}
        </div>
      )}
      {canEdit && (
        <button
          ref={edit}
          type="button"
          class="button small"
          data-testid="call-data-edit"
          disabled={busy}
          onClick={() => setEditing(true)}
        >
          {t("call.data.edit")}
        </button>
      )}
    </div>
  );
}

function Column({ call, entries }: { call: Dialog; entries: readonly LayoutEntry[] }) {
  return (
    <dl aria-label={t("call.variables")}>
      {entries.map((entry) => (
        <div key={entry.property}>
          <dt>
            <bdi>{labelOf(entry)}</bdi>
          </dt>
          <dd data-testid={`call-variable-${entry.property}`}>
            <bdi>{callValue(call, entry.property)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** By the layout; without one everything that the call has. */
function columnsOf(desk: DeskView, call: Dialog): LayoutEntry[][] {
  const layout = layoutOf(call, desk.model.mediaLayouts.value);
  const entry = (property: string): LayoutEntry => ({ label: property, property, editable: false });
  if (!layout) return [call.variables.map(({ name }) => entry(name))];
  if (!isPreview(call)) return layout.columns;
  const listed = [layout.header, ...layout.columns.flat()].map((line) => line?.property);
  const more = OF_PREVIEW.filter((property) => !listed.includes(property)).map(entry);
  return [more, ...layout.columns];
}

/** Only variables can be set; the rest is the phone system's word. */
function isEditable({ editable, property }: LayoutEntry): boolean {
  return editable && /^(callVariable([1-9]|10)$|user\.|BA)/.test(property);
}

/** As the layout calls it, or as people do where nobody has named it. */
function labelOf({ label, property }: LayoutEntry): string {
  if (label !== property) return label;
  const key = `call.data.${property}`;
  if (isTextKey(key)) return t(key);
  const number = /^callVariable(\d+)$/.exec(property)?.[1];
  return number ? t("call.variable", { number }) : property.replace(/^user\./, "");
}

function Form({ call, busy, entries, save, done }: Props & { entries: LayoutEntry[]; done(): void }) {
  const form = useRef<HTMLFormElement>(null);
  const [tooLong, setTooLong] = useState<string | undefined>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    const written = entries.map(({ property }) => ({
      name: property,
      value: valueIn(form.current, property),
    }));
    const changed = written.filter(({ name, value }) => value !== callValue(call, name));
    const long = changed.find(
      ({ name, value }) => name.startsWith("callVariable") && bytesOf(value) > VARIABLE_BYTES_MAX,
    );
    setTooLong(long?.name);
    if (long) return fieldOf(form.current, long.name)?.focus();
    if (changed.length === 0 || (await save(changed))) done();
  };
  return (
    <form
      ref={form}
      class="call-data-form"
      aria-label={t("call.data.edit")}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.isComposing) done();
      }}
    >
      {entries.map((entry, place) => (
        <label key={entry.property}>
          <span>
            <bdi>{labelOf(entry)}</bdi>
          </span>
          <input
            ref={place === 0 ? focusOnce : null}
            type="text"
            autocomplete="off"
            dir="auto"
            name={entry.property}
            data-testid={`call-data-${entry.property}`}
            defaultValue={callValue(call, entry.property)}
            aria-invalid={tooLong === entry.property}
            aria-describedby={tooLong === entry.property ? `too-long-${call.id}` : undefined}
          />
        </label>
      ))}
      {tooLong !== undefined && (
        <p id={`too-long-${call.id}`} class="number-wrong" role="alert">
          {t("fault.variableTooLong", { bytes: VARIABLE_BYTES_MAX })}
        </p>
      )}
      <div class="call-buttons">
        <button type="submit" class="button primary" data-testid="call-data-save" disabled={busy}>
          {t("call.data.save")}
        </button>
        <button type="button" class="button" data-testid="call-data-cancel" onClick={done}>
          {t("call.cancel")}
        </button>
      </div>
    </form>
  );
}

function fieldOf(form: HTMLFormElement | null, property: string): HTMLInputElement | undefined {
  return [...(form?.querySelectorAll("input") ?? [])].find(({ name }) => name === property);
}

function valueIn(form: HTMLFormElement | null, property: string): string {
  return fieldOf(form, property)?.value.trim() ?? "";
}

/** The first field takes the focus when the form appears. */
function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
