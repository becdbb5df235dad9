// Tests of the track: shares against sums by hand, the densest stretch, and that forgetting changes no answer.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_SECONDS, SpeechTrack } from "./speech-track.ts";

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** So many seconds of each probability, one after the other. */
function track(...parts: readonly (readonly [seconds: number, p: number])[]): SpeechTrack {
  const made = new SpeechTrack();
  for (const [seconds, p] of parts) made.add(new Array(Math.round(seconds / CHUNK_SECONDS)).fill(p));
  return made;
}

test("nothing heard is no speech, and no NaN", () => {
  const { seconds, speech, densest } = new SpeechTrack();
  expect([seconds, speech, densest]).toEqual([0, 0, 0]);
});

test("shares of all of it, of stretches, and of the densest 5 s", () => {
  const heard = track([32, 0], [3.2, 1], [32, 0]);
  expect(heard.seconds).toBeCloseTo(67.2, 6);
  expect(heard.speech).toBeCloseTo(3.2 / 67.2, 6);
  expect(heard.densest).toBeCloseTo(100 / 156, 6);
  expect(heard.share(32, 35.2)).toBe(1);
  expect(heard.share(30.4, 33.6)).toBeCloseTo(0.5, 6);
  expect(heard.share(0, 32)).toBe(0);
});

test("a short recording is its own densest stretch; what is scattered is not dense", () => {
  expect(track([0.32, 1], [0.32, 0]).densest).toBeCloseTo(0.5, 6);
  const scattered = track(
    ...Array.from(
      { length: 20 },
      () =>
        [
          [0.32, 1],
          [9.6, 0],
        ] as const,
    ).flat(),
  );
  expect(scattered.densest).toBeCloseTo(10 / 156, 6);
});

test("a stretch shorter than a chunk has that of the nearest", () => {
  const heard = track([0.32, 0], [0.32, 1]);
  expect([heard.share(0.1, 0.11), heard.share(0.5, 0.501), heard.share(0.639, 0.64)]).toEqual([0, 1, 1]);
});

test("what was forgotten changes no later answer, nor how the pieces came", () => {
  const chunks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200, maxLength: 900 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 300 }), (probabilities, size) => {
      const whole = new SpeechTrack();
      whole.add(probabilities);
      const running = new SpeechTrack();
      for (let at = 0; at < probabilities.length; at += size) {
        running.add(probabilities.slice(at, at + size));
        running.forget((at - 40) * CHUNK_SECONDS);
      }
      const end = whole.seconds;
      expect(running.seconds).toBe(end);
      expect(running.densest).toBeCloseTo(whole.densest, 9);
      expect(running.speech).toBeCloseTo(mean(probabilities), 9);
      expect(running.share(end - 1, end)).toBeCloseTo(whole.share(end - 1, end), 9);
      expect(whole.share(end - 1, end)).toBeCloseTo(mean(probabilities.slice(-31)), 9);
    }),
    { numRuns: 50 },
  );
});
