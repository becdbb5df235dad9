// Tests that a running timeline says what one made of all windows at once says.
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinTimeline, type WindowAnswer, windowStarts } from "../speech/index.ts";
import { RunningTimeline } from "./running-timeline.ts";
import { SpeechTrack } from "./speech-track.ts";

const emotions = ["a", "b", "c"];

/** Answers of a recording's windows, as the cutter places them; numbers from a formula. */
function answers(totalSamples: number, window: number, hop: number): WindowAnswer[] {
  const sampleRate = 100;
  const length = Math.round(window * sampleRate);
  return windowStarts(totalSamples, { sampleRate, window, hop }).map((start, i) => {
    const raw = emotions.map((_, k) => 1.1 + Math.sin(i * 1.7 + k * 2.3));
    const total = raw.reduce((a, b) => a + b, 0);
    const end = Math.min(totalSamples, start + length);
    const probabilities = raw.map((p) => p / total);
    return { start: start / sampleRate, end: end / sampleRate, probabilities, unlikeness: 2 + Math.sin(i) };
  });
}

test("the same segments as from all windows at once, whatever the length", () => {
  const sizes = fc
    .tuple(
      fc.integer({ min: 1, max: 40_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
    )
    .map(([total, a, b]) => ({ total, window: Math.max(a, b) / 10, hop: Math.min(a, b) / 10 }));
  fc.assert(
    fc.property(sizes, ({ total, window, hop }) => {
      // A scrap of exactly half a hop is a segment or is none by a rounding error: both are right.
      fc.pre(Math.abs(((total / 100 / hop) % 1) - 0.5) > 1e-6);
      const all = answers(total, window, hop);
      const running = new RunningTimeline(emotions, hop, null);
      for (const answer of all) running.push(answer);
      const segments = running.finish();
      const expected = joinTimeline(all, emotions, hop);
      expect(segments.length).toBe(expected.length);
      segments.forEach((segment, i) => {
        expect(segment.start).toBeCloseTo(expected[i]!.start, 9);
        expect(segment.end).toBeCloseTo(expected[i]!.end, 9);
        expect(segment.unlikeness).toBeCloseTo(expected[i]!.unlikeness!, 9);
        for (const e of emotions) {
          expect(segment.probabilities[e]).toBeCloseTo(expected[i]!.probabilities[e]!, 9);
        }
      });
    }),
    { numRuns: 200 },
  );
});

test("nothing comes of nothing", () => {
  expect(new RunningTimeline(emotions, 1, null).finish()).toEqual([]);
});

test("each segment says whether somebody speaks in it, however late that is known", () => {
  const all = answers(60_000, 3, 1);
  // Speech in every third second, and what a detector says of it comes all at once at the end, or ahead of the windows.
  const speech = Array.from({ length: 600 * 31.25 }, (_, i) =>
    Math.floor((i + 0.5) * 0.032) % 3 === 2 ? 1 : 0,
  );
  for (const late of [true, false]) {
    const track = new SpeechTrack();
    const running = new RunningTimeline(emotions, 1, track);
    if (!late) track.add(speech);
    for (const answer of all) running.push(answer);
    if (late) track.add(speech);
    const spoken = running.finish().filter((segment) => segment.spoken);
    expect(spoken.map(({ start }) => start % 3)).toEqual(new Array(200).fill(2));
  }
});
