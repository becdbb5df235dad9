// What a run scored on what it had not heard: two figures and which emotion it takes for which. Pure looks.
import type { CSSProperties } from "react";
import type { Run } from "../../api/types.ts";
import { Card, EmotionGlyph } from "../../parts/index.ts";
import { formatCount, formatPercent } from "../../strings/format.ts";
import { emotionName } from "../../strings/shell.ts";
import { train as words } from "../../strings/train.ts";
import { nameOf } from "./runs-table.tsx";
import styles from "./train.module.css";

export function Result({ run }: { run: Run }) {
  if (!run.score) return null;
  const { protocol, heldOut, wa, uar } = run.score;
  return (
    <Card title={words.result(nameOf(run))}>
      <p className={styles.hint}>{words.protocol(protocol, heldOut)}</p>
      <dl className={styles.facts}>
        <div>
          <dt>{words.wa}</dt>
          <dd>{formatPercent(wa)}</dd>
        </div>
        <div>
          <dt>{words.uar}</dt>
          <dd>{formatPercent(uar)}</dd>
        </div>
      </dl>
      <Confusion score={run.score} name={nameOf(run)} />
    </Card>
  );
}

function Confusion({
  score: { labels, confusion },
  name,
}: {
  score: NonNullable<Run["score"]>;
  name: string;
}) {
  return (
    <section
      className={styles.scroll}
      aria-label={words.confusionOf(name)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
    >
      <table className={styles.confusion}>
        <caption>{words.confusion}</caption>
        <thead>
          <tr>
            <th scope="col">{words.said}</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                <EmotionGlyph emotion={label} />
                {emotionName(label)}
              </th>
            ))}
            <th scope="col">{words.recall}</th>
          </tr>
        </thead>
        <tbody>
          {labels.map((label, i) => {
            const row = confusion[i] ?? [];
            const all = row.reduce((sum, n) => sum + n, 0);
            return (
              <tr key={label}>
                <th scope="row">
                  <EmotionGlyph emotion={label} /> {emotionName(label)}
                </th>
                {labels.map((heard, j) => {
                  const share = all > 0 ? (row[j] ?? 0) / all : 0;
                  return (
                    <td
                      key={heard}
                      className={styles.cell}
                      data-right={i === j || undefined}
                      style={{ "--share": share } as CSSProperties}
                      title={words.ofRow(formatCount(row[j] ?? 0), formatPercent(share))}
                    >
                      {formatCount(row[j] ?? 0)}
                    </td>
                  );
                })}
                <td>{all > 0 ? formatPercent((row[i] ?? 0) / all) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
