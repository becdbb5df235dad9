// The list as a grid of rows that the keyboard walks: arrows move, keys act on the focused row. Knows keys, no HTTP.
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import type { Recording } from "../../api/types.ts";
import { hrefTo, navigate } from "../../router.ts";
import { history } from "../../strings/history.ts";
import styles from "./history.module.css";
import { emotionsFor } from "./recordings.ts";
import { Row, type RowActions } from "./row.tsx";

const PAGE_ROWS = 10;

/**
 * One row is in the order of Tab, with what stands in it (WAI-ARIA grid with row focus). The row that had the focus keeps it
 * while others come and go; where it goes itself, its neighbour gets it.
 */
export function Grid({
  items,
  total,
  playing,
  chosen,
  emotions,
  actions,
}: {
  items: readonly Recording[];
  total: number;
  playing: string | null;
  chosen: readonly string[];
  emotions: readonly string[];
  actions: RowActions;
}) {
  const grid = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<{ id: string; index: number } | null>(null);
  const found = items.findIndex(({ id }) => id === active?.id);
  const activeIndex = found >= 0 ? found : Math.max(0, Math.min(active?.index ?? 0, items.length - 1));
  const hadFocus = useRef(false);

  const focusRow = useCallback(
    (index: number) => {
      const item = items[Math.max(0, Math.min(index, items.length - 1))];
      const row = item && grid.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(item.id)}"]`);
      if (!row) return;
      row.focus();
      row.scrollIntoView({ block: "nearest" });
    },
    [items],
  );

  // The focused row was deleted: the focus goes to the row in its place, not to the top of the page.
  useEffect(() => {
    if (hadFocus.current && active && found < 0 && document.activeElement === document.body)
      focusRow(activeIndex);
  }, [active, found, activeIndex, focusRow]);

  function onKeyDown(event: KeyboardEvent<HTMLTableElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const recording = items[activeIndex];
    if (!recording || target instanceof HTMLSelectElement) return;
    const isOnRow = target instanceof HTMLTableRowElement;
    const to = moved(event.key, activeIndex, items.length);
    const act = () => {
      if (to !== null) return () => focusRow(to);
      if (isOnRow && event.key === "Enter") return () => navigate(hrefTo(["recordings", recording.id]));
      if (isOnRow && event.key === " ") return () => actions.play(recording);
      return actionOf(event.key, recording, emotions, actions);
    };
    const run = act();
    if (!run) return;
    event.preventDefault();
    run();
  }

  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML allows a table to be a grid
      role="grid"
      ref={grid}
      className={styles.grid}
      tabIndex={-1}
      aria-label={history.grid}
      aria-rowcount={total + 1}
      aria-multiselectable="true"
      aria-describedby="history-keys"
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        hadFocus.current = true;
        const id = (event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id;
        const index = items.findIndex((item) => item.id === id);
        if (id && index >= 0) setActive({ id, index });
      }}
      onBlur={(event) => {
        hadFocus.current = grid.current?.contains(event.relatedTarget) ?? false;
      }}
    >
      <Head />
      <tbody>
        {items.map((recording, index) => (
          <Row
            key={recording.id}
            recording={recording}
            index={index}
            isActive={index === activeIndex}
            isPlaying={recording.id === playing}
            isChosen={chosen.includes(recording.id)}
            emotions={emotions}
            actions={actions}
          />
        ))}
      </tbody>
    </table>
  );
}

function Head() {
  return (
    <thead>
      <tr className={styles.head} aria-rowindex={1}>
        {(["choose", "play", "name", "answer", "correct", "seconds", "created", "actions"] as const).map(
          (column) => (
            <th key={column} scope="col" className={styles[column]}>
              <span className={column === "choose" || column === "play" ? "visually-hidden" : undefined}>
                {history.columns[column === "choose" ? "compare" : column]}
              </span>
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

function moved(key: string, index: number, length: number): number | null {
  switch (key) {
    case "ArrowDown":
      return index + 1;
    case "ArrowUp":
      return index - 1;
    case "PageDown":
      return index + PAGE_ROWS;
    case "PageUp":
      return index - PAGE_ROWS;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

function actionOf(
  key: string,
  recording: Recording,
  emotions: readonly string[],
  actions: RowActions,
): (() => void) | null {
  if (key === "c") return () => actions.choose(recording);
  if (key === "n") return () => actions.note(recording);
  if (key === "Delete") return () => actions.remove(recording);
  if (!recording.analysis) return null;
  if (key === "0") return () => actions.label(recording, null);
  const label = /^[1-9]$/.test(key) ? emotionsFor(recording, emotions)[Number(key) - 1] : undefined;
  return label ? () => actions.label(recording, label) : null;
}
