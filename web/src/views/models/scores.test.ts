// What a score's confusion says: which emotions are missed, and what they are heard as.
import { expect, test } from "vitest";
import { missedMost } from "./scores.ts";

const recall = { angry: 0.95, happy: 0.4, neutral: 0.8, sad: 0.5, fear: 0.6 };

test("the three that are missed most, worst first; without a confusion, not as what", () => {
  expect(missedMost({ recall })).toEqual([
    { emotion: "happy", missed: 0.6, takenFor: null },
    { emotion: "sad", missed: 0.5, takenFor: null },
    { emotion: "fear", missed: 0.4, takenFor: null },
  ]);
});

test("what most of the missed are heard as, never the emotion itself", () => {
  const confusion = [
    [19, 1, 0, 0, 0],
    [7, 8, 0, 0, 5],
    [0, 0, 16, 4, 0],
    [0, 0, 9, 10, 1],
    [1, 3, 2, 2, 12],
  ];
  expect(missedMost({ recall, confusion }).map(({ takenFor }) => takenFor)).toEqual([
    "angry",
    "neutral",
    "happy",
  ]);
});
