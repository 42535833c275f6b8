import { type Tone, tone } from "../desk/agent_state";

/** A state's shape: told apart without colour, and by outline at any size. */
const SHAPES: Record<Tone, preact.JSX.Element> = {
  // Full disc with a tick: goes.
  ready: (
    <>
      <circle cx="12" cy="12" r="11" class="fill" />
      <path d="M7 12.5l3.5 3.5L17 9" class="cut" />
    </>
  ),
  // Square with a bar: stands.
  notReady: (
    <>
      <rect x="1.5" y="1.5" width="21" height="21" rx="4" class="fill" />
      <path d="M7 12h10" class="cut" />
    </>
  ),
  // Ring with a dot, like a bell seen from above: rings.
  incoming: (
    <>
      <circle cx="12" cy="12" r="9.5" class="line" />
      <circle cx="12" cy="12" r="4.5" class="fill" />
    </>
  ),
  // Speech bubble.
  talking: (
    <>
      <path
        d="M3 2h18a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-9l-5.5 5.5V17H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z"
        class="fill"
      />
      <path d="M7 9.5h10" class="cut" />
    </>
  ),
  // Two bars: pause.
  hold: (
    <>
      <rect x="3" y="1.5" width="7" height="21" rx="2" class="fill" />
      <rect x="14" y="1.5" width="7" height="21" rx="2" class="fill" />
    </>
  ),
  // Sheet with lines: writing things up.
  wrapUp: (
    <>
      <path d="M4 1h11l6 6v16H4z" class="fill" />
      <path d="M8 12h8M8 17h5" class="cut" />
    </>
  ),
  // Empty ring.
  out: <circle cx="12" cy="12" r="9.5" class="line" />,
  // Diamond with a question mark.
  unknown: (
    <>
      <path d="M12 .8L23.2 12 12 23.2.8 12z" class="fill" />
      <path d="M9.5 9.8a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M12 16.6v.1" class="cut" />
    </>
  ),
};

export function StateMark({ state }: { state: string }) {
  const kind = tone(state);
  return (
    <svg class="state-mark" data-tone={kind} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}
