import type { Ended } from "../bosh/ended";
import { clockText } from "../desk/agent_state";
import type { Banner } from "../desk/model";
import type { DeskView } from "../desk/view";
import { isTextKey, t } from "../i18n/language";
import { durationText, say } from "../i18n/say";
import { now } from "./clock";

/** A standstill shorter than this explains nothing. */
const STOOD_MS = 10_000;

/** A server that is only restarted is back before this. */
const CERTIFICATE_MS = 15_000;

/** Causes that a certificate which is not trusted any more may be behind: a server that went in good order has said so before. */
const MAY_BE_CERTIFICATE: readonly Ended["reason"][] = ["unreachable", "system-shutdown"];

/** What is known about the connection, as long as it is not simply there. */
export function Banners({ desk }: { desk: DeskView }) {
  const { banner, phoneSystem, webService, connected, phase } = desk.model;
  const signedIn = phase.value.kind === "signedIn";
  // While nothing is heard nothing is known of what is behind the server either.
  const known = signedIn && connected.value;
  return (
    <div class="banners">
      <div role="alert">
        {banner.value?.kind === "lost" && <Lost desk={desk} banner={banner.value} />}
        {banner.value?.kind === "conflict" && <Conflict desk={desk} />}
        {known && !phoneSystem.value && (
          <p class="banner warning" data-testid="banner" data-kind="service">
            <strong>{t("banner.service")}</strong> <span>{t("banner.service.effect")}</span>
          </p>
        )}
        {known && !webService.value && (
          <p class="banner warning" data-testid="banner" data-kind="web">
            <strong>{t("banner.web")}</strong>
          </p>
        )}
      </div>
      <div role="status">
        {banner.value?.kind === "restored" && (
          <p class="banner good" data-testid="banner" data-kind="restored">
            <strong>{t("banner.restored")}</strong>{" "}
            <Stood desk={desk} sinceMs={Date.now() - banner.value.gapMs} />{" "}
            <span>{t("banner.restored.gap", { time: say(durationText(banner.value.gapMs)) })}</span>
          </p>
        )}
      </div>
    </div>
  );
}

function Lost({ desk, banner }: { desk: DeskView; banner: Banner & { kind: "lost" } }) {
  return (
    <div class="banner bad" data-testid="banner" data-kind="lost">
      <p>
        <strong>{t("banner.lost")}</strong> <Stood desk={desk} sinceMs={banner.sinceMs} />{" "}
        <span>{cause(banner.ended)}</span> <span>{t("banner.lost.effect")}</span>
      </p>
      <SignOut atMs={banner.signOutAtMs} />
      <Certificate ended={banner.ended} sinceMs={banner.sinceMs} />
      {/* Counting down is for the eyes: read out each second it would drown everything else. */}
      <p class="banner-next" aria-live="off">
        <Countdown retryAtMs={banner.retryAtMs} />
        <button
          type="button"
          class="button"
          data-testid="banner-retry"
          disabled={banner.retryAtMs === undefined}
          onClick={() => desk.nudge()}
        >
          {t("banner.retry")}
        </button>
      </p>
    </div>
  );
}

/** This computer's own part in it, when it stood still shortly before or since. */
function Stood({ desk, sinceMs }: { desk: DeskView; sinceMs: number }) {
  const stood = desk.model.stood.value;
  if (!stood || stood.ms < STOOD_MS || stood.atMs < sinceMs - STOOD_MS) return null;
  const key = stood.asleep ? "banner.asleep" : "banner.stalled";
  return <span data-testid="banner-stood">{t(key, { time: say(durationText(stood.ms)) })}</span>;
}

/** Counts down to the forced sign-out. For the eyes too, like the other one. */
function SignOut({ atMs }: { atMs: number | undefined }) {
  if (atMs === undefined) return null;
  const left = atMs - now.value;
  return (
    <p aria-live="off" data-testid="banner-sign-out">
      {left > 0 ? t("banner.signOutIn", { time: clockText(left) }) : t("banner.signedOut")}
    </p>
  );
}

/** Scripts are not told why a TLS connection failed; the browser tells people, on a page of its own. */
function Certificate({ ended, sinceMs }: { ended: Ended; sinceMs: number }) {
  const since = now.value - sinceMs;
  if (location.protocol !== "https:" || since < CERTIFICATE_MS) return null;
  if (!MAY_BE_CERTIFICATE.includes(ended.reason)) return null;
  return (
    <p>
      {t("banner.certificate")}{" "}
      <a href="/desktop/settings.json" target="_blank" rel="noreferrer" data-testid="banner-certificate">
        {t("banner.certificate.open")}
      </a>
    </p>
  );
}

function Countdown({ retryAtMs }: { retryAtMs: number | undefined }) {
  const seconds = retryAtMs === undefined ? 0 : Math.ceil((retryAtMs - now.value) / 1000);
  return <span>{seconds > 0 ? t("banner.retryIn", { seconds }) : t("banner.retrying")}</span>;
}

function cause(ended: Ended): string {
  if (!navigator.onLine) return t("banner.lost.offline");
  const key = `banner.lost.${ended.reason}`;
  return isTextKey(key) ? t(key, { detail: ended.detail }) : "";
}

function Conflict({ desk }: { desk: DeskView }) {
  return (
    <div class="banner bad" data-testid="banner" data-kind="conflict">
      <p>
        <strong>{t("banner.conflict")}</strong> <span>{t("banner.conflict.effect")}</span>
      </p>
      <p class="banner-next">
        <button type="button" class="button" data-testid="take-over" onClick={() => desk.takeOver()}>
          {t("banner.takeOver")}
        </button>
      </p>
    </div>
  );
}
