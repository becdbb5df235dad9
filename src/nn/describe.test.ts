// The whole chain on tasks that need it: describe, differentiate, update, export. And what a network may not do.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { runModel } from "../../test/support/evaluate.ts";
import { ops, type Value } from "../graph/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime, type Tensor } from "../runtime/index.node.ts";
import { Random } from "../training/index.ts";
import {
  AttentivePooling,
  BatchNorm,
  type Context,
  crossEntropy,
  decayMask,
  dropout,
  inferenceGraph,
  initialBuffers,
  initialParameters,
  Linear,
  Lstm,
  Module,
  type OptimizerOptions,
  parameterPlaces,
  totalSize,
  trainingModel,
  updateModel,
} from "./index.ts";

abstract class Classifier extends Module {
  abstract logits(context: Context, x: Value): Value;
}

interface Batch {
  x: Tensor;
  /** One class per example. */
  labels: number[];
}

const CLASSES = 2;

function oneHot(labels: number[]): Tensor {
  const data = Float32Array.from({ length: labels.length * CLASSES }, (_, i) =>
    labels[Math.floor(i / CLASSES)] === i % CLASSES ? 1 : 0,
  );
  return { shape: [labels.length, CLASSES], data };
}

/** Trains on a new batch a step; gives the losses and what was learnt. */
async function learn(
  network: Classifier,
  draw: () => Batch,
  steps: number,
  rate: number,
  options: OptimizerOptions,
) {
  const example = draw();
  const { model } = trainingModel(network, (context) => {
    const { graph } = context;
    const x = graph.input("x", example.x.shape);
    const targets = graph.input("targets", [example.labels.length, CLASSES]);
    const weights = graph.constant({
      type: "float32",
      shape: [example.labels.length],
      data: new Uint8Array(new Float32Array(example.labels.length).fill(1).buffer),
    });
    return { loss: crossEntropy(network.logits(context, x), targets, weights) };
  });
  const size = totalSize(parameterPlaces(network));
  const step = await nodeRuntime.load(writeModel(model));
  const update = await nodeRuntime.load(writeModel(updateModel(options)));
  const random = new Random(4);
  const start = initialParameters(network, () => random.next());
  const vector = (data: Float32Array): Tensor => ({ shape: [size], data });
  let state: Record<"parameters" | "first" | "second" | "average", Tensor> = {
    parameters: vector(start),
    first: vector(new Float32Array(size)),
    second: vector(new Float32Array(size)),
    average: vector(start),
  };
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { x, labels } = draw();
    const { loss, gradients } = await step.run({ x, targets: oneHot(labels), parameters: state.parameters });
    losses.push(loss!.data[0] as number);
    const next = await update.run({
      ...state,
      gradient: gradients!,
      decay: vector(decayMask(network)),
      learning_rate: { shape: [], data: Float32Array.of(rate) },
      step: { shape: [], data: Float32Array.of(i + 1) },
      square: { shape: [], data: Float32Array.of(Math.hypot(...(gradients!.data as Float32Array)) ** 2) },
    });
    state = {
      parameters: next.new_parameters!,
      first: next.new_first!,
      second: next.new_second!,
      average: next.new_average ?? next.new_parameters!,
    };
  }
  await step.dispose();
  await update.dispose();
  return {
    losses,
    parameters: state.parameters.data as Float32Array,
    average: state.average.data as Float32Array,
  };
}

/** The share of a batch that the exported network gets right. */
async function accuracy(
  network: Classifier,
  parameters: Float32Array,
  { x, labels }: Batch,
): Promise<number> {
  const model = inferenceGraph(network, parameters, new Float32Array(0), (context) => ({
    logits: network.logits(context, context.graph.input("x", x.shape)),
  }));
  const { logits } = await runModel(model, { x: { shape: x.shape, data: x.data as Float32Array } });
  const right = labels.filter((label, i) => {
    const [no, yes] = [logits!.data[2 * i]!, logits!.data[2 * i + 1]!];
    return (yes > no ? 1 : 0) === label;
  });
  return right.length / labels.length;
}

class Xor extends Classifier {
  readonly hidden = new Linear(2, 8);
  readonly output = new Linear(8, CLASSES);
  logits(context: Context, x: Value): Value {
    return this.output.forward(context, ops.tanh(this.hidden.forward(context, x)));
  }
}

const xor = (): Batch => ({
  x: { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) },
  labels: [0, 1, 1, 0],
});

/** Says, after ten frames of noise, what the sign of the first frame was. */
class Memory extends Classifier {
  readonly lstm = new Lstm(2, 8);
  readonly output = new Linear(8, CLASSES);
  logits(context: Context, x: Value): Value {
    const states = this.lstm.forward(context, x);
    return this.output.forward(context, ops.squeeze(ops.slice(states, 0, -1, Number.MAX_SAFE_INTEGER), [0]));
  }
}

/** Says whether somewhere in the clip stood a spike, in either direction, with attention. */
class Spike extends Classifier {
  readonly lstm = new Lstm(2, 6, { bidirectional: true });
  readonly pooling = new AttentivePooling(12, 6);
  readonly output = new Linear(24, CLASSES);
  logits(context: Context, x: Value): Value {
    const states = this.lstm.forward(context, x);
    return this.output.forward(context, this.pooling.forward(context, states).vector);
  }
}

/** Clips `[T, B, 2]` of noise; `mark` writes into those of class 1. */
function clips(random: Random, mark: (data: Float32Array, at: (t: number) => number, label: number) => void) {
  const [frames, batch] = [11, 32];
  return (): Batch => {
    const data = Float32Array.from({ length: frames * batch * 2 }, () => 0.3 * random.normal());
    const labels = Array.from({ length: batch }, () => random.int(2));
    for (const [b, label] of labels.entries()) mark(data, (t) => 2 * (t * batch + b), label);
    return { x: { shape: [frames, batch, 2], data }, labels };
  };
}

describe("a network learns", () => {
  test("XOR, which no line separates", async () => {
    const { losses, parameters } = await learn(new Xor(), xor, 150, 0.05, { kind: "adam" });
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.02);
    expect(await accuracy(new Xor(), parameters, xor())).toBe(1);
  });

  test("to remember the first of eleven frames", async () => {
    const draw = clips(new Random(1), (data, at, label) => {
      data[at(0)] = label ? 1 : -1;
    });
    const { losses, parameters } = await learn(new Memory(), draw, 120, 0.03, { kind: "adamw", clipNorm: 1 });
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.05);
    expect(await accuracy(new Memory(), parameters, draw())).toBe(1);
  });

  test("to find one frame among eleven, from both sides, and the average of weights knows it too", async () => {
    const random = new Random(2);
    const draw = clips(random, (data, at, label) => {
      if (label) data[at(random.int(11)) + 1] = 2;
    });
    const options: OptimizerOptions = { kind: "adamw", weightDecay: 0.01, averageDecay: 0.9 };
    const { losses, parameters, average } = await learn(new Spike(), draw, 120, 0.03, options);
    expect(losses.at(-1)).toBeLessThan(0.1);
    const unseen = draw();
    expect(await accuracy(new Spike(), parameters, unseen)).toBeGreaterThan(0.95);
    expect(average).not.toEqual(parameters);
    expect(await accuracy(new Spike(), average, unseen)).toBeGreaterThan(0.95);
  });

  test("the same twice, bit for bit", async () => {
    const run = () => learn(new Xor(), xor, 20, 0.05, { kind: "adamw", weightDecay: 0.1, clipNorm: 0.5 });
    expect((await run()).parameters).toEqual((await run()).parameters);
  });
});

describe("training models", () => {
  class Noisy extends Module {
    readonly dense = new Linear(4, 3);
    readonly norm = new BatchNorm(3);
  }
  const network = new Noisy();

  test("name their noise, drop that share, and leave the rest its sum", async () => {
    const rate = 0.25;
    const size = totalSize(parameterPlaces(network));
    const random = new Random(1);
    const { model, noise } = trainingModel(network, (context) => {
      const x = context.graph.input("x", [2, 4]);
      const kept = dropout(context, x, rate);
      const y = network.norm.forward(context, network.dense.forward(context, kept));
      return { loss: ops.reduceSum(ops.mul(y, y), [0, 1]), outputs: { kept: ops.identity(kept) } };
    });
    expect(noise).toEqual([{ name: "noise_0", shape: [2, 4] }]);
    const buffers = initialBuffers(network);
    const out = await runModel(model, {
      x: { shape: [2, 4], data: Array(8).fill(3) },
      noise_0: { shape: [2, 4], data: [0, 0.2, 0.24, 0.26, 0.5, 0.9, 0.999, 0.1] },
      parameters: { shape: [size], data: initialParameters(network, () => random.next()) },
      buffers: { shape: [buffers.length], data: buffers },
    });
    expect([...(out.kept!.data as Float32Array)]).toEqual([0, 0, 0, 4, 4, 4, 4, 0]);
    expect(out.gradients!.shape).toEqual([size]);
    expect(out.new_buffers!.data).not.toEqual(buffers);
  });

  test("outside training, dropout is not there", () => {
    const model = inferenceGraph(network, new Float32Array(21), initialBuffers(network), (context) => ({
      y: ops.identity(dropout(context, context.graph.input("x", [2, 4]), 0.5)),
    }));
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Identity", "Identity"]);
  });

  test("a parameter that the loss does not reach is named", () => {
    expect(() =>
      trainingModel(network, (context) => {
        const y = network.dense.forward(context, context.graph.input("x", [2, 4]));
        return { loss: ops.reduceSum(y, [0, 1]) };
      }),
    ).toThrow(/does not depend on norm\.scale/);
  });

  test("a parameter that is no field of the network is an error", () => {
    expect(() =>
      trainingModel(network, (context) => {
        const y = new Linear(4, 3).forward(context, context.graph.input("x", [2, 4]));
        return { loss: ops.reduceSum(y, [0, 1]) };
      }),
    ).toThrow(/not a field of the network/);
  });
});

test("a network in use has the running statistics", async () => {
  class Normed extends Module {
    readonly norm = new BatchNorm(2);
  }
  const network = new Normed();
  const model = inferenceGraph(
    network,
    Float32Array.of(2, 1, 0.5, -1),
    Float32Array.of(3, -1, 4, 0.25),
    (context) => ({ y: network.norm.forward(context, context.graph.input("x", [1, 2])) }),
    { metadata: { purpose: "test" } },
  );
  expect(model.metadata).toEqual({ purpose: "test" });
  const { y } = await runModel(model, { x: { shape: [1, 2], data: [5, 0] } });
  // 2 (5 - 3) / 2 + 0.5 and (0 + 1) / 0.5 - 1
  expectClose(y!.data as Float32Array, [2.5, 1], { atol: 1e-4 });
});

test("halved, its large tensors stand as float16 and are float32 where they count; small ones stay as they are", async () => {
  const dense = new Linear(64, 64);
  const size = totalSize(parameterPlaces(dense));
  const parameters = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  const [whole, halved] = [false, true].map((half) =>
    inferenceGraph(
      dense,
      parameters,
      new Float32Array(0),
      (context) => ({ y: dense.forward(context, context.graph.input("x", [1, 64])) }),
      { halved: half },
    ),
  );
  const types = Object.values(halved!.graph.initializers).map(({ type, shape }) => [type, shape.length]);
  expect(types.sort()).toEqual([
    ["float16", 2],
    ["float32", 1],
  ]);
  const x = { shape: [1, 64], data: Array.from({ length: 64 }, (_, i) => Math.cos(i)) };
  const [one, other] = [await runModel(whole!, { x }), await runModel(halved!, { x })];
  expectClose(other.y!.data as Float32Array, one.y!.data as Float32Array, { atol: 64 * 2 ** -11 });
  expect(other.y!.data).not.toEqual(one.y!.data);
});
