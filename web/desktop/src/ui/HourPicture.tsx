import type { History, Sample } from "../evidence/history";
import { language, t } from "../i18n/language";
import { measureText, say } from "../i18n/say";

const WIDTH = 720;
const LABEL = 110;
const TICK_MS = 10 * 60_000;
/** What a time of day needs; nearer to the edge it stands before its line. */
const TIME = 60;

/** Lanes from top to bottom: top edge and height. */
const CONNECTION = { y: 22, height: 18 };
const STOOD = { y: 50, height: 12 };
const ROUND_TRIP = { y: 74, height: 36 };
const GAP = { y: 122, height: 36 };
const HEIGHT = 166;

interface Props {
  history: History;
  startMs: number;
  endMs: number;
}

/** A piece of time in which the connection was there or was not. */
export interface Span {
  fromMs: number;
  toMs: number;
  up: boolean;
}

/** The connection's hour. The tables beside it say the same in words. */
export function HourPicture({ history, startMs, endMs }: Props) {
  const x = (ms: number) =>
    LABEL + ((Math.min(Math.max(ms, startMs), endMs) - startMs) / (endMs - startMs)) * (WIDTH - LABEL);
  const width = (fromMs: number, toMs: number) => Math.max(1.5, x(toMs) - x(fromMs));
  const ticks: number[] = [];
  for (let ms = Math.ceil(startMs / TICK_MS) * TICK_MS; ms < endMs; ms += TICK_MS) ticks.push(ms);
  return (
    <svg class="hour-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("hour.picture")}>
      <defs>
        <pattern id="hour-hatch" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" class="hatch" />
        </pattern>
      </defs>
      {ticks.map((ms) => (
        <g key={ms}>
          <line x1={x(ms)} x2={x(ms)} y1={16} y2={HEIGHT} class="tick" />
          <text
            {...(x(ms) + TIME < WIDTH ? { x: x(ms) + 2 } : { x: x(ms) - 2, "text-anchor": "end" })}
            y={12}
          >
            {new Date(ms).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit" })}
          </text>
        </g>
      ))}
      <Label lane={CONNECTION} text={t("hour.lane.connection")} />
      {spans(history, endMs).map(({ fromMs, toMs, up }) => (
        <g key={fromMs}>
          <rect
            x={x(fromMs)}
            width={width(fromMs, toMs)}
            {...CONNECTION}
            class={up ? "span-up" : "span-lost"}
          />
          {!up && <rect x={x(fromMs)} width={width(fromMs, toMs)} {...CONNECTION} fill="url(#hour-hatch)" />}
        </g>
      ))}
      <Label lane={STOOD} text={t("hour.lane.stood")} />
      {history.events
        .filter(({ what, ms }) => ms !== undefined && (what === "asleep" || what === "stalled"))
        .map(({ atMs, ms = 0, what }) => (
          <rect
            key={atMs}
            x={x(atMs - ms)}
            width={width(atMs - ms, atMs)}
            {...STOOD}
            class={`span-${what}`}
          />
        ))}
      <Lane
        lane={ROUND_TRIP}
        name="roundTrip"
        of={({ roundTripMs }) => roundTripMs}
        history={history}
        x={x}
      />
      <Lane lane={GAP} name="gap" of={({ gapMs }) => gapMs} history={history} x={x} />
    </svg>
  );
}

function Label({ lane, text }: { lane: { y: number; height: number }; text: string }) {
  return (
    <text x={0} y={lane.y + lane.height / 2 + 4}>
      {text}
    </text>
  );
}

interface LaneProps {
  lane: { y: number; height: number };
  name: "roundTrip" | "gap";
  of(sample: Sample): number;
  history: History;
  x(ms: number): number;
}

/** A bar a minute; the tallest is what the label says. */
function Lane({ lane, name, of, history, x }: LaneProps) {
  const tallest = Math.max(1, ...history.samples.map(of));
  return (
    <g>
      <Label lane={lane} text={t(`hour.lane.${name}`, { most: say(measureText(tallest)) })} />
      {history.samples.map((sample) => {
        const height = Math.max(1, (of(sample) / tallest) * lane.height);
        return (
          <rect
            key={sample.atMs}
            x={x(sample.atMs) - 4}
            width={8}
            y={lane.y + lane.height - height}
            height={height}
            class={`bar-${name}`}
          />
        );
      })}
    </g>
  );
}

/** When the connection was there, out of what is known. Before the first word of it nothing is. */
export function spans(history: History, endMs: number): Span[] {
  const found: Span[] = [];
  let since: { ms: number; up: boolean } | undefined;
  for (const { what, atMs } of history.events) {
    const up = what === "up";
    if (!up && what !== "lost" && what !== "taken-over") continue;
    if (since) found.push({ fromMs: since.ms, toMs: atMs, up: since.up });
    since = { ms: atMs, up };
  }
  if (since) found.push({ fromMs: since.ms, toMs: endMs, up: since.up });
  return found;
}
