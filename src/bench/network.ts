// The network that the peers train too, as a recipe of ours. Knows its sizes, no clock.
import { floatTensor, ops, type Value } from "../graph/index.ts";
import { type Architecture, type Heard, Network } from "../models/index.ts";
import { type Context, Linear, Lstm } from "../nn/index.ts";
import { EMOTIONS } from "../speech/index.ts";
import type { Recipe } from "../training/index.ts";
import { MFCC } from "./mfcc-options.ts";

/** The step that is measured, as `bench/peers/step.py` has it too. */
export const STEP = { batch: 64, frames: 128, features: 40, hidden: 128, dense: 64, classes: 7 } as const;

/** LSTM(128) x 2 -> last frame -> dense 64 -> classes. */
class BenchNetwork extends Network {
  readonly lstm = [new Lstm(STEP.features, STEP.hidden), new Lstm(STEP.hidden, STEP.hidden)];
  readonly dense = new Linear(STEP.hidden, STEP.dense);
  readonly output: Linear;

  constructor(classes: number) {
    super();
    this.output = new Linear(STEP.dense, classes);
  }

  forward(context: Context, features: Value, _mask: Value | null): Heard {
    let x = ops.transpose(features, [1, 0, 2]); // [T, B, F]
    for (const lstm of this.lstm) x = lstm.forward(context, x);
    const last = ops.squeeze(ops.slice(x, 0, -1, Number.MAX_SAFE_INTEGER), [0]);
    const embedding = ops.relu(this.dense.forward(context, last));
    const logits = this.output.forward(context, embedding);
    // All attention is on the last frame; one column stands for it, since training reads none.
    return { logits, attention: context.graph.constant(floatTensor([1], [1, 1])), embedding };
  }
}

const ARCHITECTURE: Architecture = {
  name: "bench",
  summary: "2 LSTM layers of 128, the last frame, dense 64, softmax",
  frontEnd: { kind: "mfcc", options: MFCC, deltas: 0 },
  network: (classes) => new BenchNetwork(classes),
};

/** Adam at its usual rate and nothing else, as the peers do it. */
export const BENCH_RECIPE: Recipe = {
  name: "bench",
  summary: "the network of the peers' programs",
  corpora: [],
  emotions: EMOTIONS,
  architecture: ARCHITECTURE,
  epochs: 1,
  batchSize: STEP.batch,
  optimizer: { kind: "adam", averageDecay: 0 },
  schedule: { peak: 1e-3, shape: "constant" },
  labelSmoothing: 0,
  augmentation: { speeds: [1] },
  validation: 0,
  window: 3,
  hop: 1.5,
};
