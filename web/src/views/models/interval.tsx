// A score with its interval on a line from nothing to all, and the blind guess as a mark. Pure looks.
import { formatPercent } from "../../strings/format.ts";
import { formatScore, models as words } from "../../strings/models.ts";
import styles from "./models.module.css";

/** @param chance what a blind guess among the emotions gets, 0..1 */
export function Interval({
  score: { wa, low, high },
  chance,
  isRange = false,
}: {
  score: { wa: number; low: number; high: number };
  chance: number;
  /** The score is a mean over several voices, from the worst to the best. */
  isRange?: boolean;
}) {
  const said = (isRange ? words.range : words.interval)(formatScore(low), formatScore(high));
  return (
    <div className={styles.interval}>
      <div className={styles.scale} aria-hidden="true">
        <span className={styles.span} style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
        <span className={styles.point} style={{ left: `${wa * 100}%` }} />
        <span className={styles.chance} style={{ left: `${chance * 100}%` }} />
      </div>
      <p className={styles.hint}>
        {said}; {words.chance(formatPercent(chance))}
      </p>
    </div>
  );
}
