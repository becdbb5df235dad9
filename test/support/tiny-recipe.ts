// A recipe that is learnt in seconds: one small LSTM, no dropout, so that what is exact in training can be seen to be.
import { ops, type Value } from "../../src/graph/index.ts";
import { type Architecture, type Heard, Network } from "../../src/models/index.ts";
import { AttentivePooling, type Context, Linear, Lstm } from "../../src/nn/index.ts";
import type { Recipe } from "../../src/training/index.ts";
import { TINY_EMOTIONS } from "./tiny-corpus.ts";

/** `[B, T, 13]` -> LSTM 24 -> attention over time -> classes. */
class TinyNetwork extends Network {
  readonly lstm = new Lstm(13, 24);
  readonly pooling = new AttentivePooling(24, 16, { deviation: false });
  readonly output: Linear;

  constructor(classes: number) {
    super();
    this.output = new Linear(24, classes);
  }

  forward(context: Context, features: Value, mask: Value | null): Heard {
    const frames = mask && ops.transpose(mask, [1, 0, 2]);
    const x = this.lstm.forward(context, ops.transpose(features, [1, 0, 2]));
    const { vector, attention } = this.pooling.forward(context, x, frames);
    return {
      logits: this.output.forward(context, vector),
      attention: ops.transpose(ops.squeeze(attention, [2]), [1, 0]),
      embedding: vector,
    };
  }
}

const tiny: Architecture = {
  name: "tiny",
  summary: "LSTM 24, attention over time",
  frontEnd: {
    kind: "mfcc",
    deltas: 0,
    options: {
      ...{ sampleRate: 16_000, nFft: 512, windowSamples: 512, hopSamples: 256, nMels: 26, nMfcc: 13 },
      ...{ fMin: 0, fMax: 8_000, mel: "slaney", norm: "slaney", padding: "reflect", log: "db", floor: 1e-10 },
    },
  },
  network: (classes) => new TinyNetwork(classes),
};

export const TINY_RECIPE: Recipe = {
  name: "tiny",
  summary: "for tests",
  corpora: ["tess"],
  emotions: TINY_EMOTIONS,
  architecture: tiny,
  epochs: 12,
  batchSize: 8,
  optimizer: { kind: "adam", clipNorm: 5, averageDecay: 0 },
  schedule: { peak: 1e-2, warmupSteps: 8, shape: "cosine", floor: 0.01 },
  labelSmoothing: 0,
  augmentation: { speeds: [1] },
  validation: 0.1,
  window: 3,
  hop: 1.5,
};
