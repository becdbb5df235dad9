// Reads the golden numbers of test/golden and compares with them. Knows their form, not what they mean.
import { readFileSync } from "node:fs";
import { expectClose } from "./allclose.ts";

/** As make.py writes it: row-major, every number to 9 digits. */
export interface GoldenTensor {
  shape: number[];
  data: number[];
}

/** The content of `test/golden/NAME.json`, made by make.py beside it; the caller states its form. */
export function readGolden<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));
}

/** Throws unless every number is within `tolerance` of the golden one, relative to the largest of them. */
export function expectGolden(actual: ArrayLike<number>, golden: GoldenTensor, tolerance = 1e-4): void {
  expectClose(actual, golden.data, { atol: tolerance * largest(golden.data) });
}

/** The largest magnitude. */
export function largest(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The largest difference between two lists of numbers of one length. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`largestDifference: got ${actual.length} numbers, expected ${expected.length}`);
  return largest(Array.from(actual, (value, i) => value - expected[i]!));
}
