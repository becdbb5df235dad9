// Learning rates at known steps.
import { expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { learningRate, type Schedule } from "./index.ts";

const at = (schedule: Schedule, steps: number[], total = 100) =>
  steps.map((step) => learningRate(schedule, step, total));

test("a constant rate is constant", () => {
  expect(at({ peak: 0.01 }, [0, 50, 99])).toEqual([0.01, 0.01, 0.01]);
});

test("a warm-up rises in equal steps, never from 0, and reaches the peak", () => {
  const rates = at({ peak: 0.4, warmupSteps: 4 }, [0, 1, 2, 3, 4, 99]);
  expectClose(rates, [0.1, 0.2, 0.3, 0.4, 0.4, 0.4], { atol: 1e-12 });
});

test("a cosine goes from the peak through the middle to the floor", () => {
  const schedule: Schedule = { peak: 1, shape: "cosine", warmupSteps: 20, floor: 0.1 };
  const rates = at(schedule, [20, 40, 60, 80, 100]);
  const expected = [1, 0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2), 0.55, 0.1 + 0.9 * 0.5 * (1 - Math.SQRT1_2), 0.1];
  expectClose(rates, expected, { atol: 1e-12 });
});

test("past its end, and with a warm-up as long as the training, the rate stays in bounds", () => {
  expect(at({ peak: 1, shape: "cosine", floor: 0.2 }, [150])).toEqual([0.2]);
  for (const rate of at({ peak: 1, shape: "cosine", warmupSteps: 100 }, [0, 99, 100, 101])) {
    expect(rate).toBeGreaterThanOrEqual(0);
    expect(rate).toBeLessThanOrEqual(1);
  }
});
