import { type Disconnection, LANES, type Lane } from "../finesse/disconnection";
import { language, t } from "../i18n/language";

const WIDTH = 720;
const LABEL = 130;
const TOP = 22;
const ROW = 30;
/** Room for a mark at the right edge. */
const EDGE = 12;
const HEIGHT = TOP + ROW * LANES.length;

/** What happened, lane by lane on one time axis, with the countdowns. The list below says the same in words. */
export function LanesPicture({ found }: { found: Disconnection }) {
  const { marks, stretches } = found;
  const times = [
    ...marks.map(({ atMs }) => atMs),
    ...stretches.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ];
  if (times.length === 0) return null;
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = (ms: number) => LABEL + ((ms - from) / Math.max(1, to - from)) * (WIDTH - LABEL - EDGE);
  const time = (ms: number) => new Date(ms).toLocaleTimeString(language.value);
  return (
    <>
      <svg class="lanes" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("why.picture")}>
        <text x={LABEL} y={12}>
          {time(from)}
        </text>
        <text x={WIDTH} y={12} text-anchor="end">
          {time(to)}
        </text>
        {LANES.map((lane) => (
          <g key={lane}>
            <text x={0} y={middle(lane) + 4}>
              {t(`why.lane.${lane}`)}
            </text>
            <line class="lane" x1={LABEL} x2={WIDTH} y1={middle(lane)} y2={middle(lane)} />
          </g>
        ))}
        {stretches.map(({ lane, fromMs, toMs }) => (
          <rect
            key={`${lane} ${fromMs}`}
            class={lane === "web" ? "watch" : "silence"}
            x={x(fromMs)}
            width={Math.max(2, x(toMs) - x(fromMs))}
            y={middle(lane) - 4}
            height={8}
            rx={3}
          />
        ))}
        {marks.map(({ lane, atMs, text }) => (
          <circle key={`${lane} ${atMs} ${text}`} class="mark" cx={x(atMs)} cy={middle(lane)} r={5} />
        ))}
      </svg>
      <ol class="why-marks">
        {marks.map(({ lane, atMs, text }) => (
          <li key={`${lane} ${atMs} ${text}`}>
            <time dateTime={new Date(atMs).toISOString()}>{time(atMs)}</time>{" "}
            <span class="why-lane">{t(`why.lane.${lane}`)}</span> <bdi>{text}</bdi>
          </li>
        ))}
      </ol>
    </>
  );
}

function middle(lane: Lane): number {
  return TOP + ROW * LANES.indexOf(lane) + ROW / 2;
}
