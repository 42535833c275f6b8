import { useEffect, useRef, useState } from "preact/hooks";
import type { Field } from "../desk/fault";
import type { Phase } from "../desk/model";
import type { SignIn } from "../desk/sign_in";
import type { DeskView } from "../desk/view";
import { type Device, MOBILE_MODES } from "../finesse/device";
import { t } from "../i18n/language";
import { say, type Text } from "../i18n/say";
import { recall, remember } from "./remembered";
import { DeviceChoice, MobileChoice } from "./SignInPlace";

/** In the order of the form. */
const FIELDS: readonly Field[] = ["id", "password", "extension", "dialNumber"];

export function SignInForm({ desk }: { desk: DeskView }) {
  const phase = desk.model.phase.value;
  const form = useRef<HTMLFormElement>(null);
  const status = useRef<HTMLDivElement>(null);
  const [missing, setMissing] = useState<Field | undefined>(undefined);
  const [asked, setAsked] = useState<Device[] | undefined>(undefined);
  const busy = phase.kind === "signingIn";
  const faultField = missing ?? (phase.kind === "signedOut" ? phase.fault?.field : undefined);

  // The eyes and the screen reader go where something is to be done.
  useEffect(() => {
    if (phase.kind !== "signedOut") return;
    if (phase.choose) setAsked(phase.choose);
    else focusOn(form.current, status.current, phase);
  }, [phase]);
  useEffect(() => {
    if (asked) form.current?.querySelector<HTMLInputElement>("[name=device]:checked")?.focus();
  }, [asked]);

  const submit = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const filled = read(form.current);
    const empty = FIELDS.find((name) => input(form.current, name) && !value(form.current, name));
    setMissing(empty);
    if (empty) return input(form.current, empty)?.focus();
    // The telephones of the extension may not have been asked for yet.
    remember({ ...filled, deviceId: filled.deviceId ?? remembered.deviceId });
    void desk.signIn(filled);
  };

  const remembered = recall();
  const field = (name: Field, label: string, more: preact.JSX.IntrinsicElements["input"]) => (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        data-testid={`login-${name}`}
        readOnly={busy}
        aria-invalid={faultField === name}
        aria-describedby={faultField === name ? "login-status" : undefined}
        autocapitalize="none"
        spellcheck={false}
        {...more}
      />
    </label>
  );

  return (
    <main class="sign-in">
      <form ref={form} class="card" noValidate aria-busy={busy} onSubmit={submit}>
        <h1>{t("signIn.heading")}</h1>
        {field("id", t("signIn.id"), { autocomplete: "username", defaultValue: remembered.id })}
        {field("password", t("signIn.password"), { type: "password", autocomplete: "current-password" })}
        {field("extension", t("signIn.extension"), {
          inputMode: "tel",
          autocomplete: "off",
          defaultValue: remembered.extension,
          // Another extension has other telephones.
          onInput: () => setAsked(undefined),
        })}
        {desk.model.offers.value.mobileAgents && (
          <MobileChoice
            remembered={remembered.mobileAgent}
            busy={busy}
            number={field("dialNumber", t("signIn.dialNumber"), {
              type: "tel",
              autocomplete: "tel",
              defaultValue: remembered.mobileAgent?.dialNumber,
            })}
          />
        )}
        {asked && <DeviceChoice devices={asked} remembered={remembered.deviceId} busy={busy} />}
        <div ref={status} id="login-status" class="login-status" data-testid="login-status" tabIndex={-1}>
          <Status phase={phase} missing={missing !== undefined} />
        </div>
        <div class="sign-in-buttons">
          <button type="submit" class="button primary" data-testid="login-submit" aria-disabled={busy}>
            {t("signIn.submit")}
          </button>
          {busy && (
            <button
              type="button"
              class="button"
              data-testid="login-cancel"
              onClick={() => void desk.cancelSignIn()}
            >
              {t("signIn.cancel")}
            </button>
          )}
        </div>
      </form>
    </main>
  );
}

function Status({ phase, missing }: { phase: Phase; missing: boolean }) {
  const step = phase.kind === "signingIn" ? phase.step : undefined;
  const choose: Text | undefined =
    phase.kind === "signedOut" && phase.choose ? { key: "signIn.chooseDevice" } : undefined;
  const fault: Text | undefined = missing
    ? { key: "fault.fieldMissing" }
    : phase.kind === "signedOut"
      ? phase.fault?.text
      : undefined;
  const notice = phase.kind === "signedOut" && !fault ? (choose ?? phase.notice) : undefined;
  return (
    <>
      <p role="status" class={step ? "working" : "notice"}>
        {step ? say(step) : notice ? say(notice) : ""}
      </p>
      <p role="alert" class="fault">
        {fault ? say(fault) : ""}
      </p>
    </>
  );
}

function read(form: HTMLFormElement | null): SignIn {
  const mode = MOBILE_MODES.find((known) => known === checked(form, "mode"));
  return {
    id: value(form, "id"),
    password: input(form, "password")?.value ?? "",
    extension: value(form, "extension"),
    mobileAgent: mode && { mode, dialNumber: dialable(value(form, "dialNumber")) },
    deviceId: mode ? undefined : checked(form, "device"),
  };
}

/** People write numbers with spaces, dashes and brackets, which nobody dials. */
function dialable(number: string): string {
  return number.replace(/[\s().\-/]/g, "");
}

function value(form: HTMLFormElement | null, name: Field): string {
  return input(form, name)?.value.trim() ?? "";
}

function checked(form: HTMLFormElement | null, name: string): string | undefined {
  return form?.querySelector<HTMLInputElement>(`[name=${name}]:checked`)?.value;
}

function input(form: HTMLFormElement | null, name: Field): HTMLInputElement | null {
  return form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? null;
}

function focusOn(
  form: HTMLFormElement | null,
  status: HTMLElement | null,
  phase: Phase & { kind: "signedOut" },
): void {
  if (phase.fault?.field) {
    const field = input(form, phase.fault.field);
    field?.focus();
    field?.select();
  } else if (phase.fault) status?.focus();
  else input(form, recall().id ? "password" : "id")?.focus();
}
