// How loud the microphone is, now. Knows decibels only.
import { meterShare } from "../audio/level.ts";
import styles from "./level-meter.module.css";

/** @param level dBFS */
export function LevelMeter({ level, label }: { level: number; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in its own way
    <div
      className={styles.meter}
      role="meter"
      aria-label={label}
      aria-valuemin={-60}
      aria-valuemax={0}
      aria-valuenow={Math.round(Math.max(-60, Math.min(0, level)))}
      aria-valuetext={`${Math.round(Math.max(-60, level))} dB`}
    >
      <span className={styles.fill} style={{ clipPath: `inset(0 ${(1 - meterShare(level)) * 100}% 0 0)` }} />
      <span className={styles.marks} />
    </div>
  );
}
