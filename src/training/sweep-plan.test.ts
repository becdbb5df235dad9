// Tests of what a sweep plans: which runs there are, when two are the same, and what counts as finished.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Clip } from "./corpora/index.ts";
import { PROTOCOLS, type Protocol } from "./protocols/index.ts";
import { RECIPES } from "./recipes/index.ts";
import { type PlanOptions, planSweep, type RunResult, readResult, writeResult } from "./sweep-plan.ts";

const out = mkdtempSync(join(tmpdir(), "undertone-sweep-"));
afterAll(() => rmSync(out, { recursive: true }));

const tess = PROTOCOLS.find(({ name }) => name === "tess-speakers")!;
const [lstm, cnn] = [
  RECIPES.find(({ name }) => name === "tess-lstm")!,
  RECIPES.find(({ name }) => name === "tess-cnn")!,
];

function clip(corpus: string, voice: string, label: Clip["emotion"], sentence: string): Clip {
  const file = `${corpus}/${voice}_${sentence}_${label}.wav`;
  return {
    path: `/data/${file}`,
    file,
    corpus,
    emotion: label,
    label,
    speaker: `${corpus}/${voice}`,
    sentence,
  };
}
const words = Array.from({ length: 10 }, (_, i) => `w${i}`);
const clips = ["OAF", "YAF"].flatMap((voice) =>
  words.flatMap((word) => [clip("tess", voice, "sad", word), clip("tess", voice, "angry", word)]),
);
const base: PlanOptions = {
  ...{ recipes: [lstm], protocol: tess, clips, seeds: [1, 2, 3], epochs: 4, workers: 1, out: "out" },
};
const keys = (change: Partial<PlanOptions> = {}) => planSweep({ ...base, ...change }).map(({ key }) => key);

test("every recipe with every seed on every fold, seed by seed; each has a folder of its own", () => {
  const runs = planSweep({ ...base, recipes: [lstm, cnn] });
  expect(runs.map(({ recipe, fold, seed }) => [recipe.name, fold, seed])).toEqual(
    [1, 2, 3].flatMap((seed) =>
      [1, 2].flatMap((fold) => [
        ["tess-lstm", fold, seed],
        ["tess-cnn", fold, seed],
      ]),
    ),
  );
  expect(new Set(runs.map(({ folder }) => folder)).size).toBe(12);
  expect(new Set(runs.map(({ key }) => key)).size).toBe(12);
  expect(runs[0]!.folder).toMatch(/^out\/tess-lstm\/tess-YAF-seed1-[0-9a-f]{10}$/);
  expect(runs[0]!.recipe.emotions).toEqual(tess.classes);
});

test("the same call plans the same runs; some folds are the same runs as all of them", () => {
  expect(keys()).toEqual(keys());
  expect(keys({ folds: [2] })).toEqual([keys()[1], keys()[3], keys()[5]]);
  expect(keys({ seeds: [3] })).toEqual(keys().slice(4));
  expect(keys({ out: "elsewhere" })).toEqual(keys());
});

test.each<[string, Partial<PlanOptions>]>([
  ["other epochs", { epochs: 5 }],
  ["other workers", { workers: 2 }],
  ["a clip less", { clips: clips.slice(1) }],
  ["another label", { clips: clips.map((one, i) => (i % 20 === 0 ? { ...one, emotion: "fear" } : one)) }],
  ["a recipe that changed under its name", { recipes: [{ ...lstm, labelSmoothing: 0.2 }] }],
  ["other classes", { protocol: { ...tess, classes: ["angry", "sad"] } }],
])("%s: other runs, none of which is taken for an old one", (_, change) => {
  const before = new Set(keys());
  expect(keys(change).filter((key) => before.has(key))).toEqual([]);
});

test("another name for the same fold is the same run: a language of one corpus is trained once", () => {
  const renamed: Protocol = { ...tess, name: "other", title: "told otherwise" };
  expect(planSweep({ ...base, protocol: renamed })).toEqual(planSweep(base));
});

test("a fold that there is not is refused", () => {
  for (const folds of [[3], [0], [1, 1.5]])
    expect(() => keys({ folds })).toThrow(/there is no fold .*, expected 1 to 2/);
});

test("a result counts for its own key only, and only whole", () => {
  const folder = join(out, "run");
  const result = { key: "a", recipe: "tess-lstm", parts: [] as RunResult["parts"] } as RunResult;
  expect(readResult({ folder, key: "a" })).toBe(null);
  writeResult(folder, result);
  expect(readResult({ folder, key: "a" })).toEqual(result);
  expect(readResult({ folder, key: "b" })).toBe(null);
  // As it was before corpora were measured one by one.
  writeFileSync(join(folder, "result.json"), '{"key": "a", "recipe": "tess-lstm"}');
  expect(readResult({ folder, key: "a" })).toBe(null);
  writeFileSync(join(folder, "result.json"), '{"key": "a", "rec');
  expect(readResult({ folder, key: "a" })).toBe(null);
});
