// One training step after another: gradients from a team of workers, one update. Knows batches, no epochs and no files.
import { featureWidth, type Network } from "../models/index.ts";
import {
  decayMask,
  initialBuffers,
  initialParameters,
  learningRate,
  sumModel,
  updateModel,
} from "../nn/index.ts";
import { type OnnxModel, writeModel } from "../onnx/index.ts";
import type { Tensor } from "../runtime/index.node.ts";
import { deal, type Example, padBatch, paddedFrames } from "./batches.ts";
import { type Lesson, labelLesson } from "./lessons.ts";
import { Memory } from "./memory.ts";
import { type Predictions, predict } from "./predict.ts";
import { judgeProgram, stepProgram } from "./programs.ts";
import { Random } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { shared, Team, type WorkerProgram } from "./workers.ts";

/** Everything that a run needs to go on where it stopped. */
export interface TrainingState {
  /** Epochs that are done. */
  epoch: number;
  step: number;
  parameters: Float32Array;
  buffers: Float32Array;
  first: Float32Array;
  second: Float32Array;
  /** Moving average of the parameters; where the recipe keeps none, the parameters themselves. */
  average: Float32Array;
}

/** What the network is used with: the moving average of the parameters. */
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

export interface StepOutcome {
  /** Weighted mean over the batch. */
  loss: number;
  /** Examples whose likeliest class is their own. */
  right: number;
  /** Global norm of the gradient before clipping. */
  norm: number;
  learningRate: number;
}

export interface TrainerOptions {
  recipe: Recipe;
  network: Network;
  /** Default: the labels. */
  lesson?: Lesson;
  workers: number;
  seed: number;
  /** Steps of the whole run: the learning rate's schedule ends with them. */
  totalSteps: number;
  state: TrainingState;
  /** The length to which every batch is padded; not given: its longest example decides. */
  frames?: number;
}

/** A batch as the workers take it. */
export interface Dealt {
  /** Each worker's examples, and what it is fed with. */
  parts: readonly { examples: readonly Example[]; inputs: Record<string, Tensor> }[];
  /** Frames to which all are padded. */
  frames: number;
}

export class Trainer {
  /** Its own, and written in place: what is to be kept is to be copied. The workers read the parameters where they lie. */
  readonly state: TrainingState;
  private readonly options: TrainerOptions;
  private readonly lesson: Lesson;
  private readonly team: Team;
  private readonly sum: WorkerProgram;
  private readonly update: WorkerProgram;
  private readonly decay: Float32Array;
  private readonly judge: WorkerProgram;
  private readonly width: number;
  /** Of the batch that the workers have, and of the one that is prepared. */
  private readonly memories = [new Memory(true), new Memory(true)];

  constructor(options: TrainerOptions) {
    const { recipe, network, workers, seed, state } = options;
    this.options = options;
    this.lesson = options.lesson ?? labelLesson(recipe, network);
    const { module = network } = this.lesson;
    const sizes = { parameters: state.parameters.length, buffers: state.buffers.length };
    this.team = new Team(workers, sizes, seed);
    this.team.parameters.set(state.parameters);
    this.team.buffers.set(state.buffers);
    const { parameters } = this.team;
    const average = recipe.optimizer.averageDecay ? shared(state.average) : parameters;
    this.state = { ...state, parameters, first: shared(state.first), second: shared(state.second), average };
    this.sum = optimizerProgram("sum", () => sumModel(workers));
    this.update = optimizerProgram("update", () => updateModel(recipe.optimizer));
    this.decay = shared(decayMask(module));
    this.judge = judgeProgram(recipe, network, module);
    this.width = featureWidth(recipe.architecture.frontEnd);
  }

  /**
   * Shares a batch out among the workers. The next one can be prepared while they are at work on this one; the one after
   * that is written over this one.
   */
  prepare(batch: readonly Example[]): Dealt {
    const memory = this.memories[0]!;
    this.memories.reverse();
    memory.reset();
    const { frames = paddedFrames(batch) } = this.options;
    const total = batch.reduce((sum, { weight }) => sum + weight, 0);
    const parts = deal(batch, this.team.size).map((examples) => ({
      examples,
      inputs: {
        ...padBatch(examples, frames, this.width, memory),
        ...this.lesson.inputs(examples, total, memory),
      },
    }));
    return { parts, frames };
  }

  /**
   * Learns from one batch. The workers are at work as soon as this returns its promise.
   * @throws Error if the loss is no longer a number
   */
  async step(batch: Dealt): Promise<StepOutcome> {
    const { recipe, totalSteps } = this.options;
    const { loss, right } = await this.gradients(batch);
    const rate = learningRate(recipe.schedule, this.state.step, totalSteps);
    const norm = await this.apply(rate);
    if (!Number.isFinite(norm)) {
      throw new Error(
        `the gradient of step ${this.state.step + 1} is ${norm}; lower the learning rate, or look at the data for broken files`,
      );
    }
    this.state.step++;
    return { loss, right, norm, learningRate: rate };
  }

  /** Logits of examples, or their embeddings, under the weights to use. */
  async predict(examples: readonly Example[], output?: "logits" | "embedding"): Promise<Predictions> {
    const { parameters } = this.state;
    const learnt = parameters.slice();
    parameters.set(this.weights().parameters);
    try {
      return await predict(this.team, this.judge, examples, this.width, output);
    } finally {
      parameters.set(learnt);
    }
  }

  weights(): Weights {
    const { average, buffers } = this.state;
    return { parameters: average.slice(), buffers: buffers.slice() };
  }

  async close(): Promise<void> {
    await this.team.close();
  }

  /** Gradients of one batch, each worker its part, into the team's memory. */
  private async gradients({ parts, frames }: Dealt): Promise<{ loss: number; right: number }> {
    const { team, lesson } = this;
    const { recipe } = this.options;
    const { step } = this.state;
    // A worker without a part adds nothing.
    team.gradients.fill(0, parts.length * team.parameters.length);
    const results = await Promise.all(
      parts.map(({ examples, inputs }, worker) => {
        const program = stepProgram(lesson, examples.length, frames);
        return team.run(worker, program, inputs, { noiseStream: `step ${step} worker ${worker}` });
      }),
    );
    averageBuffers(
      team,
      parts.map(({ examples }) => examples),
    );
    const loss = results.reduce((sum, result) => sum + (result.loss.data as Float32Array)[0], 0);
    if (!Number.isFinite(loss)) {
      throw new Error(
        `the loss of step ${step + 1} is ${loss}; lower the learning rate, or look at the data for broken files`,
      );
    }
    const right = results.reduce(
      (sum, { logits }, i) =>
        sum + countRight(parts[i]!.examples, logits.data as Float32Array, recipe.emotions.length),
      0,
    );
    return { loss, right };
  }

  /** One step of the optimiser; gives the norm of the gradient. */
  private async apply(rate: number): Promise<number> {
    const { state, team } = this;
    const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
    const rows = Array.from({ length: team.size }, (_, worker) => worker * state.parameters.length);
    const squares = await this.overStretches(async (worker, from, to) => {
      const each = rows.map((row) => vector(team.gradients.subarray(row + from, row + to)));
      const inputs = Object.fromEntries(each.map((gradient, i) => [`gradient_${i}`, gradient]));
      const { square } = await team.run(worker, this.sum, inputs, { into: { gradient: each[0]! } });
      return (square!.data as Float32Array)[0]!;
    });
    const square = squares.reduce((sum, one) => sum + one, 0);
    const common = { learning_rate: scalar(rate), step: scalar(state.step + 1), square: scalar(square) };
    await this.overStretches(async (worker, from, to) => {
      const part = (data: Float32Array) => vector(data.subarray(from, to));
      const [parameters, first, second, average] = [
        part(state.parameters),
        part(state.first),
        part(state.second),
        part(state.average),
      ];
      const gradient = part(team.gradients);
      const inputs = { parameters, gradient, first, second, average, decay: part(this.decay), ...common };
      // In place: every vector's new value is the last that is computed from its old one.
      const into = { new_parameters: parameters, new_first: first, new_second: second, new_average: average };
      await team.run(worker, this.update, inputs, { into });
    });
    state.buffers = team.buffers.slice();
    return Math.sqrt(square);
  }

  /** Does `work` on every stretch of the parameters, all workers at once; the answers in the stretches' order. */
  private async overStretches<T>(
    work: (worker: number, from: number, to: number) => Promise<T>,
  ): Promise<T[]> {
    const { size, parameters } = this.team;
    const all = parameters.length;
    const rounds = Math.ceil(all / STRETCH / size);
    const length = Math.ceil(all / (rounds * size));
    const answers: T[] = [];
    for (let round = 0; round < rounds; round++) {
      const starts = Array.from({ length: size }, (_, worker) => (round * size + worker) * length);
      const within = starts.filter((from) => from < all);
      const found = within.map((from, worker) => work(worker, from, Math.min(from + length, all)));
      answers.push(...(await Promise.all(found)));
    }
    return answers;
  }
}

/** Parameters that one worker updates at once: what is done to them fits the cache, and is far more than what a run costs. */
const STRETCH = 131_072;

function optimizerProgram(key: string, model: () => OnnxModel): WorkerProgram {
  return { key, build: () => ({ model: writeModel(model()), noise: [] }) };
}

function vector(data: Float32Array): Tensor {
  return { shape: [data.length], data };
}

function countRight(part: readonly Example[], logits: Float32Array, classes: number): number {
  return part.filter(({ target }, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores)) === target;
  }).length;
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
