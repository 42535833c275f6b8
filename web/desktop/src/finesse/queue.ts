import { child, childText, type Element, elements } from "../xml/element";

/** Calls that wait for an agent, and the agents who could take them. A count that nobody knows is undefined. */
export interface Queue {
  id: string;
  name: string;
  callsWaiting: number | undefined;
  /** Since when the call waits that has waited longest, by the server's clock; undefined when none does. */
  longestSinceMs: number | undefined;
  agentsReady: number | undefined;
  agentsNotReady: number | undefined;
  /** Inbound, outbound and internal calls together. */
  agentsTalking: number | undefined;
  agentsInWrapUp: number | undefined;
}

/** More queues than anybody looks at; the rest is left out. */
export const QUEUES_MAX = 100;

/** Reads `<Queue>`, which has a capital in notifications too; nothing when it is none, or says not which. */
export function readQueue(body: Element): Queue | undefined {
  const uri = childText(body, "uri");
  const id = uri.slice(uri.lastIndexOf("/") + 1);
  if (body.name.toLowerCase() !== "queue" || !id) return undefined;
  const statistics = child(body, "statistics");
  const count = (...names: string[]) =>
    sum(names.map((name) => number(statistics ? childText(statistics, name) : "")));
  const longest = Date.parse(statistics ? childText(statistics, "startTimeOfLongestCallInQueue") : "");
  return {
    id,
    name: childText(body, "name"),
    callsWaiting: count("callsInQueue"),
    longestSinceMs: Number.isNaN(longest) ? undefined : longest,
    agentsReady: count("agentsReady"),
    agentsNotReady: count("agentsNotReady"),
    agentsTalking: count("agentsTalkingInbound", "agentsTalkingOutbound", "agentsTalkingInternal"),
    agentsInWrapUp: count("agentsWrapUpNotReady", "agentsWrapUpReady"),
  };
}

/** Reads `<Queues>`; nothing when it is something else. */
export function readQueues(body: Element): Queue[] | undefined {
  if (body.name.toLowerCase() !== "queues") return undefined;
  const found = elements(body).map(readQueue);
  return found.filter((queue): queue is Queue => queue !== undefined).slice(0, QUEUES_MAX);
}

/** -1 and nothing both mean that it is not known. */
function number(written: string): number | undefined {
  return /^\d{1,9}$/.test(written) ? Number(written) : undefined;
}

/** What is known of the parts; nothing when no part is. */
function sum(parts: readonly (number | undefined)[]): number | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.reduce((all, part) => all + part, 0);
}
