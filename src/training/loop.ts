// The training loop: epochs of steps, validation after each. Knows no files.
import type { Network } from "../models/index.ts";
import { augment } from "./augment.ts";
import { drawBatches, drawEpoch, type Example } from "./batches.ts";
import type { Lesson } from "./lessons.ts";
import { Memory } from "./memory.ts";
import type { Predictions } from "./predict.ts";
import { Random } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { initialState, Trainer, type TrainingState, type Weights } from "./trainer.ts";

export interface EpochResult {
  /** From 1. */
  epoch: number;
  trainLoss: number;
  trainAccuracy: number;
  learningRate: number;
  gradientNorm: number;
  seconds: number;
  clipsPerSecond: number;
  /** What the network says of the validation examples now, in their order. */
  validation: Predictions;
}

export interface StepResult {
  /** From 1. */
  epoch: number;
  /** Steps of this epoch that are done, and all of them. */
  done: number;
  total: number;
  loss: number;
}

export interface LoopOptions {
  recipe: Recipe;
  network: Network;
  /** Default: the labels. */
  lesson?: Lesson;
  train: readonly Example[];
  validation: readonly Example[];
  epochs: number;
  workers: number;
  seed: number;
  /** Where to go on; null: from the beginning. */
  state: TrainingState | null;
  signal?: AbortSignal;
  onStep?(result: StepResult): void;
  /** Called when an epoch is done, with the state to keep and the weights to use. */
  onEpoch(result: EpochResult, state: TrainingState, weights: Weights): void;
}

/** The length to which every batch is padded, where clips are cut to one. */
export function cropFrames({ augmentation: { crop }, architecture }: Recipe): number | undefined {
  const { sampleRate, hopSamples } = architecture.frontEnd.options;
  return crop && LENGTH_STEP * Math.ceil((crop * sampleRate) / hopSamples / LENGTH_STEP);
}
/** What lengths are multiples of: a network that takes every eighth frame, twice over. */
const LENGTH_STEP = 16;

/**
 * Trains until `epochs` are done.
 * @throws the reason of `signal`, before the next step; what `onEpoch` was given last is what counts then
 */
export async function trainingLoop(options: LoopOptions): Promise<void> {
  const { recipe, network, lesson, train, validation, epochs, workers, seed, signal } = options;
  const { augmentation, architecture } = recipe;
  const { frontEnd } = architecture;
  // As many in every epoch, whoever is drawn.
  const clips = drawEpoch(train, recipe.epochClips, new Random(seed)).length;
  const stepsPerEpoch = Math.ceil(clips / recipe.batchSize);
  const trainer = new Trainer({
    ...{ recipe, network, lesson, workers, seed },
    totalSteps: stepsPerEpoch * epochs,
    frames: cropFrames(recipe),
    state: options.state ?? initialState(network, seed),
  });
  const { state } = trainer;
  const memory = new Memory();
  try {
    for (let epoch = state.epoch; epoch < epochs; epoch++) {
      const started = performance.now();
      await lesson?.begin?.(epoch, (examples) => trainer.predict(examples, "embedding"));
      const random = new Random(seed, `epoch ${epoch}`);
      const batches = drawBatches(
        drawEpoch(train, recipe.epochClips, random),
        recipe.batchSize,
        random,
        augmentation.crop !== undefined,
      );
      const sums = { loss: 0, right: 0, norm: 0, rate: 0 };
      const first = state.step;
      const prepare = (i: number) => {
        memory.reset();
        const random = new Random(seed, `augment ${first + i}`);
        return trainer.prepare(augment(batches[i]!, augmentation, frontEnd, random, memory));
      };
      let prepared = prepare(0);
      for (const [done, batch] of batches.entries()) {
        signal?.throwIfAborted();
        const learning = trainer.step(prepared);
        // What it throws is thrown below, also where preparing throws before.
        learning.catch(() => {});
        // While the workers are at work.
        if (done + 1 < batches.length) prepared = prepare(done + 1);
        const { loss, right, norm, learningRate } = await learning;
        sums.loss += loss * batch.length;
        sums.right += right;
        sums.norm += norm;
        sums.rate = learningRate;
        options.onStep?.({ epoch: epoch + 1, done: done + 1, total: batches.length, loss });
      }
      const seconds = (performance.now() - started) / 1000;
      state.epoch = epoch + 1;
      const result: EpochResult = {
        epoch: epoch + 1,
        trainLoss: sums.loss / clips,
        trainAccuracy: sums.right / clips,
        learningRate: sums.rate,
        gradientNorm: sums.norm / batches.length,
        seconds,
        clipsPerSecond: clips / seconds,
        validation: await trainer.predict(validation),
      };
      options.onEpoch(result, state, trainer.weights());
    }
  } finally {
    await trainer.close();
  }
}
