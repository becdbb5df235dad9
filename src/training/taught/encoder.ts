// The encoder: what a teacher teaches a network, before any label is shown. Knows run folders, no labels and no heads.
import { createHash } from "node:crypto";
import { featureWidth } from "../../models/index.ts";
import { EMOTIONS } from "../../speech/index.ts";
import { augment } from "../augment.ts";
import { type Example, padBatch, paddedFrames, toExamples } from "../batches.ts";
import { type Clip, CorpusError } from "../corpora/index.ts";
import { type LeftOut, loadDataset, type Utterance } from "../dataset.ts";
import { type Taught, teacherLesson } from "../lessons.ts";
import { cropFrames, type StepResult, trainingLoop } from "../loop.ts";
import { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { recipeHash } from "../recipe-hash.ts";
import type { EpochRecord } from "../report/index.ts";
import { RunFolder } from "../run-folder.ts";
import { loadTeacher, requireHeard, scalingOf } from "../teachers/index.ts";
import type { Weights } from "../trainer.ts";

export interface EncoderOptions {
  recipe: Recipe;
  /** What it learns from. Their labels are not looked at. */
  clips: readonly Clip[];
  seed: number;
  epochs: number;
  workers: number;
  /** Holds the checkpoints: a call that finds them goes on. */
  folder: string;
  /** The file of the teacher's weights. */
  teacher: string;
  /** Keeps features. */
  cache?: string;
  signal?: AbortSignal;
  onDecode?(done: number, total: number): void;
  onStep?(result: StepResult, clips: number): void;
  onEpoch?(record: EpochRecord): void;
}

export interface Encoder {
  weights: Weights;
  history: EpochRecord[];
  leftOut: LeftOut[];
}

/** A network that is the same whatever classes its heads will have and whatever is done to it later: one encoder serves all. */
function withoutClasses(recipe: Recipe): Recipe {
  const { tuning: _, ...encoder } = recipe;
  return { ...encoder, emotions: EMOTIONS };
}

/** Stands for everything that decides an encoder's weights, but for the teacher. */
export function encoderKey({
  recipe,
  clips,
  seed,
  epochs,
  workers,
}: Pick<EncoderOptions, "recipe" | "clips" | "seed" | "epochs" | "workers">): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([recipeHash(withoutClasses(recipe)), seed, epochs, workers]));
  for (const { corpus, file } of clips) hash.update(`${corpus}\0${file}\n`);
  return hash.digest("hex").slice(0, 16);
}

/**
 * Trains the encoder, or goes on, or finds it done.
 * @throws the reason of `signal`; what is done by then is kept
 * @throws CorpusError where nothing can be heard
 */
export async function trainEncoder(options: EncoderOptions): Promise<Encoder> {
  const { clips, seed, epochs, workers, signal } = options;
  const recipe = withoutClasses(options.recipe);
  const folder = new RunFolder(options.folder);
  const key = encoderKey(options);
  const before = folder.open(
    {
      recipeHash: recipeHash(recipe),
      ...{ recipe: recipe.architecture.name, seed, epochs, workers, protocol: "encoder", heldOut: "" },
      clips: { train: clips.length, validation: 0, test: 0 },
      fingerprint: key,
    },
    true,
  );
  const history = before?.history ?? [];
  if (before && before.state.epoch >= epochs) {
    return { weights: folder.readBest().weights, history, leftOut: [] };
  }
  const { examples, leftOut, taught } = await taughtExamples(options, clips);
  const network = recipe.architecture.network(recipe.emotions.length);
  let weights: Weights | null = null;
  await trainingLoop({
    ...{ recipe, network, train: examples, validation: [], epochs, workers, seed, signal },
    lesson: teacherLesson(recipe, network, taught),
    state: before?.state ?? null,
    onStep: (result) => options.onStep?.(result, examples.length),
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
  return { weights: weights!, history, leftOut };
}

/** Of a record whose epoch nothing was measured on. */
export const UNVALIDATED = { validationLoss: null, validationAccuracy: null, validationUar: null };

/** Clips by which the teacher's numbers are brought to one scale: their statistics hardly change with more. */
const SCALED_BY = 480;
/** Of them, so many are heard at once. */
const AT_ONCE = 24;

/** @param scaledBy clips by which the teacher's numbers are brought to one scale */
export async function taughtExamples(
  options: EncoderOptions,
  scaledBy: readonly Clip[],
): Promise<{ examples: Example[]; utterances: Utterance[]; leftOut: LeftOut[]; taught: Taught }> {
  const { recipe, clips, signal } = options;
  const { frontEnd } = recipe.architecture;
  requireHeard(frontEnd.options);
  const teacher = loadTeacher(options.teacher);
  const load = (part: readonly Clip[], asItIs: boolean, onProgress?: (done: number) => void) =>
    loadDataset(part, {
      ...{ frontEnd, speeds: recipe.augmentation.speeds, cache: options.cache ?? null },
      ...{ asItIs, signal, onProgress },
    });
  const { utterances, leftOut } = await load(clips, false, (done) => options.onDecode?.(done, clips.length));
  if (utterances.length === 0) {
    throw new CorpusError(
      `none of the ${clips.length} clips to learn from can be heard, such as ${leftOut[0]?.clip.file}: ${leftOut[0]?.reason}`,
    );
  }
  const every = Math.ceil(scaledBy.length / SCALED_BY);
  const some = await load(
    scaledBy.filter((_, i) => i % every === 0),
    true,
  );
  const { crop } = recipe.augmentation;
  const random = new Random(0, "scaled by");
  const stretches = augment(
    toExamples(some.utterances, recipe.emotions),
    { speeds: [1], crop },
    frontEnd,
    random,
  );
  const frames = cropFrames(recipe) ?? paddedFrames(stretches);
  const batches = Array.from({ length: Math.ceil(stretches.length / AT_ONCE) }, (_, i) =>
    // All of one shape: the last ones are heard twice, which changes little.
    padBatch(stretches.slice(-AT_ONCE * (i + 1)).slice(0, AT_ONCE), frames, featureWidth(frontEnd)),
  );
  const scaling = await scalingOf(teacher, batches);
  return {
    examples: toExamples(utterances, recipe.emotions),
    utterances,
    leftOut,
    taught: { teacher, scaling },
  };
}
