// The timeline as lanes show it: neighbours alike joined, moments found. Pure.
import type { Analysis, Segment } from "../../../api/types.ts";

/** Neighbours with the same answer become one; its numbers are their means, each counted by its length. */
export function joinAlike(timeline: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of timeline) {
    const before = joined.at(-1);
    if (before && before.emotion === segment.emotion) joined[joined.length - 1] = join(before, segment);
    else joined.push(segment);
  }
  return joined;
}

function join(a: Segment, b: Segment): Segment {
  const [long, short] = [a.end - a.start, b.end - b.start];
  const mean = (x: number, y: number) => (x * long + y * short) / (long + short);
  const emotions = Object.keys(a.probabilities);
  return {
    start: a.start,
    end: b.end,
    emotion: a.emotion,
    confidence: mean(a.confidence, b.confidence),
    probabilities: Object.fromEntries(
      emotions.map((name) => [name, mean(a.probabilities[name] ?? 0, b.probabilities[name] ?? 0)]),
    ),
  };
}

/** The stretch that a moment lies in; undefined where the timeline has none. */
export function at(timeline: readonly Segment[], second: number): Segment | undefined {
  return (
    timeline.find(({ start, end }) => second >= start && second < end) ??
    (timeline.at(-1)?.end === second ? timeline.at(-1) : undefined)
  );
}

/** The emotions that were answered, those heard longest first. */
export function emotionsHeard(timeline: readonly Segment[]): string[] {
  const seconds = new Map<string, number>();
  for (const { start, end, emotion } of timeline) {
    if (emotion !== null) seconds.set(emotion, (seconds.get(emotion) ?? 0) + end - start);
  }
  return [...seconds].sort(([, a], [, b]) => b - a).map(([emotion]) => emotion);
}

/** Times for the marks of an axis: round steps, at most `most` of them after 0. */
export function ticks(seconds: number, most: number): number[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  const step = steps.find((one) => seconds / one <= most) ?? 14_400;
  const count = Math.floor(seconds / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Math.round(i * step * 10) / 10);
}

/** Without a voice in it the network's numbers mean nothing, so they are not shown. */
export function isVoiceless({ because = "" }: Analysis): boolean {
  return ["silence", "no-speech", "too-short"].includes(because);
}
