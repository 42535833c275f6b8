import { useEffect, useRef } from "preact/hooks";
import type { DeskView } from "../desk/view";
import { fullName, type User } from "../finesse/user";
import { t } from "../i18n/language";
import { Menu } from "./Menu";

export function AgentPanel({ desk, user }: { desk: DeskView; user: User }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  const role = t(user.roles.includes("Supervisor") ? "agent.supervisor" : "agent.label");
  return (
    <section class="agent-panel" aria-labelledby="agent-name">
      <div>
        <p class="agent-role">{role}</p>
        <h1 id="agent-name" ref={heading} tabIndex={-1} data-testid="agent-name">
          <bdi>{fullName(user)}</bdi>
        </h1>
        <dl class="agent-facts">
          <Fact name={t("agent.id")} value={user.loginId} testId="agent-id" />
          <Fact name={t("agent.extension")} value={user.extension} testId="agent-extension" />
          {user.mobileAgent && (
            <Fact
              name={t("agent.mobile")}
              value={t(`agent.mobile.${user.mobileAgent.mode}`, {
                number: ending(user.mobileAgent.dialNumber),
              })}
              testId="agent-mobile"
            />
          )}
          {user.device && (
            <Fact
              name={t("agent.device")}
              value={user.device.typeName || user.device.id}
              testId="agent-device"
            />
          )}
          <Fact name={t("agent.team")} value={user.teamName} testId="agent-team" />
        </dl>
      </div>
      <SignOut desk={desk} />
    </section>
  );
}

/** A number by its last digits: enough to know one's own by, on a screen that others see. */
function ending(number: string): string {
  return number.length > 4 ? `···${number.slice(-4)}` : number;
}

function Fact({ name, value, testId }: { name: string; value: string; testId: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>
        <bdi>{value || "–"}</bdi>
      </dd>
    </div>
  );
}

function SignOut({ desk }: { desk: DeskView }) {
  const { reasons, changing } = desk.model;
  const busy = changing.value !== undefined;
  const { logout } = reasons.value;
  if (logout.length === 0) {
    return (
      <button
        type="button"
        class="button"
        data-testid="sign-out"
        disabled={busy}
        onClick={() => void desk.signOut()}
      >
        {t("signOut.button")}
      </button>
    );
  }
  const items = logout.map((reason) => ({
    key: reason.id,
    testId: `sign-out-${reason.id}`,
    label: reason.label || reason.code,
  }));
  return (
    <Menu
      testId="sign-out"
      label={t("signOut.heading")}
      className="button"
      disabled={busy}
      items={[...items, { key: "", testId: "sign-out-plain", label: t("signOut.plain") }]}
      choose={(reason) => void desk.signOut(reason || undefined)}
    >
      {t("signOut.button")}
    </Menu>
  );
}
