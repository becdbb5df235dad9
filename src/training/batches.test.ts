// Tests of batches: every example once, lengths alike, padding that is marked, work shared out.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  deal,
  drawBatches,
  drawEpoch,
  type Example,
  padBatch,
  paddedFrames,
  saidOf,
  targetsOf,
} from "./batches.ts";
import { Random } from "./random.ts";

const WIDTH = 2;
function example(frames: number, target = 0, weight = 1): Example {
  const features = Float32Array.from({ length: frames * WIDTH }, (_, i) => i + 1);
  return { features, frames, variants: [{ features, frames }], target, weight, corpus: "a" };
}
const examples = fc
  .array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 300 })
  .map((lengths) => lengths.map((frames) => example(frames)));

test("an epoch has every example once, in full batches but for one", () => {
  fc.assert(
    fc.property(examples, fc.integer({ min: 1, max: 64 }), fc.nat(), (all, size, seed) => {
      const batches = drawBatches(all, size, new Random(seed));
      const drawn = batches.flat();
      expect(drawn.length).toBe(all.length);
      expect(new Set(drawn)).toEqual(new Set(all));
      expect(batches.length).toBe(Math.ceil(all.length / size));
      expect(batches.filter((batch) => batch.length < size).length).toBeLessThanOrEqual(1);
    }),
  );
});

test("batches hold lengths that are alike, and are others in every epoch", () => {
  const random = new Random(1);
  const all = Array.from({ length: 512 }, () => example(20 + random.int(200)));
  const padded = (batches: Example[][]) =>
    batches.reduce((sum, batch) => sum + batch.length * paddedFrames(batch), 0);
  const real = all.reduce((sum, { frames }) => sum + frames, 0);
  const [first, second] = [1, 2].map((epoch) => drawBatches(all, 32, new Random(epoch)));
  // Batches at random would be as long as their longest, nearly 220 frames, for a mean of 120.
  expect(padded(first!) / real).toBeLessThan(1.25);
  expect(first![0]).not.toEqual(second![0]);
  expect(drawBatches(all, 32, new Random(1))).toEqual(first);
});

test("every worker gets its share: sizes differ by one at most, no part is empty", () => {
  fc.assert(
    fc.property(examples, fc.integer({ min: 1, max: 9 }), (batch, workers) => {
      const parts = deal(batch, workers);
      expect(new Set(parts.flat())).toEqual(new Set(batch));
      const sizes = parts.map((part) => part.length);
      expect(sizes.length).toBe(Math.min(workers, batch.length));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test("padding is zeros that the mask marks, up to a multiple of 16 frames", () => {
  const batch = [example(3), example(17)];
  expect(paddedFrames(batch)).toBe(32);
  expect(paddedFrames([example(16)])).toBe(16);
  const { features, mask } = padBatch(batch, 32, WIDTH);
  expect([features.shape, mask.shape]).toEqual([
    [2, 32, 2],
    [2, 32, 1],
  ]);
  const data = features.data as Float32Array;
  batch.forEach(({ frames, features: own }, i) => {
    const row = data.subarray(i * 32 * WIDTH, (i + 1) * 32 * WIDTH);
    expect(row.subarray(0, own.length)).toEqual(own);
    expect(row.subarray(own.length).every((x) => x === 0)).toBe(true);
    const marks = [...(mask.data as Float32Array).subarray(32 * i, 32 * (i + 1))];
    expect(marks).toEqual(marks.map((_, t) => (t < frames ? 1 : 0)));
  });
});

test("what a teacher says is of the stretch that is heard", () => {
  const of = (stretch: number) => Float16Array.from({ length: 6 }, (_, i) => 10 * stretch + i / 2);
  const [one, other] = [example(3), example(4)].map((clip) => ({ ...clip, said: { starts: [0, 64], of } }));
  const { said } = saidOf([{ ...one!, stretch: 1 }, other!], 3);
  expect(said.shape).toEqual([2, 2, 3]);
  expect([...(said.data as Float32Array)]).toEqual([10, 10.5, 11, 11.5, 12, 12.5, 0, 0.5, 1, 1.5, 2, 2.5]);
});

test("targets are one for the emotion; the total is the whole batch's, not the part's", () => {
  const { targets, weights, total } = targetsOf([example(1, 2), example(1, 0, 0.5)], 3, 7);
  expect([...(targets.data as Float32Array)]).toEqual([0, 0, 1, 1, 0, 0]);
  expect([...(weights.data as Float32Array)]).toEqual([1, 0.5]);
  expect([...(total.data as Float32Array)]).toEqual([7]);
});

test("an epoch of so many clips: a corpus counts by the root of its size, and none comes twice before all came once", () => {
  const of = (corpus: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ ...example(10, i), corpus }));
  const all = [...of("large", 900), ...of("small", 100), ...of("tiny", 4)];
  const drawn = drawEpoch(all, 420, new Random(1));
  const count = (corpus: string) => drawn.filter((one) => one.corpus === corpus).length;
  expect([count("large"), count("small"), count("tiny")]).toEqual([300, 100, 20]);
  expect(new Set(drawn.filter(({ corpus }) => corpus === "small")).size).toBe(100);
  expect(new Set(drawn.filter(({ corpus }) => corpus === "large")).size).toBe(300);
  expect(new Set(drawn.filter(({ corpus }) => corpus === "tiny")).size).toBe(4);
  expect(drawEpoch(all, undefined, new Random(1))).toBe(all);
});

test("mixed batches come as they are drawn, whatever their lengths", () => {
  const all = Array.from({ length: 64 }, (_, i) => example(i < 32 ? 10 : 100));
  const batches = drawBatches(all, 16, new Random(3), true);
  expect(batches.map((batch) => batch.length)).toEqual([16, 16, 16, 16]);
  for (const batch of batches) expect(new Set(batch.map(({ frames }) => frames)).size).toBe(2);
  expect(new Set(batches.flat()).size).toBe(64);
});
