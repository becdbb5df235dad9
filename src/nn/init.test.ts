// How parameters start: variances, orthogonality, gates.
import { describe, expect, test } from "vitest";
import { Random } from "../training/index.ts";
import { forgetBias, glorot, he, type Initializer, ones, orthogonalBlocks, zeros } from "./init.ts";

function drawn(init: Initializer, shape: readonly number[], seed = 1): Float32Array {
  const random = new Random(seed);
  return init(shape, () => random.next());
}

function moments(data: Float32Array) {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, variance, most: Math.max(...data.map(Math.abs)) };
}

describe("variances", () => {
  test.each([
    ["glorot", glorot(300, 100), 2 / 400],
    ["glorot with the gain of a rectifier", glorot(300, 100, Math.SQRT2), 4 / 400],
    ["he", he(300), 2 / 300],
  ])("%s", (_, init, expected) => {
    const { mean, variance, most } = moments(drawn(init, [300, 100]));
    // 30,000 uniform numbers: the variance is known to 0.5 %, the mean to spread / 173.
    expect(variance / expected).toBeCloseTo(1, 1);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / 30_000));
    expect(most).toBeLessThanOrEqual(Math.sqrt(3 * expected) * 1.000001);
  });
});

test("a rectifier keeps the power of what he-initialised weights give", () => {
  const [inputs, outputs] = [400, 400];
  const weights = drawn(he(inputs), [outputs, inputs]);
  const random = new Random(2);
  const x = Array.from({ length: inputs }, () => Math.max(0, random.normal()));
  const power = (values: number[]) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const y = Array.from({ length: outputs }, (_, i) =>
    Math.max(
      0,
      x.reduce((sum, value, j) => sum + value * weights[i * inputs + j]!, 0),
    ),
  );
  expect(power(y) / power(x)).toBeGreaterThan(0.7);
  expect(power(y) / power(x)).toBeLessThan(1.4);
});

test("each gate's recurrent weights are orthogonal, and no two gates' are the same", () => {
  const n = 9;
  const data = drawn(orthogonalBlocks, [4 * n, n]);
  const row = (i: number) => data.subarray(i * n, (i + 1) * n);
  for (let gate = 0; gate < 4; gate++) {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const dot = row(gate * n + a).reduce((sum, value, k) => sum + value * row(gate * n + b)[k]!, 0);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 6);
      }
    }
  }
  expect([...row(0)]).not.toEqual([...row(n)]);
});

test("the forget gate, third of four, starts open", () => {
  expect([...forgetBias([8], () => 0)]).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
});

test("the same seed gives the same numbers, another one others; constants draw none", () => {
  expect(drawn(he(3), [4, 3], 5)).toEqual(drawn(he(3), [4, 3], 5));
  expect(drawn(he(3), [4, 3], 5)).not.toEqual(drawn(he(3), [4, 3], 6));
  const never = () => {
    throw new Error("a number was drawn");
  };
  expect([...zeros([2], never), ...ones([2], never)]).toEqual([0, 0, 1, 1]);
});
