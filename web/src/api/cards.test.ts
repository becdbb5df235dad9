// Tests of what of a card stands beside an answer.
import { expect, test } from "vitest";
import { modelName, unseenOf } from "./cards.ts";
import type { ModelCard, ScoreCard } from "./types.ts";

const score = (
  protocol: string,
  heldOut: string,
  wa: number,
  recall: Record<string, number>,
  corpus = "c",
): ScoreCard => {
  const recalls = Object.values(recall);
  const uar = recalls.reduce((a, b) => a + b, 0) / recalls.length;
  return {
    protocol,
    heldOut,
    corpus,
    clips: 9,
    wa,
    uar,
    recall,
    low: wa,
    high: wa,
    ece: 0,
    warnings: [],
  };
};
const card = (...scores: ScoreCard[]) => ({ scores }) as ModelCard;

test("only voices that were never heard count, and all of them", () => {
  const unseen = unseenOf(
    card(
      score("random split", "448 clips", 1, { angry: 1, happy: 1 }),
      score("unseen speaker", "tess/OAF", 0.56, { angry: 0.9, happy: 0, sad: 0.7 }),
      score("unseen speaker", "tess/YAF", 0.73, { angry: 0.3, happy: 0.6, sad: 0.9 }),
      score("unseen words", "41 sentences", 0.99, { angry: 1 }),
    ),
  );
  expect(unseen).toMatchObject({ low: 0.56, high: 0.73, heldOut: ["tess/OAF", "tess/YAF"] });
  expect(unseen?.weakest.map(({ emotion }) => emotion)).toEqual(["happy"]);
  expect(unseen?.weakest[0]?.recall).toBeCloseTo(0.3);
});

test("a protocol may bear the name of its folds; a mean over corpora counts no second time", () => {
  const unseen = unseenOf(
    card(
      score("unseen corpus: corpora", "mean of 2 folds x 3 seeds", 0.6, { angry: 0.6 }, "emodb, tess"),
      score("unseen corpus and language", "emodb", 0.7, { angry: 0.7 }, "emodb"),
      score("unseen corpus", "tess", 0.5, { angry: 0.5 }, "tess"),
    ),
  );
  expect(unseen).toMatchObject({ low: 0.5, high: 0.7, heldOut: ["emodb", "tess"] });
});

test("a model that was only measured on voices it knows has no such score", () => {
  expect(unseenOf(card(score("random split", "clips", 1, { sad: 1 })))).toBeNull();
  expect(unseenOf(card())).toBeNull();
});

test("a model's name without its version", () => {
  expect(modelName("tess-lstm@0.1.0")).toBe("tess-lstm");
  expect(modelName("tess-lstm")).toBe("tess-lstm");
});
