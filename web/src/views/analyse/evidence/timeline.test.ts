// Tests of the timeline as lanes show it.
import { expect, test } from "vitest";
import type { Segment } from "../../../api/types.ts";
import { at, emotionsHeard, joinAlike, ticks } from "./timeline.ts";

const segment = (start: number, end: number, emotion: string | null, confidence = 0.8): Segment => ({
  start,
  end,
  emotion,
  confidence,
  probabilities: { sad: confidence, happy: 1 - confidence },
});

test("neighbours alike become one, each counted by its length", () => {
  const [sad, none, again] = joinAlike([
    segment(0, 1, "sad", 0.6),
    segment(1, 4, "sad", 1),
    segment(4, 5, null, 0.4),
    segment(5, 6, "sad"),
  ]);
  expect(sad).toMatchObject({ start: 0, end: 4, emotion: "sad" });
  expect(sad?.confidence).toBeCloseTo(0.9);
  expect(sad?.probabilities.happy).toBeCloseTo(0.1);
  expect(none).toMatchObject({ start: 4, end: 5, emotion: null });
  expect(again).toMatchObject({ start: 5, end: 6 });
  expect(joinAlike([])).toEqual([]);
});

test("a moment lies in the stretch that begins there; the end in the last", () => {
  const timeline = [segment(0, 1, "sad"), segment(1, 2, "happy")];
  expect([0, 0.99, 1, 2].map((second) => at(timeline, second)?.emotion)).toEqual([
    "sad",
    "sad",
    "happy",
    "happy",
  ]);
  expect(at(timeline, 2.1)).toBeUndefined();
});

test("what was heard longest stands first; uncertain is no emotion", () => {
  const timeline = [
    segment(0, 1, "sad"),
    segment(1, 9, null),
    segment(9, 11, "happy"),
    segment(11, 12, "sad"),
  ];
  expect(emotionsHeard(timeline)).toEqual(["sad", "happy"]);
  expect(emotionsHeard([...timeline, segment(12, 13, "happy")])).toEqual(["happy", "sad"]);
});

test.each([
  [1.5, [0, 0.5, 1, 1.5]],
  [21.7, [0, 5, 10, 15, 20]],
  [3600, [0, 600, 1200, 1800, 2400, 3000, 3600]],
  [0, [0]],
])("marks for %s s", (seconds, expected) => {
  expect(ticks(seconds, 6)).toEqual(expected);
});
