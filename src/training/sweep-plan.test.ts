// Tests of what a sweep plans: which runs there are, when two are the same, and what counts as finished.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Clip } from "./corpora/index.ts";
import {
  alsoTrainingOn,
  HALVES,
  MEASURED_CORPORA,
  PROTOCOLS,
  type Protocol,
  VALIDATION_VOICES,
} from "./protocols/index.ts";
import { RECIPES } from "./recipes/index.ts";
import {
  type PlanOptions,
  planSweep,
  type RunResult,
  readResult,
  type SweepRun,
  writeResult,
} from "./sweep-plan.ts";

const out = mkdtempSync(join(tmpdir(), "undertone-sweep-"));
afterAll(() => rmSync(out, { recursive: true }));

const tess = PROTOCOLS.find(({ name }) => name === "tess-speakers")!;
const [lstm, cnn, universal] = [
  RECIPES.find(({ name }) => name === "tess-lstm")!,
  RECIPES.find(({ name }) => name === "tess-cnn")!,
  RECIPES.find(({ name }) => name === "universal")!,
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
  ...{
    recipes: [lstm],
    protocol: tess,
    clips,
    unlabelled: [],
    seeds: [1, 2, 3],
    epochs: 4,
    workers: 1,
    out: "out",
  },
};
const keys = (change: Partial<PlanOptions> = {}) => planSweep({ ...base, ...change }).map(({ key }) => key);

/** The clips, one of YAF, who stands in every fold, otherwise. */
function changed(change: Partial<Clip>): Clip[] {
  return clips.map((one, i) => (i === clips.length - 1 ? { ...one, ...change } : one));
}

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
  ["a speaker of another gender", { clips: changed({ gender: "M" }) }],
  ["another file under the name of a clip", { clips: changed({ bytes: 1001 }) }],
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

test("what was learnt is not learnt again where it is to be measured otherwise: its folder does not know how it is", () => {
  for (const { folder, key } of planSweep(base)) expect(folder).not.toContain(key.slice(0, 10));
});

test("a result counts for its own key only, and only whole", () => {
  const folder = join(out, "run");
  const result = { key: "a", recipe: "tess-lstm" } as RunResult;
  expect(readResult({ folder, key: "a" })).toBe(null);
  writeResult(folder, result);
  expect(readResult({ folder, key: "a" })).toEqual(result);
  expect(readResult({ folder, key: "b" })).toBe(null);
  writeFileSync(join(folder, "result.json"), '{"key": "a", "rec');
  expect(readResult({ folder, key: "a" })).toBe(null);
});

describe("the encoder of a recipe that learns from a teacher", () => {
  const corpora = PROTOCOLS.find(({ name }) => name === "corpora")!;
  /** Of every corpus the voices that protocols name, and one more. */
  const many = MEASURED_CORPORA.flatMap((corpus) => {
    const voices = corpus === "tess" ? ["OAF", "YAF"] : [...VALIDATION_VOICES[corpus]!, "another"];
    return voices.flatMap((voice) => [clip(corpus, voice, "sad", "w0"), clip(corpus, voice, "angry", "w1")]);
  });
  /** Clips of classes that no protocol here measures: an encoder hears them all the same. */
  const unlabelled = [...many, clip("ravdess", "another", "calm" as Clip["emotion"], "w2")];
  const teacher = join(out, "teacher.safetensors");
  const wide: PlanOptions = {
    ...base,
    recipes: [universal],
    protocol: corpora,
    clips: many,
    unlabelled,
    seeds: [1],
    teacher,
  };
  const halfOf = (corpus: string) => HALVES.findIndex((half) => half.includes(corpus));
  let runs: SweepRun[];
  beforeAll(() => {
    writeFileSync(teacher, "weights");
    runs = planSweep(wide);
  });

  test("is one for all folds that measure in one half of the corpora, whatever the protocol", () => {
    expect(runs.map(({ split }) => split.heldOut)).toEqual([...MEASURED_CORPORA]);
    const folders = [0, 1].map((half) =>
      runs.filter(({ split }) => halfOf(split.heldOut) === half).map(({ encoder }) => encoder!.folder),
    );
    for (const own of folders) expect([own.length, new Set(own).size]).toEqual([4, 1]);
    expect(folders[0]![0]).not.toBe(folders[1]![0]);
    expect(folders[0]![0]).toMatch(/^out\/encoders\/[0-9a-f]{16}-[0-9a-f]{8}$/);
    const others = planSweep({ ...wide, protocol: alsoTrainingOn(tess, MEASURED_CORPORA) });
    expect(others.map(({ encoder }) => encoder!.folder)).toEqual([folders[0]![0], folders[0]![0]]);
    const usesOf = (plan: readonly SweepRun[]) =>
      plan.map(({ encoder }) => new Set(encoder!.uses.map(({ corpus }) => corpus)));
    expect(usesOf(planSweep({ ...wide, protocol: tess }))).toEqual([new Set(["tess"]), new Set(["tess"])]);
    expect(usesOf(others)).toEqual([new Set(MEASURED_CORPORA), new Set(MEASURED_CORPORA)]);
    expect(new Set([...runs, ...others].map(({ folder }) => folder)).size).toBe(10);
  });

  test("has heard no corpus of the half in which it is measured, and all of the other, of any class", () => {
    for (const { split, encoder } of runs) {
      const half = halfOf(split.test[0]!.corpus);
      expect(encoder!.clips).toEqual(unlabelled.filter(({ corpus }) => halfOf(corpus) === 1 - half));
      expect(encoder!.uses).toEqual(unlabelled);
    }
  });

  test("learns from the measured corpora alone; what it hears in others that heads learn from is asked all the same", () => {
    const mine = ["ann", "bo"].flatMap((voice) => [
      clip("mine", voice, "sad", "w0"),
      clip("mine", voice, "angry", "w1"),
    ]);
    const beside: PlanOptions = { ...wide, unlabelled: [...unlabelled, ...mine] };
    expect(planSweep(beside)).toEqual(runs);
    const protocol = alsoTrainingOn(corpora, ["mine"]);
    const others = planSweep({ ...beside, clips: [...many, ...mine], protocol });
    others.forEach(({ split, encoder, key }, i) => {
      expect(encoder).toEqual({ ...runs[i]!.encoder, uses: beside.unlabelled });
      const uses = new Set(encoder!.uses);
      expect([...split.train, ...split.validation].filter((one) => !uses.has(one))).toEqual([]);
      expect(key).not.toBe(runs[i]!.key);
    });
  });

  test("is the same whatever is known of its clips beside their names; the run is another where its sounds are", () => {
    const louder = unlabelled.map((one) => (one.corpus === "emodb" ? { ...one, bytes: 7 } : one));
    const [before, after] = [runs[0]!, planSweep({ ...wide, folds: [1], unlabelled: louder })[0]!];
    expect(after.split).toEqual(before.split);
    expect(after.encoder!.folder).toBe(before.encoder!.folder);
    expect(after.key).not.toBe(before.key);
  });

  test.each([
    ["./taught/embeddings.ts", "VIEWS_VERSION"],
    ["./taught/heads.ts", "HEADS"],
  ])(
    "is the same where code of %s has changed what heads hear or learn; the run is not",
    async (path, version) => {
      vi.doMock(path, async (original) => ({ ...(await original<object>()), [version]: 1000 }));
      vi.resetModules();
      const { planSweep: planLater } = await import("./sweep-plan.ts");
      const { recipeNamed } = await import("./recipes/index.ts");
      vi.doUnmock(path);
      const [later] = planLater({ ...wide, recipes: [recipeNamed("universal")!], folds: [1] });
      expect(later!.encoder!.folder).toBe(runs[0]!.encoder!.folder);
      expect(later!.key).not.toBe(runs[0]!.key);
    },
  );

  test("is another where what decides it is another, and so is the run", () => {
    const [before] = runs;
    for (const change of [
      { seeds: [2] },
      { epochs: 5 },
      { workers: 2 },
      // Of the half that it hears; the first fold measures ASED.
      { unlabelled: unlabelled.filter(({ speaker }) => speaker !== "emodb/15") },
    ]) {
      const [after] = planSweep({ ...wide, folds: [1], ...change });
      expect(after!.encoder!.folder).not.toBe(before!.encoder!.folder);
      expect(after!.key).not.toBe(before!.key);
    }
  });

  test("cannot be where both halves are measured at once, or nothing else is used: what to do is said", () => {
    const [fold] = corpora.folds;
    const test = [{ corpus: "emodb" }, { corpus: "nemo" }];
    const train = fold!.train.filter(({ corpus }) => !["emodb", "nemo"].includes(corpus));
    const validation = { voices: [{ corpus: "ravdess", only: VALIDATION_VOICES.ravdess! }] };
    const both: Protocol = { ...corpora, folds: [{ ...fold!, train, validation, test }] };
    for (const [change, measured] of [
      [{ protocol: both }, "emodb, nemo"],
      [{ protocol: tess, clips, unlabelled: clips }, "tess"],
    ] as const) {
      expect(() => planSweep({ ...wide, ...change })).toThrow(
        expect.objectContaining({
          name: "CorpusError",
          message: expect.stringMatching(
            new RegExp(
              `what is measured \\(${measured}\\) stands in both .*; add corpora, or measure less at once$`,
            ),
          ),
        }),
      );
    }
  });

  test("needs a teacher, which is asked for before anything runs; another teacher makes other runs", () => {
    expect(() => planSweep({ ...wide, teacher: undefined })).toThrow(
      /universal learns from a teacher: .* --teacher FILE\.safetensors/,
    );
    const other = join(out, "other.safetensors");
    writeFileSync(other, "other weights");
    expect(planSweep({ ...wide, folds: [1], teacher: other })[0]!.key).not.toBe(runs[0]!.key);
  });

  test("is none of a recipe that learns from labels", () => {
    for (const run of planSweep({ ...wide, recipes: [lstm] })) expect(run.encoder).toBeUndefined();
  });
});
