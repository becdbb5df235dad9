// The files of a batch as a table that draws only the rows in sight: ten thousand cost as little as twenty.
import { type UIEvent, useEffect, useRef, useState } from "react";
import { EmotionBadge, Spinner } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { batch as words } from "../../strings/batch.ts";
import { formatPercent, formatSeconds } from "../../strings/format.ts";
import styles from "./batch.module.css";
import type { BatchRow } from "./rows.ts";

/** In rem, as --row in the style: rows have one height, so that a place in the list is a place in pixels. */
const ROW_REM = { wide: 3.25, narrow: 4.75 };
const NARROW_REM = 40;
const OVERSCAN = 8;

/**
 * @param total how many rows there will be once all are loaded
 * @param onNearEnd called when the last loaded rows come into sight
 */
export function BatchTable({
  rows,
  total,
  onNearEnd,
}: {
  rows: readonly BatchRow[];
  total: number;
  onNearEnd?: () => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 600, rowPx: 52 });
  useEffect(() => {
    const element = frame.current!;
    const watcher = new ResizeObserver(() => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { clientWidth, clientHeight } = element;
      const rowPx = rem * (clientWidth < NARROW_REM * rem ? ROW_REM.narrow : ROW_REM.wide);
      setSight((before) => ({ ...before, height: clientHeight, rowPx }));
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(sight.top / sight.rowPx) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((sight.top + sight.height) / sight.rowPx) + OVERSCAN);
  const isNearEnd = last >= rows.length && rows.length < total;
  const newest = useRef(onNearEnd);
  newest.current = onNearEnd;
  useEffect(() => {
    if (isNearEnd) newest.current?.();
  }, [isNearEnd]);

  function onScroll({ currentTarget }: UIEvent<HTMLDivElement>) {
    const top = currentTarget.scrollTop;
    // A new picture is only needed when the rows in sight are others.
    setSight((before) =>
      Math.floor(before.top / before.rowPx) === Math.floor(top / before.rowPx) ? before : { ...before, top },
    );
  }

  return (
    <section
      ref={frame}
      className={styles.frame}
      aria-label={words.table}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      onScroll={onScroll}
    >
      <table className={styles.table} aria-rowcount={Math.max(total, rows.length) + 1}>
        <thead>
          <tr className={styles.row} aria-rowindex={1}>
            <th scope="col">{words.columns.file}</th>
            <th scope="col">{words.columns.result}</th>
            <th scope="col">{words.columns.seconds}</th>
          </tr>
        </thead>
        <tbody
          style={{
            paddingBlockStart: first * sight.rowPx,
            paddingBlockEnd: (rows.length - last) * sight.rowPx,
          }}
        >
          {rows.slice(first, last).map((row, i) => (
            <tr key={row.key} className={styles.row} aria-rowindex={first + i + 2} data-state={row.state}>
              <td className={styles.file} title={row.name}>
                {row.recording ? (
                  <a href={hrefTo(["recordings", row.recording.id])}>{row.name}</a>
                ) : (
                  <span>{row.name}</span>
                )}
              </td>
              <td className={styles.result}>
                <Result row={row} />
              </td>
              <td className={styles.seconds}>
                {row.recording?.analysis ? formatSeconds(row.recording.analysis.seconds) : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Result({ row: { state, progress, error, recording } }: { row: BatchRow }) {
  const { analysis, label = null } = recording ?? {};
  if (state === "done" && analysis) {
    return (
      <EmotionBadge
        emotion={label ?? analysis.emotion}
        {...(label === null && { confidence: analysis.confidence })}
      />
    );
  }
  if (state === "failed") {
    return (
      <span className={styles.failed} title={error ?? undefined}>
        <strong>{words.state.failed}.</strong> {error}
      </span>
    );
  }
  const isAtWork = state === "sending" || state === "running";
  return (
    <span className={styles.waiting}>
      {isAtWork && <Spinner />}
      {words.state[state]}
      {isAtWork && ` ${formatPercent(progress)}`}
    </span>
  );
}
