// How the lines of each run look: a colour and a rhythm of dashes, so that colour is never the only carrier.
import styles from "./train.module.css";

/** Six: `--run-0` to `--run-5` in the style are their colours. Lengths in CSS pixels. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [12, 4, 2, 4],
  [5, 2],
  [14, 3, 2, 3, 2, 3],
];

/** A piece of the line, beside the run's name. */
export function Swatch({ look }: { look: number }) {
  return (
    <svg className={styles.swatch} viewBox="0 0 36 6" aria-hidden="true" data-look={look}>
      <path d="M0 3h36" strokeDasharray={DASHES[look]?.join(" ") || undefined} />
    </svg>
  );
}
