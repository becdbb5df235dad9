// Tests of means and intervals against numbers that are known.
import { expect, test } from "vitest";
import { estimate, studentT975 } from "./sweep-statistics.ts";

// R 4.3, qt(0.975, df).
test.each([
  [1, 12.7062],
  [2, 4.302653],
  [14, 2.144787],
  [30, 2.042272],
  [31, 2.039513],
  [60, 2.000298],
  [1000, 1.962339],
])("Student's t with %i degrees", (degrees, t) => {
  expect(studentT975(degrees)).toBeCloseTo(t, 3);
});

test("mean and 95 %% t interval, as R's t.test gives them", () => {
  // t.test(c(0.61, 0.64, 0.58)): 0.5355 to 0.6845.
  const { mean, low, high, spread } = estimate([0.61, 0.64, 0.58]);
  expect(mean).toBeCloseTo(0.61, 10);
  expect(spread).toBeCloseTo(0.03, 10);
  expect([low, high].map((bound) => Number(bound!.toFixed(4)))).toEqual([0.5355, 0.6845]);
});

test("a difference between shares may be below nothing", () => {
  expect(estimate([-0.1, 0.1], [-1, 1])).toMatchObject({ low: expect.closeTo(-1, 10), high: 1 });
  expect(estimate([-0.1, -0.12, -0.11], [-1, 1]).high).toBeLessThan(0);
});

test("one value has no interval; a share stays one", () => {
  expect(estimate([0.7])).toEqual({ mean: 0.7, low: null, high: null, spread: 0 });
  expect(estimate([0, 1])).toMatchObject({ mean: 0.5, low: 0, high: 1 });
  expect(() => estimate([])).toThrow("there are no values");
});
