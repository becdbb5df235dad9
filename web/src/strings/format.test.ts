// Tests of how numbers and times are read by people.
import { expect, test } from "vitest";
import {
  count,
  formatBytes,
  formatDuration,
  formatProbability,
  formatSeconds,
  languageName,
  listOf,
} from "./format.ts";

test("a model is never sure, and nothing is impossible", () => {
  expect([1, 0.996, 0.99, 0.812, 0.01, 0.002, 0].map(formatProbability)).toEqual([
    ">99 %",
    ">99 %",
    "99 %",
    "81 %",
    "1 %",
    "<1 %",
    "<1 %",
  ]);
});

test("places in a recording: tenths below ten seconds, never 60 in a field", () => {
  expect([0, 0.83, 9.94, 9.96, 59.6, 65, 3599.7, 3725].map(formatSeconds)).toEqual([
    "0:00.0",
    "0:00.8",
    "0:09.9",
    "0:10",
    "1:00",
    "1:05",
    "1:00:00",
    "1:02:05",
  ]);
});

test("lengths in words", () => {
  expect([1.54, 21.7, 150, 9000].map(formatDuration)).toEqual(["1.5 s", "22 s", "3 min", "2.5 h"]);
});

test("sizes in units of 1,000, rounded into the next unit", () => {
  expect([0, 999, 1500, 96_044, 999_950, 2 ** 30].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.5 kB",
    "96 kB",
    "1 MB",
    "1.1 GB",
  ]);
});

test("one and many, lists, languages", () => {
  expect(count(1, "voice", "voices")).toBe("1 voice");
  expect(count(2240, "voice", "voices")).toBe("2,240 voices");
  expect(listOf(["a", "b", "c"])).toBe("a, b, and c");
  expect(languageName("de")).toBe("German");
  expect(languageName("not a tag")).toBe("not a tag");
});
