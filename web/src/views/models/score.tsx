// One score of a card: what it was measured on, how sure the figure is, and which emotions are missed. Pure looks.
import { useId } from "react";
import type { ScoreCard } from "../../api/types.ts";
import { cx, EmotionGlyph, hueClass } from "../../parts/index.ts";
import { formatPercent, listOf } from "../../strings/format.ts";
import { formatScore, models as words } from "../../strings/models.ts";
import { emotionName } from "../../strings/shell.ts";
import { Interval } from "./interval.tsx";
import styles from "./models.module.css";
import { missedMost } from "./scores.ts";

export function Score({ score, chance }: { score: ScoreCard; chance: number }) {
  const id = useId();
  const { protocol, heldOut, corpus, clips, wa, uar, ece, recall, warnings } = score;
  const missed = missedMost(score).map(({ emotion, missed, takenFor }) =>
    words.missed(emotionName(emotion), formatPercent(missed), takenFor && emotionName(takenFor)),
  );
  return (
    <section className={styles.score} aria-labelledby={id}>
      <h3 id={id}>{words.protocol(protocol, heldOut)}</h3>
      <p className={styles.hint}>
        {corpus}, {words.clips(clips)}
      </p>
      <p className={styles.figure}>
        <strong>{formatScore(wa)}</strong> {words.right}
      </p>
      <Interval score={score} chance={chance} />
      <dl className={styles.facts}>
        <div>
          <dt>{words.uar}</dt>
          <dd>{formatScore(uar)}</dd>
        </div>
        <div title={words.eceText}>
          <dt>{words.ece}</dt>
          <dd>{formatScore(ece)}</dd>
        </div>
      </dl>
      <h4 className={styles.label}>{words.recall}</h4>
      <ul className={styles.recall}>
        {Object.entries(recall).map(([emotion, share]) => (
          <li key={emotion} className={cx(styles.bar, hueClass(emotion))}>
            <EmotionGlyph emotion={emotion} />
            <span>{emotionName(emotion)}</span>
            <span className={styles.track} aria-hidden="true">
              <span style={{ width: `${share * 100}%` }} />
            </span>
            <span className={styles.share}>{formatPercent(share)}</span>
          </li>
        ))}
      </ul>
      <p className={styles.hint}>
        {missed.length > 0 ? words.misses(listOf(missed)) : words.missesNone}
        {missed.length > 0 && !score.confusion && ` ${words.missesUnknown}`}
      </p>
      {warnings.length > 0 && (
        <div className={styles.warnings}>
          <h4>{words.warnings}</h4>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
