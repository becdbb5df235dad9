// Tests of a sweep's table: means and intervals of runs that are made up.
import { expect, test } from "vitest";
import { parseCard, unknownCard } from "../speech/index.ts";
import { PROTOCOLS } from "./protocols/index.ts";
import { RECIPES } from "./recipes/index.ts";
import type { Finished } from "./sweep.ts";
import { summariseSweep } from "./sweep-summary.ts";

const corpora = PROTOCOLS.find(({ name }) => name === "corpora")!;
const recipe = RECIPES[0]!;

function finished(fold: number, seed: number, uar: number, recall: Record<string, number>): Finished {
  const { name, unseen } = corpora.folds[fold - 1]!;
  const labels = Object.keys(recall);
  const score = { clips: 100, labels, wa: uar + 0.1, uar, recall, confusion: [], ece: 0.04 };
  const measured = { ...score, low: 0.2, high: 0.9, answered: 1, waAnswered: null, confident: uar + 0.2 };
  const card = { protocol: `unseen ${unseen}`, heldOut: name, corpus: name, clips: 100, warnings: ["w"] };
  const empty = {
    train: [],
    validation: [],
    test: [],
    protocol: "",
    heldOut: name,
    validationBy: "speaker" as const,
  };
  return {
    run: {
      ...{ key: `${fold} ${seed}`, recipe, recipeHash: "h", fold, seed, epochs: 2, workers: 1, folder: "f" },
      split: empty,
    },
    result: {
      ...{
        key: `${fold} ${seed}`,
        recipe: recipe.name,
        recipeHash: "h",
        unseen: `unseen ${unseen}`,
        heldOut: name,
      },
      ...{ seed, epochs: 2, workers: 1, chosenEpoch: 1, clips: { train: 1, validation: 1, test: 100 } },
      ...{
        score: measured,
        parts: [{ corpus: name, score: measured }],
        leftOut: [],
        seconds: 1,
        version: "1",
        commit: seed === 3 ? "new" : "old",
      },
      card: { ...card, wa: uar + 0.1, uar, recall, low: 0.2, high: 0.9, ece: 0.04 },
    },
  };
}

test("means over folds and seeds with a t interval that is named, and of each part over its seeds", () => {
  const runs = [
    finished(1, 1, 0.4, { angry: 0.2, sad: 0.6 }),
    finished(2, 1, 0.6, { angry: 0.6 }),
    finished(1, 2, 0.5, { angry: 0.4, sad: 0.6 }),
    finished(2, 2, 0.7, { angry: 0.7 }),
  ];
  const [summary, ...more] = summariseSweep(corpora, runs);
  expect(more).toEqual([]);
  expect(summary).toMatchObject({
    protocol: "corpora",
    seeds: [1, 2],
    folds: 2,
    allFolds: 8,
    commits: ["1 old"],
  });
  expect(summary!.interval).toBe("95 % t interval over 4 runs (2 folds x 2 seeds)");
  expect(summary!.uar.mean).toBeCloseTo(0.55, 10);
  // sd 0.1290994, t(3) 3.1824, n 4.
  expect(summary!.uar.high! - 0.55).toBeCloseTo(0.20543, 4);
  const [first, second] = summary!.parts;
  expect([first!.heldOut, second!.heldOut]).toEqual(["ased", "banglaser"]);
  expect(first!.recall.angry).toBeCloseTo(0.3, 10);
  expect(second!.recall).not.toHaveProperty("sad");
  expect(first!.uar.mean).toBeCloseTo(0.45, 10);
});

test("scores for a card: the mean, then each corpus; a reader of cards takes them", () => {
  const runs = [finished(1, 1, 0.4, { angry: 0.2 }), finished(3, 1, 0.6, { angry: 0.6 })];
  const { scores } = summariseSweep(corpora, runs)[0]!;
  expect(parseCard(JSON.stringify({ ...unknownCard("m"), scores })).scores).toEqual(scores);
  expect(scores).toMatchObject([
    {
      ...{ protocol: "unseen corpus and language: corpora", heldOut: "mean of 2 of 8 folds x 1 seeds" },
      ...{ corpus: "ased, emodb", clips: 200, uar: 0.5, recall: { angry: 0.4 }, warnings: ["w"] },
    },
    { protocol: "unseen corpus and language", heldOut: "ased", uar: 0.4, low: 0.2, high: 0.9 },
    { heldOut: "emodb", uar: 0.6 },
  ]);
});

test("one run has no interval and says so; runs of two versions are told apart", () => {
  const [one] = summariseSweep(corpora, [finished(1, 1, 0.4, { angry: 0.2 })]);
  expect(one).toMatchObject({
    interval: "no interval: one run (1 fold x 1 seed)",
    uar: { low: null, high: null },
  });
  const [two] = summariseSweep(corpora, [finished(1, 1, 0.4, {}), finished(1, 3, 0.4, {})]);
  expect(two!.commits).toEqual(["1 old", "1 new"]);
});
