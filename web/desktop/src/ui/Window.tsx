/** A long table of which only the rows in view are in the page. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Height of a row, in pixels; the style sheet gives the rows the same. */
export const ROW_PX = 48;

/** Rows kept ready above and below, so that scrolling shows no gaps. */
const SPARE = 6;

/** Shorter lists are shown whole. */
const WHOLE_MAX = 60;

interface Props<T> {
  /** Id of the element that says what the table is of. */
  labelledBy: string;
  /** The cells of the head. */
  head: ComponentChildren;
  items: readonly T[];
  /** One `tr`, with a key. */
  row(item: T, index: number): ComponentChildren;
  /** Is told the rows in the page, once scrolling rests. */
  seen?(items: readonly T[]): void;
}

/** Scrolling rests when nothing moved for so long. */
const REST_MS = 150;

export function Window<T>({ labelledBy, head, items, row, seen }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: WHOLE_MAX * ROW_PX });
  const whole = items.length <= WHOLE_MAX;
  useEffect(() => {
    const element = box.current;
    if (whole || !element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    element.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      element.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [whole]);

  const first = whole ? 0 : Math.max(0, Math.floor(view.top / ROW_PX) - SPARE);
  // The room of rows that are not in the page.
  const px = (rows: number) => `${Math.max(0, rows) * ROW_PX}px`;
  const end = whole ? items.length : Math.ceil((view.top + view.height) / ROW_PX) + SPARE;
  useEffect(() => {
    const timer = setTimeout(() => seen?.(items.slice(first, end)), REST_MS);
    return () => clearTimeout(timer);
  }, [first, end, items, seen]);
  return (
    <div ref={box} class={whole ? "window" : "window long"}>
      <table
        aria-labelledby={labelledBy}
        aria-rowcount={items.length + 1}
        style={{ marginTop: px(first), marginBottom: px(items.length - end) }}
      >
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <tbody>{items.slice(first, end).map((item, at) => row(item, first + at))}</tbody>
      </table>
    </div>
  );
}
