import { expect, test } from "vitest";
import { EMOTIONS, LABEL_RULES, meaningOf } from "./emotions.ts";

test("the seven stand in the order of the model's outputs", () => {
  expect(EMOTIONS.join(" ")).toBe("angry disgust fear happy neutral sad surprise");
});

test("every emotion's own name means itself", () => {
  for (const emotion of EMOTIONS) expect(meaningOf(emotion)).toEqual({ kind: "emotion", emotion });
});

test("no label stands in two rules", () => {
  const labels = LABEL_RULES.flatMap((rule) => rule.labels);
  expect(new Set(labels).size).toBe(labels.length);
});

test("what is left out says why", () => {
  for (const rule of LABEL_RULES) if (rule.emotion === null) expect(rule.reason).toMatch(/\w+ \w+/);
});

test.each([
  ["ps", "surprise"],
  ["Pleasant_Surprised", "surprise"],
  ["  ANGER ", "angry"],
  ["Fearful", "fear"],
  ["hot-anger", "angry"],
])("%j is %s", (label, emotion) => {
  expect(meaningOf(label)).toMatchObject({ kind: "emotion", emotion });
});

test("calm and boredom are left out of the seven, with the reason", () => {
  expect(meaningOf("calm")).toMatchObject({ kind: "left-out", reason: expect.stringContaining("neutral") });
  expect(meaningOf("Boredom")).toMatchObject({ kind: "left-out", reason: expect.stringContaining("none") });
});

test("an unknown label is named, and the way out with it", () => {
  expect(meaningOf("wistful")).toEqual({
    kind: "unknown",
    reason:
      'label "wistful" is in no table; write one of angry, disgust, fear, happy, neutral, sad, surprise',
  });
});
