// Tests of what is usual and how far from it something lies, against numbers worked out by hand.
import { expect, test } from "vitest";
import { unlikeness, usualOf } from "./usual.ts";

test("the distance is the root mean square of the spreads between, by hand", () => {
  const usual = { mean: [1, -2], spread: [2, 0.5] };
  expect(unlikeness([1, -2], usual)).toBe(0);
  // 3 and 4 spreads away.
  expect(unlikeness([7, -4], usual)).toBeCloseTo(Math.sqrt((9 + 16) / 2), 12);
  expect(unlikeness(Float32Array.of(-5, 0), usual)).toBeCloseTo(Math.sqrt((9 + 16) / 2), 12);
});

test("a number that never changed counts by a spread of a thousandth", () => {
  expect(unlikeness([0.002, 5], { mean: [0, 5], spread: [0, 1] })).toBeCloseTo(Math.sqrt(2 ** 2 / 2), 12);
});

test("mean and spread are of the trained ones, the limit is a quantile of the strangers, by hand", () => {
  const trained = [
    Float32Array.of(0, 1),
    Float32Array.of(6, 1),
    Float32Array.of(3, 1),
    Float32Array.of(3, 4),
  ];
  // Means of 3 and 1.75, variances of 4.5 and 27 / 16.
  const { mean, spread } = usualOf(trained, [[1, 1]]);
  expect(mean).toEqual([3, 1.75]);
  expect(spread).toEqual([2.1213, 1.299]);
  // One number, mean 0, spread 1: strangers at 1, 2, ... 101 lie as far away as that.
  const strangers = Array.from({ length: 101 }, (_, i) => [(i + 1) * (i % 2 ? 1 : -1)]);
  expect(usualOf([[-1], [1]], strangers)).toEqual({ mean: [0], spread: [1], limit: 100 });
  expect(usualOf([[-1], [1]], strangers, 0.5).limit).toBe(51);
  expect(usualOf([[-1], [1]], strangers, 0.995).limit).toBe(100.5);
  expect(usualOf([[-1], [1]], strangers, 1).limit).toBe(101);
});

test("numbers are short, so that a card stays small", () => {
  const usual = usualOf([[1 / 3], [1e-7 / 3 + 1 / 3], [1234567]], [[2 / 3]]);
  for (const number of [...usual.mean, ...usual.spread, usual.limit]) {
    expect(number).toBe(Number(number.toPrecision(5)));
  }
});

test.each([
  [() => unlikeness([1], { mean: [1, 2], spread: [1, 1] }), /an embedding of 1 numbers, expected 2/],
  [() => usualOf([], [[1]]), /0 embeddings and 1 of strangers/],
  [() => usualOf([[1]], []), /1 embeddings and 0 of strangers/],
  [() => usualOf([[1], [1, 2]], [[1]]), /an embedding of 2 numbers, expected 1/],
  [() => usualOf([[1], [2]], [[1, 2]]), /an embedding of 2 numbers, expected 1/],
  [() => usualOf([[1], [1]], [[1]]), /a limit of 0, expected more than 0/],
  [() => usualOf([[1]], [[1]], 99), /a share of 99, expected 0..1/],
])("what cannot be measured is refused: %s", (run, message) => {
  expect(run).toThrow(RangeError);
  expect(run).toThrow(message);
});
