// The encoder: what a teacher teaches a network, before any label is shown. Knows run folders, no labels and no heads.
import { createHash } from "node:crypto";
import { EMOTIONS } from "../../speech/index.ts";
import type { LeftOut } from "../hear-clip.ts";
import { teacherLesson } from "../lessons.ts";
import { type StepResult, trainingLoop } from "../loop.ts";
import type { Recipe } from "../recipe.ts";
import { recipeHash } from "../recipe-hash.ts";
import type { EpochRecord } from "../report/index.ts";
import { RunFolder } from "../run-folder.ts";
import { initialState, type Weights } from "../trainer.ts";
import { forgetSaid, type Hearing, scaledBy, taughtExamples } from "./examples.ts";

/** `clips` are what it learns from. Their labels are not looked at. */
export interface EncoderOptions extends Hearing {
  seed: number;
  epochs: number;
  workers: number;
  /** Holds the checkpoints: a call that finds them goes on. */
  folder: string;
  /** The file of the teacher's weights; `null`: nobody teaches. */
  teacher: string | null;
  onStep?(result: StepResult): void;
  onEpoch?(record: EpochRecord): void;
}

export interface Encoder {
  weights: Weights;
  history: EpochRecord[];
  leftOut: LeftOut[];
}

/** A network that is the same whatever classes its heads will have and whatever is done to it later: one encoder serves all. */
function withoutClasses(recipe: Recipe): Recipe {
  const { tuning: _, views: __, ...encoder } = recipe;
  return { ...encoder, emotions: EMOTIONS };
}

/** What a recipe comes to for an encoder: of one recipe always the same, and slow to work out. */
export function encoderHash(recipe: Recipe): string {
  return recipeHash(withoutClasses(recipe));
}

/**
 * Stands for everything that decides an encoder's weights, but for the teacher.
 * @param hash `encoderHash` of the recipe
 */
export function encoderKey(
  hash: string,
  { clips, seed, epochs, workers }: Pick<EncoderOptions, "clips" | "seed" | "epochs" | "workers">,
): string {
  const all = createHash("sha256");
  all.update(JSON.stringify([hash, seed, epochs, workers]));
  for (const { corpus, file } of clips) all.update(`${corpus}\0${file}\n`);
  return all.digest("hex").slice(0, 16);
}

/**
 * Trains the encoder, or goes on, or finds it done.
 * @throws the reason of `signal`; what is done by then is kept
 * @throws CorpusError where nothing can be heard
 */
export async function trainEncoder(options: EncoderOptions): Promise<Encoder> {
  const { clips, seed, epochs, workers, signal } = options;
  const recipe = withoutClasses(options.recipe);
  const network = recipe.architecture.network(recipe.emotions.length);
  if (options.teacher === null) return { weights: initialState(network, seed), history: [], leftOut: [] };
  const folder = new RunFolder(options.folder);
  const hash = recipeHash(recipe);
  const key = encoderKey(hash, options);
  const before = folder.open(
    {
      recipeHash: hash,
      ...{ recipe: recipe.architecture.name, seed, epochs, workers, protocol: "encoder", heldOut: "" },
      clips: { train: clips.length, validation: 0, test: 0 },
      fingerprint: key,
    },
    true,
  );
  const history = before?.history ?? [];
  if (before && before.state.epoch >= epochs) {
    forgetSaid(options);
    return { weights: folder.readBest().weights, history, leftOut: [] };
  }
  const listening = { ...options, teacher: options.teacher };
  const { examples, leftOut } = await taughtExamples(listening);
  const scaling = await scaledBy(listening);
  let weights: Weights | null = null;
  await trainingLoop({
    ...{ recipe, network, train: examples, validation: [], epochs, workers, seed, signal },
    lesson: teacherLesson(recipe, network, scaling),
    state: before?.state ?? null,
    onStep: (result) => options.onStep?.(result),
    onEpoch: ({ validation: _, ...result }, state, learnt) => {
      // Nothing is chosen: the last epoch, at the lowest rate, is the encoder.
      const record = { ...result, trainAccuracy: null, ...UNVALIDATED, best: true };
      history.push(record);
      weights = learnt;
      folder.saveBest({ epoch: record.epoch, weights, logits: new Float32Array(0) });
      folder.saveLast(state, history);
      options.onEpoch?.(record);
    },
  });
  forgetSaid(options);
  return { weights: weights!, history, leftOut };
}

/** Of a record whose epoch nothing was measured on. */
export const UNVALIDATED = { validationLoss: null, validationAccuracy: null, validationUar: null };
