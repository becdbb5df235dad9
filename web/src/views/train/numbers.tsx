// The curves of a run as a table: the same numbers, for those who do not see them, or want them exactly. Pure looks.
import type { Run } from "../../api/types.ts";
import { formatPercent } from "../../strings/format.ts";
import { formatLoss, train as words } from "../../strings/train.ts";
import { nameOf } from "./runs-table.tsx";
import styles from "./train.module.css";

export function Numbers({ run }: { run: Run }) {
  if (run.history.length === 0) return null;
  const best = run.history.findLast((epoch) => epoch.best);
  return (
    <details className={styles.numbers}>
      <summary>
        {words.numbers}: {nameOf(run)}
      </summary>
      <section
        className={styles.scroll}
        aria-label={words.numbersOf(nameOf(run))}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">{words.epoch}</th>
              <th scope="col">{words.trainLoss}</th>
              <th scope="col">{words.validationLoss}</th>
              <th scope="col">{words.validationAccuracy}</th>
            </tr>
          </thead>
          <tbody>
            {run.history.map(({ epoch, trainLoss, validationLoss, validationAccuracy }) => (
              <tr key={epoch}>
                <th scope="row">{epoch}</th>
                <td>{formatLoss(trainLoss)}</td>
                <td>{formatLoss(validationLoss)}</td>
                <td>
                  {formatPercent(validationAccuracy)}
                  {epoch === best?.epoch && <strong className={styles.mark}>{words.best}</strong>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
