// Tests of a recipe's hash: what decides the weights changes it, what is only said of it does not.
import { expect, test } from "vitest";
import type { Value } from "../graph/index.ts";
import { ops } from "../graph/index.ts";
import { type Architecture, type FrontEnd, type Heard, Network } from "../models/index.ts";
import { type Context, dropout, Linear } from "../nn/index.ts";
import type { Recipe } from "./recipe.ts";
import { canonical, recipeHash } from "./recipe-hash.ts";
import { RECIPES } from "./recipes/index.ts";

const recipe = RECIPES.find(({ name }) => name === "tess-lstm")!;

/** The mean over time through one layer, with a rate that stands in no number of the recipe. */
class Small extends Network {
  readonly output: Linear;
  readonly rate: number;
  constructor(classes: number, rate: number) {
    super();
    this.output = new Linear(40, classes);
    this.rate = rate;
  }
  forward(context: Context, features: Value, _mask: Value | null): Heard {
    const embedding = dropout(context, ops.reduceMean(features, [1]), this.rate);
    const logits = this.output.forward(context, embedding);
    return { logits, attention: embedding, embedding };
  }
}
const small = (rate: number): Recipe => {
  const architecture: Architecture = { ...recipe.architecture, network: (k) => new Small(k, rate) };
  return { ...recipe, architecture };
};

test("the same recipe has the same hash, and other words about it too", () => {
  const hash = recipeHash(recipe);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(recipeHash({ ...recipe })).toBe(hash);
  const { summary: _, ...rest } = recipe;
  expect(recipeHash({ summary: "told otherwise", ...rest, epochs: 3, corpora: [] })).toBe(hash);
  expect(recipeHash(small(0.2))).toBe(recipeHash(small(0.2)));
});

const { frontEnd } = recipe.architecture;
const higher = { ...frontEnd, options: { ...frontEnd.options, fMin: 50 } } as FrontEnd;
test.each<[string, Partial<Recipe>]>([
  ["the batch", { batchSize: 32 }],
  ["the learning rate", { schedule: { ...recipe.schedule, peak: 2e-3 } }],
  ["the optimiser", { optimizer: { ...recipe.optimizer, clipNorm: 1 } }],
  ["label smoothing", { labelSmoothing: 0.05 }],
  ["augmentation", { augmentation: { speeds: [1] } }],
  ["the classes", { emotions: ["angry", "sad"] }],
  ["the share that chooses", { validation: 0.2 }],
  ["the features", { architecture: { ...recipe.architecture, frontEnd: higher } }],
  ["another network", { architecture: RECIPES.find(({ name }) => name === "tess-cnn")!.architecture }],
])("%s changes it", (_, change) => {
  expect(recipeHash({ ...recipe, ...change })).not.toBe(recipeHash(recipe));
});

test("so does a rate inside the network, which is in no number of the recipe and no shape", () => {
  expect(recipeHash(small(0.3))).not.toBe(recipeHash(small(0.2)));
});

test("every recipe has a hash of its own", () => {
  expect(new Set(RECIPES.map(recipeHash)).size).toBe(RECIPES.length);
});

test("the order of keys decides nothing", () => {
  expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonical({ a: null, b: [{ c: 2, d: 1 }] }));
  expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
});
