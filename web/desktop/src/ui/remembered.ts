/** What the sign-in form remembers across a reload and for the next sign-in in this tab: never the password. */
import { MOBILE_MODES, type MobileAgent } from "../finesse/device";
import type { Place } from "../finesse/rest";

const STORED = "aplomb.sign-in";

export interface Remembered extends Place {
  id: string;
}

export function remember({ id, extension, mobileAgent, deviceId }: Remembered): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ id, extension, mobileAgent, deviceId }));
  } catch {
    // Storage may be full or forbidden; then the fields are empty next time.
  }
}

export function recall(): Remembered {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Partial<Remembered>;
    return {
      id: String(kept.id ?? ""),
      extension: String(kept.extension ?? ""),
      mobileAgent: recallMobile(kept.mobileAgent),
      deviceId: kept.deviceId === undefined ? undefined : String(kept.deviceId),
    };
  } catch {
    return { id: "", extension: "" };
  }
}

function recallMobile(kept: Partial<MobileAgent> | undefined): MobileAgent | undefined {
  const mode = MOBILE_MODES.find((known) => known === kept?.mode);
  return mode && { mode, dialNumber: String(kept?.dialNumber ?? "") };
}
