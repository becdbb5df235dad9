// The files that failed, each with its reason in full; the table has room for one line only. Pure looks.
import { batch as words } from "../../strings/batch.ts";
import styles from "./batch.module.css";
import type { BatchRow } from "./rows.ts";

const SHOWN = 50;

export function Problems({ rows }: { rows: readonly BatchRow[] }) {
  const failed = rows.filter(({ state }) => state === "failed");
  if (failed.length === 0) return null;
  return (
    <details className={styles.problems}>
      <summary>{words.problems(failed.length)}</summary>
      <ul>
        {failed.slice(0, SHOWN).map(({ key, name, error }) => (
          <li key={key}>
            <strong>{name}</strong>: {error}
          </li>
        ))}
      </ul>
      {failed.length > SHOWN && <p>{words.problemsMore(failed.length - SHOWN)}</p>}
    </details>
  );
}
