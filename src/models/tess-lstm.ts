// The original's network: MFCC, LSTM layers, dense layers. Knows its sizes, no corpus.
import { ops, type Value } from "../graph/index.ts";
import { AttentivePooling, type Context, dropout, Linear, Lstm } from "../nn/index.ts";
import { type Architecture, type FrontEnd, type Heard, Network } from "./network.ts";

const FRONT_END: FrontEnd = {
  kind: "mfcc",
  deltas: 0,
  options: {
    sampleRate: 16_000,
    nFft: 512,
    windowSamples: 512,
    hopSamples: 256,
    nMels: 40,
    nMfcc: 40,
    fMin: 0,
    fMax: 8_000,
    mel: "slaney",
    norm: "slaney",
    padding: "reflect",
    log: "db",
    floor: 1e-10,
  },
};

/** `[B, T, 40]` -> LSTM 128 -> LSTM 128 -> attention over time -> dense 64 -> classes. */
class TessLstm extends Network {
  readonly lstm = [new Lstm(40, 128), new Lstm(128, 128)];
  readonly pooling = new AttentivePooling(128, 64, { deviation: false });
  readonly dense = new Linear(128, 64);
  readonly output: Linear;

  constructor(classes: number) {
    super();
    this.output = new Linear(64, classes);
  }

  forward(context: Context, features: Value, mask: Value | null): Heard {
    let x = ops.transpose(features, [1, 0, 2]); // [T, B, F]
    const frames = mask && ops.transpose(mask, [1, 0, 2]);
    for (const lstm of this.lstm) x = dropout(context, lstm.forward(context, x), 0.2, [0]);
    const { vector, attention } = this.pooling.forward(context, x, frames);
    const embedding = ops.relu(this.dense.forward(context, vector));
    return {
      logits: this.output.forward(context, dropout(context, embedding, 0.2)),
      attention: ops.transpose(ops.squeeze(attention, [2]), [1, 0]),
      embedding,
    };
  }
}

export const tessLstm: Architecture = {
  name: "tess-lstm",
  summary: "2 LSTM layers of 128, attention over time, dense 64, softmax",
  frontEnd: FRONT_END,
  network: (classes) => new TessLstm(classes),
};
