// What a sweep has to train: every recipe with every seed on every fold. Knows no processes.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Emotion, ScoreCard } from "../speech/index.ts";
import { writeWhole } from "./checkpoint.ts";
import { type Clip, CorpusError } from "./corpora/index.ts";
import { type EncoderPlace, requireTeacher } from "./learn.ts";
import type { PartScore } from "./measure.ts";
import type { Score } from "./metrics.ts";
import { HALVES, type Protocol, splitsOf } from "./protocols/index.ts";
import type { Recipe } from "./recipe.ts";
import { canonical, recipeHash } from "./recipe-hash.ts";
import type { Split } from "./splits.ts";
import { encoderHash, encoderKey } from "./taught/encoder.ts";
import { HEADS } from "./taught/heads.ts";

/** One training: everything that decides its result, and where it lives. */
export interface SweepRun {
  /** SHA-256 over what decides the result: the same key, the same weights. */
  key: string;
  /** With the protocol's classes as its emotions. */
  recipe: Recipe;
  recipeHash: string;
  /** From 1, in the protocol's order. */
  fold: number;
  split: Split;
  seed: number;
  epochs: number;
  workers: number;
  folder: string;
  /** Of a recipe that learns from a teacher. */
  encoder?: EncoderPlace;
}

/** What is kept of a finished run, in its folder as `result.json`. */
export interface RunResult {
  key: string;
  recipe: string;
  recipeHash: string;
  /** `Split.protocol` and `Split.heldOut`. */
  unseen: string;
  heldOut: string;
  seed: number;
  epochs: number;
  workers: number;
  /** The epoch that validation chose, of how many clips. */
  chosenEpoch: number;
  clips: { train: number; validation: number; test: number };
  /** On the whole test part; `parts`: on each corpus of it. */
  score: Score;
  parts: PartScore[];
  /** Of the whole test part. */
  card: ScoreCard;
  /** Clips that could not be heard. */
  leftOut: { file: string; reason: string }[];
  seconds: number;
  version: string;
  commit: string;
}

export interface PlanOptions {
  recipes: readonly Recipe[];
  protocol: Protocol;
  clips: readonly Clip[];
  /** What encoders learn from and are used for: clips of all corpora, whatever the protocol measures. */
  unlabelled: readonly Clip[];
  seeds: readonly number[];
  /** From 1; not given: all. */
  folds?: readonly number[];
  /** Not given: each recipe's. */
  epochs?: number;
  workers: number;
  /** The file of a teacher's weights, for recipes that have one. */
  teacher?: string;
  out: string;
}

/**
 * The runs, seed by seed, so that a first look at every fold comes early.
 * @throws CorpusError where the protocol's data is not there, a fold is none of its, or a recipe's teacher is not named
 */
export function planSweep(options: PlanOptions): SweepRun[] {
  const { protocol, clips, workers, out } = options;
  const last = protocol.folds.length;
  const wrong = options.folds?.find((fold) => !Number.isInteger(fold) || fold < 1 || fold > last);
  if (wrong !== undefined) {
    throw new CorpusError(`protocol ${protocol.name}: there is no fold ${wrong}, expected 1 to ${last}`);
  }
  const folds = options.folds ?? protocol.folds.map((_, i) => i + 1);
  const teacher = options.teacher ? fileHash(options.teacher) : "";
  const recipes = options.recipes.map((recipe) => {
    if (recipe.teacher) requireTeacher({ recipe, teacher: options.teacher });
    // A class of one corpus's own stands among the emotions; nothing in a run asks more of one than its name.
    const taught = { ...recipe, emotions: protocol.classes as readonly Emotion[] };
    const ofEncoder = recipe.teacher ? encoderHash(taught) : null;
    return { recipe: taught, hash: recipeHash(taught), encoderHash: ofEncoder };
  });
  return options.seeds.flatMap((seed) => {
    const splits = splitsOf(protocol, clips, seed);
    // Whole corpora, so that what is kept of one is the same whichever protocol asks.
    const learnt = new Set(splits.flatMap(({ train }) => train.map(({ corpus }) => corpus)));
    const uses = options.unlabelled.filter(({ corpus }) => learnt.has(corpus));
    return folds.flatMap((fold) =>
      recipes.map(({ recipe, hash, encoderHash }): SweepRun => {
        const split = splits[fold - 1]!;
        const epochs = options.epochs ?? recipe.epochs;
        const encoder = encoderHash
          ? encoderOf(options, { split, seed, epochs, uses }, encoderHash, teacher)
          : undefined;
        const decides = {
          ...{ recipe: hash, seed, epochs, workers, split: fingerprint(split) },
          ...(encoder && { encoder: basename(encoder.folder), heads: HEADS }),
        };
        const key = createHash("sha256").update(canonical(decides)).digest("hex");
        // Many speakers held out together would make a name that is too long for a disk.
        const held = split.heldOut.replace(/[^\w-]+/g, "-").slice(0, 60);
        const folder = join(out, recipe.name, `${held}-seed${seed}-${key.slice(0, 10)}`);
        return { key, recipe, recipeHash: hash, fold, split, seed, epochs, workers, folder, encoder };
      }),
    );
  });
}

/**
 * The encoder that a run takes: it has heard none of the corpora that stand in one half with what is measured, so that
 * one serves every fold of every protocol that measures in that half, and no voice of a test part is ever known to it.
 *
 * @param hash `encoderHash` of the recipe
 * @param teacher hash of the teacher's file
 */
function encoderOf(
  { unlabelled, workers, out }: PlanOptions,
  { split, seed, epochs, uses }: Pick<SweepRun, "split" | "seed" | "epochs"> & Pick<EncoderPlace, "uses">,
  hash: string,
  teacher: string,
): EncoderPlace {
  const measured = new Set(split.test.map(({ corpus }) => corpus));
  const apart = HALVES.filter((half) => half.some((corpus) => measured.has(corpus))).flat();
  const clips = unlabelled.filter(({ corpus }) => !apart.includes(corpus) && !measured.has(corpus));
  if (clips.length === 0) {
    throw new CorpusError(
      `nothing is left that an encoder could learn from: what is measured (${[...measured].join(", ")}) stands in both ` +
        "halves of the corpora, or the data folder has no other corpus; add corpora, or measure less at once",
    );
  }
  const key = `${encoderKey(hash, { clips, seed, epochs, workers })}-${teacher.slice(0, 8)}`;
  return { folder: join(out, "encoders", key), clips, uses };
}

/** @throws CorpusError where there is no such file */
function fileHash(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (error) {
    throw new CorpusError(`the teacher's file cannot be read: ${(error as Error).message}; see --teacher`);
  }
}

/** SHA-256 over the names and classes of all clips, part by part. */
function fingerprint({ train, validation, test }: Split): string {
  const hash = createHash("sha256");
  for (const part of [train, validation, test]) {
    hash.update(`${part.length}\n`);
    for (const { corpus, file, emotion } of part) hash.update(`${corpus}\0${file}\0${emotion}\n`);
  }
  return hash.digest("hex");
}

/**
 * What a run came to; `null`: it is not finished, or what stands there is no result of it. One that an earlier version
 * wrote, without `parts` or their `reliability`, counts as unfinished: its checkpoints are there, so that it is only measured again.
 */
export function readResult({ folder, key }: Pick<SweepRun, "folder" | "key">): RunResult | null {
  try {
    const result = JSON.parse(readFileSync(join(folder, RESULT), "utf8")) as RunResult;
    return result.key === key && result.parts?.every(({ score }) => score.reliability) ? result : null;
  } catch {
    return null;
  }
}

/** Says that a run is finished: the last thing that is written of it, whole or not at all. */
export function writeResult(folder: string, result: RunResult): void {
  writeWhole(join(folder, RESULT), `${JSON.stringify(result, null, 2)}\n`);
}

const RESULT = "result.json";
