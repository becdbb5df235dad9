// Tests of temperature scaling: the temperature that made the answers is found again, and its bounds hold.
import { expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { fitTemperature, logLoss, softmax } from "./calibration.ts";
import { Random } from "./random.ts";

test("softmax: by hand, at other temperatures, and of logits that would overflow", () => {
  const e = Math.E;
  expectClose(softmax([0, 1]), [1 / (1 + e), e / (1 + e)], { rtol: 1e-12 });
  expectClose(softmax([0, 2], 2), [1 / (1 + e), e / (1 + e)], { rtol: 1e-12 });
  expectClose(softmax([1000, 1001]), [1 / (1 + e), e / (1 + e)], { rtol: 1e-12 });
});

test("the loss is the mean of -log of the probability of the truth", () => {
  expect(logLoss([[0, 0]], [1])).toBeCloseTo(Math.LN2, 12);
  const rows = [
    [0, 1],
    [3, 0],
  ];
  const expected = -(Math.log(softmax([0, 1])[1]!) + Math.log(softmax([3, 0])[1]!)) / 2;
  expect(logLoss(rows, [1, 1])).toBeCloseTo(expected, 12);
});

test.each([0.5, 1, 2, 4])("the temperature %d that the truths were drawn with is found", (temperature) => {
  const random = new Random(1, "calibration");
  const logits = Array.from({ length: 20_000 }, () => [0, 1, 2, 3].map(() => 3 * random.normal()));
  const targets = logits.map((row) => {
    const shares = [...softmax(row, temperature)];
    const ends = shares.map((_, k) => shares.slice(0, k + 1).reduce((a, b) => a + b));
    const at = random.next() * ends.at(-1)!;
    return ends.findIndex((end) => at < end);
  });
  const found = fitTemperature(logits, targets);
  expect(found / temperature).toBeGreaterThan(0.95);
  expect(found / temperature).toBeLessThan(1.05);
  for (const other of [0.8 * temperature, 1.25 * temperature]) {
    expect(logLoss(logits, targets, found)).toBeLessThan(logLoss(logits, targets, other));
  }
});

test("answers that are all right, or all wrong, end at the bounds", () => {
  const rows = [
    [5, 0],
    [0, 5],
  ];
  expect(fitTemperature(rows, [0, 1])).toBeCloseTo(0.25, 2);
  expect(fitTemperature(rows, [1, 0])).toBeCloseTo(8, 1);
});
