// Padding changes nothing: a clip alone and the same clip padded, among longer ones, give the same logits and
// the same gradients. For small networks of every layer that knows a mask, and for the networks of the recipes.
import { describe, expect, test } from "vitest";
import { ops, sizeOf, type Value } from "../src/graph/index.ts";
import { tessCnn, tessLstm } from "../src/models/index.ts";
import * as nn from "../src/nn/index.ts";
import { Random } from "../src/training/index.ts";
import { runModel } from "./support/evaluate.ts";
import { largest, largestDifference } from "./support/golden.ts";
import { type Numbers, normal } from "./support/numbers.ts";

const CLASSES = 3;

/** Features `[B, T, F]` and mask `[B, T, 1]` to logits `[B, K]`. */
abstract class Classifier extends nn.Module {
  abstract logits(context: nn.Context, features: Value, mask: Value | null): Value;
}

class ConvolutionalBiLstm extends Classifier {
  readonly conv = new nn.Conv(5, 8, [3]);
  readonly norm = new nn.LayerNorm(8);
  readonly lstm = new nn.Lstm(8, 6, { bidirectional: true });
  readonly pooling = new nn.AttentivePooling(12, 7);
  readonly output = new nn.Linear(24, CLASSES);

  logits(context: nn.Context, features: Value, mask: Value | null): Value {
    const x = this.conv.forward(context, ops.transpose(features, [0, 2, 1])); // [B, C, T]
    const sequence = this.norm.forward(context, ops.relu(ops.transpose(x, [2, 0, 1])));
    const frames = mask && ops.transpose(mask, [1, 0, 2]);
    const states = this.lstm.forward(context, sequence, frames);
    return this.output.forward(context, this.pooling.forward(context, states, frames).vector);
  }
}

class LstmWithBatchNorm extends Classifier {
  readonly lstm = new nn.Lstm(5, 8);
  readonly norm = new nn.BatchNorm(8);
  readonly output = new nn.Linear(8, CLASSES);

  logits(context: nn.Context, features: Value, mask: Value | null): Value {
    const states = this.lstm.forward(context, ops.transpose(features, [1, 0, 2])); // [T, B, H]
    const channels = ops.transpose(states, [1, 2, 0]);
    const x = this.norm.forward(context, channels, mask && ops.transpose(mask, [0, 2, 1]));
    const frames = mask && ops.transpose(mask, [1, 0, 2]);
    return this.output.forward(context, nn.meanOverTime(ops.transpose(x, [2, 0, 1]), frames));
  }
}

class Recipe extends Classifier {
  readonly network: ReturnType<typeof tessLstm.network>;
  constructor(architecture: typeof tessLstm) {
    super();
    this.network = architecture.network(CLASSES);
  }
  logits(context: nn.Context, features: Value, mask: Value | null): Value {
    return this.network.forward(context, features, mask, null).logits;
  }
}

interface Clips {
  width: number;
  /** Frames of each clip. */
  lengths: number[];
  /** Frames that the batch has room for. */
  frames: number;
}

/** `[B, T, F]`: clip i holds the same numbers in every batch; behind its end stands 0, as `normalize` leaves it. */
function features({ width, lengths, frames }: Clips): Numbers {
  const clips = lengths.map((length, i) => {
    const { data } = normal([length, width], 100 + i);
    return [...data, ...Array<number>((frames - length) * width).fill(0)];
  });
  return { shape: [lengths.length, frames, width], data: clips.flat() };
}

function mask({ lengths, frames }: Clips): Numbers {
  const data = lengths.flatMap((length) => Array.from({ length: frames }, (_, t) => (t < length ? 1 : 0)));
  return { shape: [lengths.length, frames, 1], data };
}

/** Weights that are not what a network starts from: biases and running statistics too. */
function weights(network: nn.Module) {
  const random = new Random(9);
  const near = (value: number) => value + 0.02 * random.normal();
  return {
    parameters: nn.initialParameters(network, () => random.next()).map(near),
    buffers: nn.initialBuffers(network).map((value) => value + 0.2 * random.next()),
  };
}

const vector = (data: Float32Array): Numbers => ({ shape: [data.length], data });

async function logitsOf(network: Classifier, clips: Clips, masked = true): Promise<Float32Array> {
  const model = nn.evaluationModel(network, (context) => {
    const x = context.graph.input("x", features(clips).shape as number[]);
    const m = masked ? context.graph.input("mask", mask(clips).shape as number[]) : null;
    return { logits: network.logits(context, x, m) };
  });
  const { parameters, buffers } = weights(network);
  const given = {
    x: features(clips),
    mask: mask(clips),
    parameters: vector(parameters),
    buffers: vector(buffers),
  };
  return (await runModel(model, given)).logits!.data as Float32Array;
}

/** The loss, gradients and new buffers of a step in which `weight` says how much each clip counts. */
async function stepOf(network: Classifier, clips: Clips, weight: number[]) {
  const { model, noise } = nn.trainingModel(network, (context) => {
    const x = context.graph.input("x", features(clips).shape as number[]);
    const m = context.graph.input("mask", mask(clips).shape as number[]);
    const targets = context.graph.input("targets", [weight.length, CLASSES]);
    const w = context.graph.input("weights", [weight.length]);
    // Smoothed, so that a clip that is classified well still has a gradient.
    const loss = nn.crossEntropy(network.logits(context, x, m), targets, w, { labelSmoothing: 0.3 });
    return { loss };
  });
  const { parameters, buffers } = weights(network);
  // Each clip's own class; noise just below 1: dropout keeps everything.
  const targets = weight.flatMap((_, i) =>
    Array.from({ length: CLASSES }, (_, k) => (k === i % CLASSES ? 1 : 0)),
  );
  const silent = noise.map(({ name, shape }) => [name, { shape, data: Array(sizeOf(shape)).fill(0.999) }]);
  const out = await runModel(model, {
    x: features(clips),
    mask: mask(clips),
    targets: { shape: [weight.length, CLASSES], data: targets },
    weights: { shape: [weight.length], data: weight },
    parameters: vector(parameters),
    buffers: vector(buffers),
    ...Object.fromEntries(silent),
  });
  return {
    loss: out.loss!.data[0] as number,
    gradients: out.gradients!.data as Float32Array,
    buffers: (out.new_buffers?.data ?? new Float32Array(0)) as Float32Array,
  };
}

type StepResult = Awaited<ReturnType<typeof stepOf>>;

function expectSameStep(actual: StepResult, expected: StepResult): void {
  expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-5);
  expect(largest(expected.gradients)).toBeGreaterThan(1e-3);
  expect(largestDifference(actual.gradients, expected.gradients) / largest(expected.gradients)).toBeLessThan(
    1e-4,
  );
  expect(largestDifference(actual.buffers, expected.buffers)).toBeLessThan(1e-5);
}

const NETWORKS: [string, () => Classifier, number, number[]][] = [
  ["convolution, bidirectional LSTM, attention", () => new ConvolutionalBiLstm(), 5, [9, 14, 4]],
  ["LSTM, masked batch normalisation, mean", () => new LstmWithBatchNorm(), 5, [9, 14, 4]],
  ["the recipe tess-lstm", () => new Recipe(tessLstm), 40, [37, 52, 21]],
  ["the recipe tess-cnn, even length", () => new Recipe(tessCnn), 64, [32, 64, 48]],
  ["the recipe tess-cnn, odd length", () => new Recipe(tessCnn), 64, [37, 64, 49]],
];

describe.each(NETWORKS)("%s", (_, create, width, lengths) => {
  const network = create();
  const [length] = lengths as [number];
  const alone: Clips = { width, lengths: [length], frames: length };
  const together: Clips = { width, lengths, frames: Math.max(...lengths) };
  const mixes = nn.bufferPlaces(network).length > 0;

  test("a clip alone and among longer ones: the same logits", async () => {
    const expected = await logitsOf(network, alone, false);
    const among = (await logitsOf(network, together)).slice(0, CLASSES);
    expect(largest(expected)).toBeGreaterThan(1e-2);
    expect(largestDifference(among, expected)).toBeLessThan(1e-5 * Math.max(1, largest(expected)));
  });

  test("a clip and the same clip padded: the same step", async () => {
    const padded = { ...alone, frames: length + 7 };
    expectSameStep(await stepOf(network, padded, [1]), await stepOf(network, alone, [1]));
  });

  test("a batch and the same batch padded further: the same step", async () => {
    const further = { ...together, frames: together.frames + 5 };
    const weight = [1, 0.5, 2];
    expectSameStep(await stepOf(network, further, weight), await stepOf(network, together, weight));
  });

  // Batch normalisation means that clips of one batch see each other while training.
  if (!mixes) {
    test("a clip alone, and as the one that counts among longer ones: the same step", async () => {
      expectSameStep(await stepOf(network, together, [1, 0, 0]), await stepOf(network, alone, [1]));
    });
  }
});
