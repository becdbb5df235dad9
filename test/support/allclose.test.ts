import { describe, expect, test } from "vitest";
import { expectClose } from "./allclose.ts";

describe("expectClose passes", () => {
  test.each([
    ["equal numbers with no tolerance", [1, 0, -2], [1, 0, -2], {}],
    ["an error as large as rtol allows", [1.0009], [1], { rtol: 1e-3 }],
    ["an error as large as atol allows, at zero", [9e-4], [0], { atol: 1e-3 }],
    ["the sum of both", [1.0019], [1], { rtol: 1e-3, atol: 1e-3 }],
    ["the same infinity", [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY], {}],
    ["zeros of both signs", [-0], [0], {}],
    ["nothing and nothing", [], [], {}],
  ])("%s", (_name, actual, expected, tolerance) => {
    expectClose(actual, expected, tolerance);
  });

  test("a typed array against plain numbers, to float32's own rounding", () => {
    expectClose(Float32Array.of(0.1, 1 / 3), [0.1, 1 / 3], { rtol: 2 ** -24 });
  });
});

describe("expectClose fails", () => {
  test.each([
    ["an error above rtol", [1.0011], [1], { rtol: 1e-3 }],
    ["rtol is of the expected value, so it gives nothing at zero", [1e-9], [0], { rtol: 1 }],
    ["a wrong sign", [-1], [1], { rtol: 1 }],
    ["NaN for a number", [Number.NaN], [1], { rtol: 1, atol: 1e9 }],
    ["NaN for NaN", [Number.NaN], [Number.NaN], { atol: 1 }],
    ["a number for infinity", [1e300], [Number.POSITIVE_INFINITY], { rtol: 1 }],
    ["infinity for a number", [Number.POSITIVE_INFINITY], [1], { atol: 1e300 }],
    ["the other infinity", [Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY], { rtol: 1 }],
    ["one number too few", [1], [1, 2], { rtol: 1, atol: 9 }],
  ])("%s", (_name, actual, expected, tolerance) => {
    expect(() => expectClose(actual, expected, tolerance)).toThrow(/^expectClose: /);
  });

  test("and names the worst element, how many are off and the worst relative error", () => {
    expect(() => expectClose([1, 2.5, 3, 8], [1, 2, 3, 4], { rtol: 0.1 })).toThrow(
      "expectClose: 2 of 4 numbers are off (rtol 0.1, atol 0). Worst at index 3: got 8, expected 4. " +
        "Worst relative error 1.00e+0.",
    );
  });
});
