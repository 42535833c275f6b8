import { own } from "../desk/calls";
import type { DeskView } from "../desk/view";
import type { CallAction } from "../finesse/call_action";
import type { Dialog } from "../finesse/dialog";

/** What the agent can do with a call at this moment. */
export interface Hand {
  /** By the server's word; what it does not offer is not shown. */
  offered: readonly string[];
  /** Something is under way, or nobody could take a wish. */
  busy: boolean;
  /** Asks for it. Returns whether it came true. */
  act(wish: CallAction): Promise<boolean>;
}

export function handOn(desk: DeskView, call: Dialog, extension: string): Hand {
  const { asking, connected, phoneSystem } = desk.model;
  return {
    offered: own(call, extension)?.actions ?? [],
    busy: asking.value.has(call.id) || !connected.value || !phoneSystem.value,
    act: (wish) => desk.calls.act(call, wish),
  };
}
