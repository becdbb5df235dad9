// The training loop: epochs of steps over a team of workers, validation, the best weights kept. Knows no files.
import { featureWidth, type Network } from "../models/index.ts";
import {
  crossEntropy,
  decayMask,
  evaluationModel,
  initialBuffers,
  initialParameters,
  learningRate,
  trainingModel,
  updateModel,
} from "../nn/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime, type Program } from "../runtime/index.node.ts";
import { normalize, utteranceStatistics } from "../speech/features/index.ts";
import { deal, drawBatches, type Example, padBatch, paddedFrames, targetsOf } from "./batches.ts";
import { type Predictions, predict } from "./predict.ts";
import { Random } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { Team, type WorkerProgram } from "./workers.ts";

/** Everything that a run needs to go on where it stopped. */
export interface TrainingState {
  /** Epochs that are done. */
  epoch: number;
  step: number;
  parameters: Float32Array;
  buffers: Float32Array;
  first: Float32Array;
  second: Float32Array;
  average: Float32Array;
}

export interface EpochResult {
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
  epoch: number;
  done: number;
  total: number;
  loss: number;
}

export interface LoopOptions {
  recipe: Recipe;
  network: Network;
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

/** What the network is used with: the moving average of the parameters where the recipe keeps one. */
export interface Weights {
  parameters: Float32Array;
  buffers: Float32Array;
}

/** The first state of a run: a seed gives the same weights on every machine. */
export function initialState(network: Network, seed: number): TrainingState {
  const random = new Random(seed, "weights");
  const parameters = initialParameters(network, () => random.next());
  return {
    epoch: 0,
    step: 0,
    parameters,
    buffers: initialBuffers(network),
    first: new Float32Array(parameters.length),
    second: new Float32Array(parameters.length),
    average: parameters.slice(),
  };
}

/** Forward and backward graph of one worker's part of a batch, `[batch, frames, F]`. */
export function stepModel(recipe: Recipe, network: Network, batch: number, frames: number) {
  const width = featureWidth(recipe.architecture.frontEnd);
  return trainingModel(network, (context) => {
    const { graph } = context;
    const features = graph.input("features", [batch, frames, width]);
    const mask = graph.input("mask", [batch, frames, 1]);
    const targets = graph.input("targets", [batch, recipe.emotions.length]);
    const weights = graph.input("weights", [batch]);
    const total = graph.input("total", []);
    const normal = normalize(features, utteranceStatistics(features, mask), mask, null);
    const { logits } = network.forward(context, normal, mask);
    const { labelSmoothing } = recipe;
    return { loss: crossEntropy(logits, targets, weights, { labelSmoothing, total }), outputs: { logits } };
  });
}

function stepProgram(recipe: Recipe, network: Network, batch: number, frames: number): WorkerProgram {
  return {
    key: `step ${batch} x ${frames}`,
    build: () => {
      const { model, noise } = stepModel(recipe, network, batch, frames);
      return { model: writeModel(model), noise };
    },
  };
}

function validationProgram(recipe: Recipe, network: Network): WorkerProgram {
  const width = featureWidth(recipe.architecture.frontEnd);
  const build = () => {
    const model = evaluationModel(network, (context) => {
      const features = context.graph.input("features", ["batch", "frames", width]);
      const mask = context.graph.input("mask", ["batch", "frames", 1]);
      const normal = normalize(features, utteranceStatistics(features, mask), mask, null);
      return { logits: network.forward(context, normal, mask).logits };
    });
    return { model: writeModel(model), noise: [] };
  };
  return { key: "validation", build };
}

/** Trains until `epochs` are done or `signal` says stop; then the state of the last whole epoch is what counts. */
export async function trainingLoop(options: LoopOptions): Promise<void> {
  const { recipe, network, train, validation, epochs, workers, seed, signal } = options;
  const state = options.state ?? initialState(network, seed);
  const sizes = { parameters: state.parameters.length, buffers: state.buffers.length };
  const team = new Team(workers, sizes, seed);
  team.parameters.set(state.parameters);
  team.buffers.set(state.buffers);
  const update = await nodeRuntime.load(writeModel(updateModel(sizes.parameters, workers, recipe.optimizer)));
  const decay = decayMask(network);
  const stepsPerEpoch = Math.ceil(train.length / recipe.batchSize);
  const judge = validationProgram(recipe, network);
  try {
    for (let epoch = state.epoch; epoch < epochs; epoch++) {
      const started = performance.now();
      const batches = drawBatches(train, recipe.batchSize, new Random(seed, `epoch ${epoch}`));
      const sums = { loss: 0, right: 0, norm: 0 };
      let rate = 0;
      for (const [done, batch] of batches.entries()) {
        signal?.throwIfAborted();
        const { loss, right } = await gradientStep(team, options, batch, state.step);
        rate = learningRate(recipe.schedule, state.step, stepsPerEpoch * epochs);
        sums.norm += await applyUpdate(update, team, state, decay, rate);
        state.step++;
        sums.loss += loss * batch.length;
        sums.right += right;
        options.onStep?.({ epoch, done: done + 1, total: batches.length, loss });
      }
      const seconds = (performance.now() - started) / 1000;
      state.epoch = epoch + 1;
      const weights = useWeights(team, state, recipe);
      const predictions = await predict(team, judge, validation, featureWidth(recipe.architecture.frontEnd));
      team.parameters.set(state.parameters);
      options.onEpoch(
        {
          epoch: epoch + 1,
          trainLoss: sums.loss / train.length,
          trainAccuracy: sums.right / train.length,
          learningRate: rate,
          gradientNorm: sums.norm / batches.length,
          seconds,
          clipsPerSecond: train.length / seconds,
          validation: predictions,
        },
        state,
        weights,
      );
    }
  } finally {
    await team.close();
    await update.dispose();
  }
}

function useWeights(team: Team, state: TrainingState, recipe: Recipe): Weights {
  const parameters = recipe.optimizer.averageDecay ? state.average : state.parameters;
  team.parameters.set(parameters);
  return { parameters: parameters.slice(), buffers: state.buffers.slice() };
}

/** Gradients of one batch, each worker its part, into the team's memory. */
async function gradientStep(
  team: Team,
  { recipe, network }: LoopOptions,
  batch: readonly Example[],
  step: number,
): Promise<{ loss: number; right: number }> {
  const classes = recipe.emotions.length;
  const width = featureWidth(recipe.architecture.frontEnd);
  const frames = paddedFrames(batch);
  const total = batch.reduce((sum, { weight }) => sum + weight, 0);
  const parts = deal(batch, team.size);
  // A worker without a part adds nothing.
  team.gradients.fill(0, parts.length * team.parameters.length);
  const results = await Promise.all(
    parts.map((part, worker) => {
      const program = stepProgram(recipe, network, part.length, frames);
      const inputs = { ...padBatch(part, frames, width), ...targetsOf(part, classes, total) };
      return team.run(worker, program, inputs, `step ${step} worker ${worker}`);
    }),
  );
  averageBuffers(team, parts);
  let loss = 0;
  let right = 0;
  results.forEach((result, i) => {
    loss += (result.loss.data as Float32Array)[0];
    const logits = result.logits.data as Float32Array;
    parts[i].forEach(({ target }, row) => {
      const scores = logits.subarray(row * classes, (row + 1) * classes);
      if (scores.indexOf(Math.max(...scores)) === target) right++;
    });
  });
  if (!Number.isFinite(loss)) {
    throw new Error(
      `the loss of step ${step + 1} is ${loss}; lower the learning rate, or look at the data for broken files`,
    );
  }
  return { loss, right };
}

/** Running statistics: the mean of what the workers saw, each counted by its examples. */
function averageBuffers(team: Team, parts: readonly (readonly Example[])[]): void {
  const size = team.buffers.length;
  if (!size) return;
  const all = parts.reduce((sum, part) => sum + part.length, 0);
  for (let i = 0; i < size; i++) {
    team.buffers[i] = parts.reduce(
      (sum, part, w) => sum + (part.length / all) * team.newBuffers[w * size + i],
      0,
    );
  }
}

/** One step of the optimiser; gives the norm of the gradient. */
async function applyUpdate(
  program: Program,
  team: Team,
  state: TrainingState,
  decay: Float32Array,
  rate: number,
): Promise<number> {
  const size = state.parameters.length;
  const vector = (data: Float32Array) => ({ shape: [size], data });
  const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
  const out = await program.run({
    parameters: vector(state.parameters),
    gradients: { shape: [team.size, size], data: team.gradients },
    first: vector(state.first),
    second: vector(state.second),
    average: vector(state.average),
    decay: vector(decay),
    learning_rate: scalar(rate),
    step: scalar(state.step + 1),
  });
  state.parameters = out.new_parameters.data as Float32Array;
  state.first = out.new_first.data as Float32Array;
  state.second = out.new_second.data as Float32Array;
  state.average = out.new_average.data as Float32Array;
  state.buffers = team.buffers.slice();
  team.parameters.set(state.parameters);
  return (out.norm.data as Float32Array)[0];
}
