// What is seen while something is on its way. Each keeps the place that the thing itself will take.
import { formatPercent } from "../strings/format.ts";
import { shell } from "../strings/shell.ts";
import styles from "./waiting.module.css";

/** Decoration: what is waited for stands in words beside it. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}

/** A grey shape. Sizes are CSS lengths. */
export function Skeleton({ width = "100%", height = "1.25em" }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

/** Grey lines for text, or rows of a list; says "Loading" to a screen reader. */
export function SkeletonLines({ lines = 3, height }: { lines?: number; height?: string }) {
  return (
    <div className={styles.lines} role="status">
      <span className="visually-hidden">{shell.loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are alike
        <Skeleton key={i} width={`${100 - ((i * 17) % 45)}%`} height={height} />
      ))}
    </div>
  );
}

/** @param value 0..1; null: it is not known how far it is */
export function Progress({ value, label }: { value: number | null; label: string }) {
  return (
    <div className={styles.progress}>
      <div className={styles.words}>
        <span>{label}</span>
        <span>{value !== null && formatPercent(value)}</span>
      </div>
      <progress className={styles.track} max={1} value={value ?? undefined} aria-label={label} />
    </div>
  );
}
