// What a sweep has to train: every recipe with every seed on every fold. Knows no processes.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Emotion, ScoreCard } from "../speech/index.ts";
import { writeWhole } from "./checkpoint.ts";
import { type Clip, CorpusError } from "./corpora/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type EncoderPlace, requireTeacher } from "./learn.ts";
import type { PartScore } from "./measure.ts";
import type { Score } from "./metrics.ts";
import { HALVES, MEASURED_CORPORA, type Protocol, splitsOf } from "./protocols/index.ts";
import type { Recipe } from "./recipe.ts";
import { canonical, recipeHash } from "./recipe-hash.ts";
import type { Split } from "./splits.ts";
import { soundsOf, VIEWS_VERSION } from "./taught/embeddings.ts";
import { encoderHash, encoderKey } from "./taught/encoder.ts";
import { HEADS } from "./taught/heads.ts";
import { teacherHash } from "./teachers/index.ts";

/** To be raised where something else is measured of a model, or otherwise: a run that was measured before is then measured again. */
export const MEASURE = 2;

/** One training: everything that decides its result, and where it lives. */
export interface SweepRun {
  /**
   * SHA-256 over what decides the result, so that one that is there is found: the recipe's hash, seed, epochs, workers;
   * of every clip what `fingerprintOf` knows; what the encoder is called, and names and sizes of what it hears; and
   * numbers that people raise when code changes that no hash sees (`HEADS`, `VIEWS_VERSION`, `MEASURE`).
   *
   * Not in it: what clips hold beyond their size; what computes, so that figures of a card stand for those of a processor,
   * with which they agree to four digits only; and, beyond `recipeHash`, the program and its libraries.
   *
   * What an encoder is called knows its clips by their names alone: from other sounds of the same names in the same `--out`
   * it is found again as it was.
   */
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
  /**
   * Clips of all corpora, whatever the protocol measures, with every class: encoders learn from those of the measured
   * corpora, and are asked what they hear in those of all that a fold learns from.
   */
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
  const teacher = options.teacher ? teacherHash(options.teacher) : "";
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
    const learnt = new Set(
      splits.flatMap(({ train, validation }) => [...train, ...validation].map(({ corpus }) => corpus)),
    );
    const uses = options.unlabelled.filter(({ corpus }) => learnt.has(corpus));
    return folds.flatMap((fold) =>
      recipes.map(({ recipe, hash, encoderHash }): SweepRun => {
        const split = splits[fold - 1]!;
        const epochs = options.epochs ?? recipe.epochs;
        const encoder = encoderHash
          ? encoderOf(options, { split, seed, epochs, uses }, encoderHash, teacher)
          : undefined;
        const learns = {
          ...{ recipe: hash, seed, epochs, workers },
          split: fingerprintOf(split.train, split.validation, split.test),
          ...(encoder && {
            ...{ encoder: basename(encoder.folder), sounds: soundsOf(encoder.clips) },
            ...{ heads: HEADS, views: VIEWS_VERSION },
          }),
        };
        const key = digestOf({ ...learns, measure: MEASURE });
        // Many speakers held out together would make a name that is too long for a disk.
        const held = split.heldOut.replace(/[^\w-]+/g, "-").slice(0, 60);
        // What was learnt stays where it is when it is measured otherwise.
        const folder = join(out, recipe.name, `${held}-seed${seed}-${digestOf(learns).slice(0, 10)}`);
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
  // Of no other corpus, whichever stands beside them: every protocol then finds the same encoders.
  const clips = unlabelled.filter(
    ({ corpus }) => MEASURED_CORPORA.includes(corpus) && !apart.includes(corpus) && !measured.has(corpus),
  );
  if (clips.length === 0) {
    throw new CorpusError(
      `nothing is left that an encoder could learn from: what is measured (${[...measured].join(", ")}) stands in both ` +
        "halves of the corpora, or the data folder has no other corpus; add corpora, or measure less at once",
    );
  }
  const key = `${encoderKey(hash, { clips, seed, epochs, workers })}-${teacher.slice(0, 8)}`;
  return { folder: join(out, "encoders", key), clips, uses };
}

function digestOf(decides: unknown): string {
  return createHash("sha256").update(canonical(decides)).digest("hex");
}

/** What a run came to; `null`: it is not finished, or what stands there is no result of it. */
export function readResult({ folder, key }: Pick<SweepRun, "folder" | "key">): RunResult | null {
  try {
    const result = JSON.parse(readFileSync(join(folder, RESULT), "utf8")) as RunResult;
    return result.key === key ? result : null;
  } catch {
    return null;
  }
}

/** Says that a run is finished: the last thing that is written of it, whole or not at all. */
export function writeResult(folder: string, result: RunResult): void {
  writeWhole(join(folder, RESULT), `${JSON.stringify(result, null, 2)}\n`);
}

const RESULT = "result.json";
