// How far a batch is and what was heard in it: a bar, counts by state, totals by emotion. Pure looks.
import { Card, cx, EmotionGlyph, hueClass, Progress } from "../../parts/index.ts";
import { batch as words } from "../../strings/batch.ts";
import { formatCount, formatPercent } from "../../strings/format.ts";
import { emotionName } from "../../strings/shell.ts";
import { useEmotions } from "../models/use-emotions.ts";
import styles from "./batch.module.css";
import type { RowState, Tally } from "./rows.ts";

const SHOWN: readonly RowState[] = ["waiting", "sending", "queued", "running", "done", "failed", "cancelled"];
/** Always there, so that nothing jumps when the first of them comes. */
const ALWAYS: readonly RowState[] = ["running", "done", "failed"];

export function Summary({ total, states, emotions }: Tally) {
  const handled = states.done + states.failed + states.cancelled;
  const known = useEmotions();
  // Each has its place from the start, so that none changes it while answers come.
  const all = [
    ...new Set([...known, ...Object.keys(emotions).filter((name) => name !== "uncertain"), "uncertain"]),
  ];
  const answers = Object.values(emotions).reduce((sum, n) => sum + n, 0);
  return (
    <div className={styles.summary}>
      <Card title={words.progress}>
        <Progress value={total > 0 ? handled / total : 0} label={words.handled(handled, total)} />
        <dl className={styles.counts} aria-label={words.counts}>
          {SHOWN.filter((state) => states[state] > 0 || ALWAYS.includes(state)).map((state) => (
            <div key={state} data-state={state}>
              <dt>{words.state[state]}</dt>
              <dd>{formatCount(states[state])}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title={words.totals}>
        <ul className={styles.totals}>
          {all.map((emotion) => {
            const n = emotions[emotion] ?? 0;
            const share = answers > 0 ? n / answers : 0;
            return (
              <li key={emotion} className={cx(styles.total, hueClass(emotion))}>
                <EmotionGlyph emotion={emotion} />
                <span>{emotionName(emotion)}</span>
                <span className={styles.track} aria-hidden="true">
                  <span style={{ width: `${100 * share}%` }} />
                </span>
                <span className={styles.number}>
                  {formatCount(n)} <small>{formatPercent(share)}</small>
                </span>
              </li>
            );
          })}
        </ul>
      </Card>
    </div>
  );
}
