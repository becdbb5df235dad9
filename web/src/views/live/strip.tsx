// The last minute as a score that moves: a line for each emotion, the voice's loudness below. Knows estimates only.
import { useCallback } from "react";
import { meterShare } from "../../audio/level.ts";
import { live as words } from "../../strings/live.ts";
import type { Surface } from "../analyse/evidence/draw.ts";
import { LaneCanvas } from "../analyse/evidence/lane-canvas.tsx";
import { ScoreNames } from "../analyse/evidence/score.tsx";
import { emotionsHeard } from "../analyse/evidence/timeline.ts";
import styles from "./live.module.css";
import { type Estimate, STRIP, stretches } from "./state.ts";

/** Share of the height that the loudness takes at the foot. */
const LOUDNESS = 0.18;

export function Strip({ recent, emotions }: { recent: readonly Estimate[]; emotions: readonly string[] }) {
  const draw = useCallback((surface: Surface) => drawStrip(surface, recent, emotions), [recent, emotions]);
  const heard = emotionsHeard(stretches(recent));
  return (
    <div className={styles.strip} style={{ "--lines": emotions.length + 1 } as object}>
      <div className={styles["strip-names"]}>
        <ScoreNames emotions={emotions} />
      </div>
      <div className={styles["strip-track"]}>
        <LaneCanvas className={styles.canvas!} draw={draw} label={words.stripLabel(heard)} />
      </div>
      <div className={styles["strip-axis"]} aria-hidden="true">
        <span>{words.ago(STRIP)}</span>
        <span>{words.ago(STRIP / 2)}</span>
        <span>{words.now}</span>
      </div>
    </div>
  );
}

function drawStrip(surface: Surface, recent: readonly Estimate[], emotions: readonly string[]): void {
  const { context, width, height, colour } = surface;
  const rows = [...emotions, "uncertain"];
  const foot = height * LOUDNESS;
  const line = (height - foot) / rows.length;
  context.strokeStyle = colour("line");
  rows.forEach((_, row) => {
    const y = Math.round((row + 0.5) * line) + 0.5;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
  });
  const now = recent.at(-1)?.time ?? 0;
  const x = (time: number) => ((time - now + STRIP) / STRIP) * width;
  for (const { start, end, emotion, probabilities } of stretches(recent)) {
    const [left, wide] = [x(start), x(end) - x(start) + 0.5];
    for (const [row, name] of emotions.entries()) {
      context.globalAlpha = emotion === name ? 1 : 0.45 * (probabilities[name] ?? 0);
      context.fillStyle = colour(name);
      context.fillRect(left, row * line + 3, wide, line - 6);
    }
    if (emotion !== null) continue;
    context.globalAlpha = 1;
    context.fillStyle = colour("uncertain");
    context.fillRect(left, (rows.length - 0.5) * line - 1.5, wide * 0.6, 3);
  }
  context.globalAlpha = 1;
  context.fillStyle = colour("accent");
  recent.forEach(({ time, level }, i) => {
    const start = recent[i - 1]?.time ?? time;
    const tall = meterShare(level) * (foot - 4);
    context.fillRect(x(start), height - tall, x(time) - x(start) + 0.5, tall);
  });
}
