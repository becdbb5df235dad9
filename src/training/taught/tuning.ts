// Tuning: an encoder that a teacher taught goes on with the labels of a run. Knows run folders and clips, no graphs.
import { createHash } from "node:crypto";
import { initialBuffers } from "../../nn/index.ts";
import type { Clip } from "../corpora/index.ts";
import { fingerprintOf } from "../fingerprint.ts";
import { trainingLoop } from "../loop.ts";
import type { Recipe, Tuning } from "../recipe.ts";
import { recipeHash } from "../recipe-hash.ts";
import type { EpochRecord } from "../report/index.ts";
import { RunFolder } from "../run-folder.ts";
import type { TrainingState, Weights } from "../trainer.ts";
import type { HeardClip } from "./embeddings.ts";
import { type Encoder, type EncoderOptions, UNVALIDATED } from "./encoder.ts";
import { examplesOf, forgetSaid, scaledBy, taughtExamples } from "./examples.ts";
import { balance } from "./regression.ts";
import { Tuner, tuningLesson, untuned } from "./tuning-lesson.ts";

export interface TuneOptions extends EncoderOptions {
  tuning: Tuning;
  encoder: Weights;
  /** What the encoder learnt from: by them the teacher's numbers were brought to one scale. */
  scaledBy: readonly Clip[];
  /** What it hears in the clips. */
  heard: readonly HeardClip[];
}

/**
 * Tunes an encoder, or goes on, or finds it done.
 * @throws the reason of `signal`; what is done by then is kept
 */
export async function tuneEncoder(options: TuneOptions): Promise<Encoder> {
  const { tuning, encoder, clips, seed, workers, signal } = options;
  const recipe: Recipe = { ...options.recipe, ...ofTuning(tuning) };
  const folder = new RunFolder(options.folder);
  const before = folder.open(
    {
      recipeHash: recipeHash(recipe),
      ...{ recipe: recipe.name, seed, epochs: tuning.epochs, workers, protocol: "tuning", heldOut: "" },
      clips: { train: clips.length, validation: 0, test: 0 },
      fingerprint: createHash("sha256").update(encoder.parameters).update(fingerprintOf(clips)).digest("hex"),
    },
    true,
  );
  const history: EpochRecord[] = before?.history ?? [];
  if (before && before.state.epoch >= tuning.epochs) {
    forgetSaid(options);
    return { weights: folder.readBest().weights, history, leftOut: [] };
  }
  const { teacher } = options;
  const { examples, utterances, leftOut } =
    teacher === null
      ? await examplesOf({ ...options, recipe })
      : await taughtExamples({ ...options, recipe, teacher });
  const scaling =
    teacher === null ? null : await scaledBy({ ...options, recipe, teacher, clips: options.scaledBy });
  const heard = new Map(options.heard.map(({ clip, clean }) => [clip.path, clean]));
  const tuned = examples.map((example, i) => {
    const { path, speaker, corpus } = utterances[i]!.clip;
    return { example, embedded: { embedding: heard.get(path)!, speaker, corpus, target: example.target } };
  });
  const network = recipe.architecture.network(recipe.emotions.length);
  const width = tuned[0]!.embedded.embedding.length;
  const module = new Tuner(network, width, recipe.emotions.length);
  const counts = balance(tuned.map(({ embedded }) => embedded));
  let weights = encoder;
  await trainingLoop({
    ...{ recipe, network, validation: [], epochs: tuning.epochs, workers, seed, signal },
    train: tuned.map(({ example }, i) => ({ ...example, weight: counts[i]! })),
    lesson: tuningLesson(recipe, tuning, module, tuned, seed, scaling),
    state: before?.state ?? begun(await untuned(encoder.parameters, tuned, recipe), initialBuffers(network)),
    onStep: (result) => options.onStep?.(result),
    onEpoch: ({ validation: _, ...result }, state, learnt) => {
      const record = { ...result, ...UNVALIDATED, best: true };
      history.push(record);
      // The heads that learnt with it are left behind: what the tuned encoder says is fitted anew.
      weights = { ...learnt, parameters: learnt.parameters.slice(0, encoder.parameters.length) };
      folder.saveBest({ epoch: record.epoch, weights, logits: new Float32Array(0) });
      folder.saveLast(state, history);
      options.onEpoch?.(record);
    },
  });
  forgetSaid(options);
  return { weights, history, leftOut };
}

/** What a recipe becomes while it tunes. */
function ofTuning({ batchSize, schedule, augmentation }: Tuning): Partial<Recipe> {
  return { batchSize, schedule, augmentation, epochClips: undefined };
}

function begun(parameters: Float32Array, buffers: Float32Array): TrainingState {
  const zeros = () => new Float32Array(parameters.length);
  return {
    ...{ epoch: 0, step: 0, parameters, buffers, average: parameters.slice() },
    ...{ first: zeros(), second: zeros() },
  };
}
