// Tests of a voice as numbers: mean and spread by hand, and that what is made is what is read.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseVoice, VoiceError, voiceInput, voiceOf } from "./voice.ts";

test("mean and standard deviation over the clips, each number by itself, by hand", () => {
  // Of 1, 2, 6: mean 3, variance (4 + 1 + 9) / 3. Of one value thrice: no spread.
  const { mean, spread } = voiceOf([
    [1, -7],
    [2, -7],
    [6, -7],
  ]);
  expect(Array.from(mean)).toEqual([3, -7]);
  expect(Array.from(spread)).toEqual([Math.sqrt(14 / 3), 0]);
});

test("one clip is its own mean, without spread; any array will do", () => {
  const { mean, spread } = voiceOf([Float32Array.of(0.5, 2)]);
  expect([Array.from(mean), Array.from(spread)]).toEqual([
    [0.5, 2],
    [0, 0],
  ]);
});

test("where a model says what is usual, it counts as eight clips more: a spread of few is mostly chance", () => {
  const usual = { spread: [3, 0] };
  const { mean, spread } = voiceOf(
    [
      [1, 4],
      [3, 6],
    ],
    usual,
  );
  expect(Array.from(mean)).toEqual([2, 5]);
  // (2 * 1 + 8 * 9) / 10 and (2 * 1 + 0) / 10
  expect(spread[0]).toBeCloseTo(Math.sqrt(7.4), 12);
  expect(spread[1]).toBeCloseTo(Math.sqrt(0.2), 12);
});

test("a number that a model has nothing usual of is a 1 that counts the clips", () => {
  const four = Array.from({ length: 4 }, (_, i) => [i, 1]);
  const { mean, spread } = voiceOf(four, { spread: [3] });
  expect(mean[1]).toBe(1);
  expect(spread[1]).toBeCloseTo(Math.sqrt(8 / (4 + 8)), 12);
});

test("a small spread far from zero is not lost to rounding", () => {
  const { spread } = voiceOf([[1e6 - 0.01], [1e6 + 0.01]]);
  expect(spread[0]).toBeCloseTo(0.01, 8);
});

test("no clips, and clips of different widths, are refused", () => {
  expect(() => voiceOf([])).toThrow(VoiceError);
  expect(() => voiceOf([])).toThrow("got no clips");
  expect(() => voiceOf([[1, 2], [1, 2], [1]])).toThrow("clip 2 has 1 numbers, expected 2");
});

test("what is made can be read back and given to a model", () => {
  // JSON has no -0.
  const value = fc.float({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
  const clips = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(clips, (features) => {
      const made = voiceOf(features);
      const [mean, spread] = [Array.from(made.mean), Array.from(made.spread)];
      const text = JSON.stringify({ model: "tiny@1", mean, spread, clips: features.length });
      expect(parseVoice(text, { model: "tiny@1", voiceWidth: 3 }, "v.json")).toEqual({ mean, spread });
      expect(Array.from(voiceInput(made, 3))).toEqual([...mean, ...spread].map(Math.fround));
    }),
    { numRuns: 50 },
  );
});
