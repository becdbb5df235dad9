// Tests of a run's folder: what is gone on with, what is refused, what a killed run left behind.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { writeWhole } from "./checkpoint.ts";
import { type RunConfig, RunError, RunFolder } from "./run-folder.ts";

const config: RunConfig = {
  ...{
    recipe: "tiny",
    seed: 1,
    epochs: 3,
    workers: 2,
    protocol: "random split",
    heldOut: "2 clips at random",
  },
  clips: { train: 6, validation: 2, test: 2 },
  fingerprint: "abc",
};
const numbers = Float32Array.of(1, -2, 3.5);
const state = { epoch: 1, step: 7, parameters: numbers, buffers: numbers, first: numbers, second: numbers };
const weights = { parameters: numbers, buffers: numbers };
const record = {
  ...{ epoch: 1, trainLoss: 1, trainAccuracy: 0.5, validationLoss: 1, validationAccuracy: 0.5 },
  ...{ validationUar: 0.5, learningRate: 1e-3, seconds: 1, clipsPerSecond: 6, best: true, gradientNorm: 1 },
};

let folder: RunFolder;
beforeEach(() => {
  folder = new RunFolder(join(mkdtempSync(join(tmpdir(), "undertone-")), "run"));
});
/** As a run leaves it that was killed after its first epoch. */
function begun(): void {
  folder.open(config, false);
  folder.saveBest({ epoch: 1, weights, logits: numbers });
  folder.saveLast({ ...state, average: numbers }, [record]);
}

test("a run goes on where its last checkpoint stands", () => {
  begun();
  expect(folder.open(config, true)).toEqual({ state: { ...state, average: numbers }, history: [record] });
  expect(folder.readBest()).toEqual({ epoch: 1, weights, logits: numbers });
});

test("a folder without a checkpoint has nothing to go on from and nothing to lose", () => {
  expect(folder.open(config, true)).toBe(null);
  expect(folder.open({ ...config, seed: 2 }, false)).toBe(null);
  expect(JSON.parse(readFileSync(folder.file("config.json"), "utf8")).seed).toBe(2);
});

test.each([
  ["its encoder is on the way", "encoder/checkpoints/last.safetensors"],
  ["it is tuned", "tuning/checkpoints/last.safetensors"],
  ["all that is left of it is a model", "model.onnx"],
])("a run without checkpoints of its own is one all the same: %s", (_, file) => {
  const taught = { ...config, teacher: "a".repeat(64) };
  expect(folder.open(taught, false)).toBe(null);
  writeWhole(folder.file(file), "numbers");
  expect(() => folder.open(taught, false)).toThrow(/holds a run already; add --resume/);
  expect(folder.open(taught, true)).toBe(null);
  expect(() => folder.open({ ...taught, seed: 2 }, true)).toThrow("--seed 1, this call has 2");
  expect(() => folder.open({ ...taught, teacher: "b".repeat(64) }, true)).toThrow(
    "another teacher (hash aaaaaaaaaaaa, this call has bbbbbbbbbbbb)",
  );
  expect(() => folder.open(config, true)).toThrow(RunError);
  expect(JSON.parse(readFileSync(folder.file("config.json"), "utf8"))).toEqual(taught);
});

test("a recipe that has changed under the same name is not gone on with, nor is one whose hash nobody noted", () => {
  folder.open({ ...config, recipeHash: "a".repeat(64) }, false);
  folder.saveBest({ epoch: 1, weights, logits: numbers });
  folder.saveLast({ ...state, average: numbers }, [record]);
  expect(folder.open({ ...config, recipeHash: "a".repeat(64) }, true)).not.toBe(null);
  for (const recipeHash of ["b".repeat(64), undefined]) {
    expect(() => folder.open({ ...config, recipeHash }, true)).toThrow(RunError);
    expect(() => folder.open({ ...config, recipeHash }, true)).toThrow(
      /the recipe tiny with other hyperparameters \(hash aaaaaaaaaaaa, this call has (b{12}|not noted)\); resume it with the same/,
    );
  }
});

test("what a killed run left unfinished is removed; other files stay", () => {
  begun();
  const left = ["report.html.77.partial", "checkpoints/last.safetensors.123.partial"];
  for (const name of [...left, "notes.partial"]) writeFileSync(folder.file(name), "half");
  folder.open(config, true);
  expect(readdirSync(folder.path).sort()).toEqual([
    ...["checkpoints", "config.json", "history.json", "notes.partial"],
  ]);
  expect(readdirSync(folder.file("checkpoints")).sort()).toEqual(["best.safetensors", "last.safetensors"]);
});

test.each(["last", "best"])(
  "a %s checkpoint that is cut off or gone is said before anything is done",
  (which) => {
    begun();
    const path = folder.file("checkpoints", `${which}.safetensors`);
    truncateSync(path, 100);
    expect(() => folder.open(config, true)).toThrow(RunError);
    expect(() => folder.open(config, true)).toThrow(`${which}.safetensors" is no checkpoint`);
    // The way out that the message names.
    rmSync(folder.file("checkpoints"), { recursive: true });
    expect(folder.open(config, true)).toBe(null);
  },
);

test("a best checkpoint that is gone is missed at once, not at the end", () => {
  begun();
  rmSync(folder.file("checkpoints", "best.safetensors"));
  expect(() => folder.open(config, true)).toThrow(/best\.safetensors" cannot be read/);
});

test("a folder that is a file, or whose config is broken, is refused by name", () => {
  begun();
  writeFileSync(folder.file("config.json"), "{");
  expect(() => folder.open(config, true)).toThrow(/no config\.json that can be read/);
  const flat = new RunFolder(folder.file("config.json"));
  expect(() => flat.open(config, false)).toThrow(/config\.json" is a file, expected a folder for the run/);
  const within = new RunFolder(folder.file("config.json", "run"));
  expect(() => within.open(config, false)).toThrow(RunError);
});
