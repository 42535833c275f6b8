/** How to connect, as the server's operator wants it. */
import type { Plan } from "../connection/connection";
import type { Kind } from "../connection/transport";

/** The answer is small, and the sign-in waits for it. */
const ANSWER_MS = 5_000;

/** A spread beyond this would leave agents without events for longer than the forced sign-out waits. */
const SPREAD_SECS_MAX = 60;

/** Reads the settings; nothing when they can not be had, and every transport will do. */
export async function loadPlan(url: string): Promise<Plan | undefined> {
  try {
    const answer = await fetch(url, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return answer.ok ? readPlan(await answer.json()) : undefined;
  } catch {
    return undefined;
  }
}

/** The plan in `{"connection": ["websocket", "bosh"], "reconnect_spread_secs": 5, "mobile_agents": true}`. */
export function readPlan(settings: unknown): Plan | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  const named = settings as Record<string, unknown>;
  const { connection, reconnect_spread_secs: spread, sign_out_secs } = named;
  const kinds = Array.isArray(connection) ? [...new Set(connection)].filter(isKind) : [];
  const [first, ...others] = kinds;
  if (!first) return undefined;
  const secs = typeof spread === "number" && spread >= 0 ? Math.min(spread, SPREAD_SECS_MAX) : 0;
  const offers = {
    mobileAgents: named.mobile_agents === true,
    sharedExtensions: named.shared_extensions === true,
  };
  return { kinds: [first, ...others], spreadMs: secs * 1000, signOutMs: readSignOut(sign_out_secs), offers };
}

function readSignOut(secs: unknown): NonNullable<Plan["signOutMs"]> {
  const named = typeof secs === "object" && secs !== null ? Object.entries(secs) : [];
  const known = named.filter(([kind, value]) => isKind(kind) && typeof value === "number" && value >= 0);
  return Object.fromEntries(known.map(([kind, value]) => [kind, value * 1000]));
}

function isKind(value: unknown): value is Kind {
  return value === "websocket" || value === "bosh";
}
