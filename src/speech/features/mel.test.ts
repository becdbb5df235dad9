// Mel filters against librosa's, and the scales, the window and the DCT by what they must satisfy.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { readGolden } from "../../../test/support/golden.ts";
import { dctMatrix, hannWindow, hertzToMel, type MelOptions, melFilters, melToHertz } from "./index.ts";

interface MelCase {
  params: MelOptions;
  rows: { first: number; weights: number[] }[];
}

describe("mel filters are librosa's", () => {
  test.each(readGolden<{ cases: MelCase[] }>("mel").cases)("$params", ({ params, rows }) => {
    const bins = params.nFft / 2 + 1;
    const filters = melFilters(params);
    const expected = new Float64Array(bins * params.nMels);
    rows.forEach(({ first, weights }, band) => {
      weights.forEach((weight, i) => {
        expected[(first + i) * params.nMels + band] = weight;
      });
    });
    expectClose(filters, expected, { rtol: 1e-6, atol: 1e-9 });
  });
});

test("the scales have their known points", () => {
  expectClose(
    [0, 500, 1000, 6400].map((hertz) => hertzToMel(hertz, "slaney")),
    [0, 7.5, 15, 42],
    { atol: 1e-9 },
  );
  // O'Shaughnessy: 1000 Hz is 1000 mel, nearly.
  expect(hertzToMel(1000, "htk")).toBeCloseTo(1000, 1);
  expect(hertzToMel(0, "htk")).toBe(0);
});

test("hertz to mel and back is the same hertz", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 24_000, noNaN: true }),
      fc.constantFrom("slaney" as const, "htk" as const),
      (hertz, scale) => {
        expect(melToHertz(hertzToMel(hertz, scale), scale)).toBeCloseTo(hertz, 6);
      },
    ),
  );
});

test("the rows of the DCT are orthonormal", () => {
  const n = 12;
  const matrix = dctMatrix(n, n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += matrix[i * n + a]! * matrix[i * n + b]!;
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
    }
  }
});

test("the Hann window is the periodic one", () => {
  expectClose(hannWindow(4), [0, 0.5, 1, 0.5], { atol: 1e-12 });
});
