// Tests of recipes less a switch or with an extra: they are others, by name and by hash, and nothing else of them is.
import { expect, test } from "vitest";
import { recipeHash } from "../recipe-hash.ts";
import { encoderHash } from "../taught/encoder.ts";
import { EXTRA_NAMES, RECIPES, recipeNamed, SWITCH_NAMES } from "./index.ts";

const universal = recipeNamed("universal")!;

test.each(SWITCH_NAMES.filter((name) => name !== "teacher"))(
  "universal has %s, and is another recipe without it",
  (name) => {
    const less = recipeNamed(`universal-without-${name}`)!;
    expect(recipeHash(less)).not.toBe(recipeHash(universal));
    const { augmentation, views } = universal;
    expect({ ...less, name: "universal", augmentation, views }).toEqual(universal);
  },
);

test.each(EXTRA_NAMES)("universal does without %s, and is another recipe with it", (name) => {
  const more = recipeNamed(`universal-with-${name}`)!;
  expect(recipeHash(more)).not.toBe(recipeHash(universal));
  expect({ ...more, name: "universal", augmentation: universal.augmentation }).toEqual(universal);
  expect(more.augmentation).toMatchObject(universal.augmentation);
});

test("less several parts: one after the other, none twice", () => {
  const less = recipeNamed("universal-without-tempo-without-speeds")!;
  const { tempo: _, ...rest } = universal.views!;
  expect(less).toEqual({ ...universal, name: less.name, views: { ...rest, speeds: [] } });
  expect(recipeNamed("universal-without-tempo-without-tempo")).toBeUndefined();
  expect(recipeNamed("universal-without-tempo-without-luck")).toBeUndefined();
});

test("what a recipe tunes with loses it too", () => {
  const less = recipeNamed("universal-tuned-without-room")!;
  const { tuning } = recipeNamed("universal-tuned")!;
  expect(less.tuning!.augmentation).toEqual(less.augmentation);
  expect(tuning!.augmentation).not.toEqual(less.augmentation);
});

test("less what its heads hear, it has the encoder that it had; less what the encoder hears, another", () => {
  const { views: _, ...deaf } = universal;
  for (const name of ["speeds", "tempo", "tract"]) {
    expect(encoderHash(recipeNamed(`universal-without-${name}`)!)).toBe(encoderHash(universal));
  }
  expect(encoderHash(deaf)).toBe(encoderHash(universal));
  expect(encoderHash(recipeNamed("universal-without-room")!)).not.toBe(encoderHash(universal));
});

test("without a teacher labels alone teach: only where there is tuning", () => {
  const tuned = recipeNamed("universal-tuned")!;
  const untaught = recipeNamed("universal-tuned-without-teacher")!;
  expect(untaught.teacher).toBe("none");
  expect(untaught.tuning!.epochs).toBeGreaterThan(tuned.tuning!.epochs);
  expect(recipeHash(untaught)).not.toBe(recipeHash(tuned));
  expect(recipeNamed("universal-without-teacher")).toBeUndefined();
});

test("recipes are found by their own names; there is no other recipe, and no other switch", () => {
  for (const recipe of RECIPES) expect(recipeNamed(recipe.name)).toBe(recipe);
  for (const name of [
    "universal-without-",
    "universal-without-luck",
    "universal-without-masks",
    "universal-with-room",
    "universal-with-constructor",
    "nobody-without-room",
    "-without-room",
    "tess-lstm-without-tempo",
    "tess-lstm-without-room",
  ]) {
    expect(recipeNamed(name)).toBeUndefined();
  }
});
