/** Where to sign in beside the telephone of the extension: at one outside, or at one of several. */
import { useState } from "preact/hooks";
import { type Device, MOBILE_MODES, type MobileAgent, type MobileMode } from "../finesse/device";
import { t } from "../i18n/language";

interface MobileProps {
  remembered: MobileAgent | undefined;
  busy: boolean;
  /** The field for the number. */
  number: preact.ComponentChild;
}

/** The choice to be a mobile agent; how and at which number shows when it is made. */
export function MobileChoice({ remembered, busy, number }: MobileProps) {
  const [chosen, setChosen] = useState(remembered !== undefined);
  return (
    <div class="place">
      <label class="check">
        <input
          type="checkbox"
          name="mobile"
          data-testid="login-mobile"
          checked={chosen}
          disabled={busy}
          onChange={({ currentTarget }) => setChosen(currentTarget.checked)}
        />
        <span>{t("signIn.mobile")}</span>
      </label>
      {chosen && (
        <>
          <fieldset class="choices" disabled={busy}>
            <legend>{t("signIn.mobileMode")}</legend>
            {MOBILE_MODES.map((mode) => (
              <Mode key={mode} mode={mode} chosen={mode === (remembered?.mode ?? MOBILE_MODES[0])} />
            ))}
          </fieldset>
          {number}
        </>
      )}
    </div>
  );
}

function Mode({ mode, chosen }: { mode: MobileMode; chosen: boolean }) {
  return (
    <label class="check">
      <input
        type="radio"
        name="mode"
        value={mode}
        defaultChecked={chosen}
        data-testid={`login-mode-${mode}`}
        aria-describedby={`mode-${mode}`}
      />
      <span>
        {t(`signIn.${mode}`)}
        <small id={`mode-${mode}`}>{t(`signIn.${mode}.hint`)}</small>
      </span>
    </label>
  );
}

interface DeviceProps {
  devices: Device[];
  remembered: string | undefined;
  busy: boolean;
}

/** The telephones that share the extension. */
export function DeviceChoice({ devices, remembered, busy }: DeviceProps) {
  const known = devices.some(({ id }) => id === remembered);
  const chosen = known ? remembered : devices[0]?.id;
  return (
    <fieldset class="choices" disabled={busy} data-testid="login-devices">
      <legend>{t("signIn.device")}</legend>
      {devices.map(({ id, typeName }) => (
        <label class="check" key={id}>
          <input
            type="radio"
            name="device"
            value={id}
            defaultChecked={id === chosen}
            data-testid={`login-device-${id}`}
          />
          <span>
            <bdi>{typeName || id}</bdi>
            {typeName && (
              <small>
                <bdi>{id}</bdi>
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
