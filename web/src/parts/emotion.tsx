// How an emotion is shown: a colour, the line that a voice draws, and its word; never one of them alone.
import { formatProbability } from "../strings/format.ts";
import { emotionName, parts } from "../strings/shell.ts";
import { contourOf } from "./contours.ts";
import { cx } from "./cx.ts";
import styles from "./emotion.module.css";

/** The class that sets `--hue` to the colour of an emotion; others than the seven have that of `uncertain`. */
export function hueClass(emotion: string | null): string {
  return styles[emotion ?? "uncertain"] ?? styles.uncertain!;
}

/** Decoration beside the word: 1.25em high, in `--hue`. */
export function EmotionGlyph({ emotion, className }: { emotion: string | null; className?: string }) {
  return (
    <svg
      className={cx(styles.glyph, hueClass(emotion), className)}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={contourOf(emotion)} />
    </svg>
  );
}

/** @param emotion null: uncertain @param confidence 0..1, shown where given and there is an answer */
export function EmotionBadge({ emotion, confidence }: { emotion: string | null; confidence?: number }) {
  return (
    <span className={cx(styles.badge, hueClass(emotion))}>
      <EmotionGlyph emotion={emotion} />
      {emotionName(emotion)}
      {confidence !== undefined && emotion !== null && <small>{formatProbability(confidence)}</small>}
    </span>
  );
}

/**
 * All probabilities as bars, in the model's order so that the eye finds each at its place.
 *
 * @param probabilities null where nothing was weighed
 * @param chosen the answer, set off from the others; null where there is none
 */
export function ProbabilityBars({
  probabilities,
  chosen = null,
}: {
  probabilities: Record<string, number | null>;
  chosen?: string | null;
}) {
  return (
    <ul className={styles.bars} aria-label={parts.probabilities}>
      {Object.entries(probabilities).map(([emotion, share]) => (
        <li
          key={emotion}
          className={cx(styles.bar, hueClass(emotion))}
          data-chosen={emotion === chosen || undefined}
        >
          <EmotionGlyph emotion={emotion} />
          <span>{emotionName(emotion)}</span>
          <span className={styles.track} aria-hidden="true">
            <span className={styles.fill} style={{ width: `${(share ?? 0) * 100}%` }} />
          </span>
          <span className={styles.share}>{share === null ? "–" : formatProbability(share)}</span>
        </li>
      ))}
    </ul>
  );
}
