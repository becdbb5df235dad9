// Emotions over time as a score: a line for each emotion, a block where it was answered. Knows the timeline, no sound.
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import type { Segment } from "../../../api/types.ts";
import { cx, EmotionGlyph, hueClass } from "../../../parts/index.ts";
import { evidence as words } from "../../../strings/analyse.ts";
import { emotionName } from "../../../strings/shell.ts";
import { drawShades, type Surface } from "./draw.ts";
import { LaneCanvas } from "./lane-canvas.tsx";
import styles from "./lanes.module.css";
import { joinAlike } from "./timeline.ts";

/** The names of the lines, from the top; they are the score's legend too. */
export function ScoreNames({ emotions }: { emotions: readonly string[] }) {
  return (
    <ul className={styles.names} aria-hidden="true">
      {[...emotions, null].map((emotion) => (
        <li key={emotion}>
          <EmotionGlyph emotion={emotion} />
          <span>{emotionName(emotion)}</span>
        </li>
      ))}
    </ul>
  );
}

/**
 * @param emotions the lines from the top; "uncertain" is one more at the foot
 * @param current the second that is heard now
 * @param onPlay hears from a second on
 */
export function Score({
  timeline,
  emotions,
  seconds,
  current,
  onPlay,
}: {
  timeline: readonly Segment[];
  emotions: readonly string[];
  seconds: number;
  current: number;
  onPlay: (second: number) => void;
}) {
  const blocks = joinAlike(timeline);
  const [reached, setReached] = useState(0);
  const list = useRef<HTMLOListElement>(null);
  const draw = useCallback(
    (surface: Surface) => drawShades(surface, timeline, emotions, seconds),
    [timeline, emotions, seconds],
  );

  function onKey(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to =
      step !== undefined
        ? reached + step
        : event.key === "Home"
          ? 0
          : event.key === "End"
            ? blocks.length - 1
            : undefined;
    if (to === undefined || !blocks[to]) return;
    event.preventDefault();
    setReached(to);
    list.current?.querySelectorAll("button")[to]?.focus();
  }

  if (blocks.length === 0) return <p className={styles.none}>{words.noTimeline}</p>;
  return (
    <>
      <LaneCanvas className={styles.canvas!} draw={draw} label="" />
      <ol ref={list} className={styles.score} aria-label={words.timeline} onKeyDown={onKey}>
        {blocks.map(({ start, end, emotion, confidence }, i) => {
          const row = emotion === null ? emotions.length : emotions.indexOf(emotion);
          return (
            <li key={start}>
              <button
                type="button"
                className={cx(styles.block, hueClass(emotion))}
                data-uncertain={emotion === null || undefined}
                tabIndex={i === Math.min(reached, blocks.length - 1) ? 0 : -1}
                aria-label={words.segment(start, end, emotion, confidence)}
                aria-current={current >= start && current < end ? "time" : undefined}
                title={words.segment(start, end, emotion, confidence)}
                onFocus={() => setReached(i)}
                onClick={(event) => {
                  // By hand the lanes' own listener has heard the exact moment already.
                  if (event.detail === 0) onPlay(start);
                }}
                style={{
                  left: `${(start / seconds) * 100}%`,
                  width: `${((end - start) / seconds) * 100}%`,
                  top: `${(row / (emotions.length + 1)) * 100}%`,
                  height: `${100 / (emotions.length + 1)}%`,
                }}
              />
            </li>
          );
        })}
      </ol>
    </>
  );
}
