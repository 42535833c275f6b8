import type { Ended } from "../bosh/ended";
import type { Banner } from "../desk/model";
import type { DeskView } from "../desk/view";
import { isTextKey, t } from "../i18n/language";
import { durationText, say } from "../i18n/say";
import { now } from "./clock";

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
        <strong>{t("banner.lost")}</strong> <span>{cause(banner.ended)}</span>{" "}
        <span>{t("banner.lost.effect")}</span>
      </p>
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
