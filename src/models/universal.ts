// The network for voices that it never heard: small, and taught by a large one. Knows its sizes, no corpus.
import { ops, type Value } from "../graph/index.ts";
import {
  AttentivePooling,
  BatchNorm,
  type Context,
  Conv,
  dropout,
  Linear,
  Lstm,
  Module,
} from "../nn/index.ts";
import { type Architecture, type FrontEnd, type Heard, Network, silenced } from "./network.ts";

const MELS = 80;
const MAPS = 192;
const HIDDEN = 128;
/** The running statistics follow as slowly as the average of the weights that they are used with. */
const SLOWLY = { momentum: 0.01 };
/** Numbers in a frame of the teacher. */
const TAUGHT = 512;

const FRONT_END: FrontEnd = {
  kind: "log-mel",
  options: {
    sampleRate: 16_000,
    nFft: 512,
    windowSamples: 400,
    hopSamples: 160,
    nMels: MELS,
    fMin: 20,
    fMax: 8_000,
    mel: "slaney",
    norm: "slaney",
    padding: "reflect",
    log: "db",
    floor: 1e-10,
  },
};

/** A sequence `[B, C, T]`, and which of its frames are real, `[B, 1, T]`; null: all. */
interface Sequence {
  x: Value;
  mask: Value | null;
}

/** Convolution, batch normalisation, rectifier. */
class Layer extends Module {
  readonly conv: Conv;
  readonly norm: BatchNorm;
  readonly stride: number;

  constructor(channels: number, kernel: number, stride: number) {
    super();
    this.conv = new Conv(channels, MAPS, [kernel], { strides: [stride] });
    this.norm = new BatchNorm(MAPS, SLOWLY);
    this.stride = stride;
  }

  forward(context: Context, { x, mask }: Sequence): Sequence {
    const kept = mask && this.stride > 1 ? ops.maxPool(mask, [1], { strides: [this.stride] }) : mask;
    const y = ops.relu(this.norm.forward(context, this.conv.forward(context, x), kept));
    return { x: silenced(y, kept), mask: kept };
  }
}

/** What two layers find is added to what was there (He et al. 2016, arXiv:1512.03385). */
class Residual extends Module {
  readonly first = new Layer(MAPS, 5, 1);
  readonly second = new Conv(MAPS, MAPS, [1]);
  readonly norm = new BatchNorm(MAPS, SLOWLY);

  forward(context: Context, sequence: Sequence): Sequence {
    const { x, mask } = this.first.forward(context, sequence);
    const found = this.norm.forward(context, this.second.forward(context, x), mask);
    return { x: silenced(ops.relu(ops.add(sequence.x, found)), mask), mask };
  }
}

/** `[B, T, 80]` -> convolutions, 40 ms a frame -> LSTM in both directions -> attentive statistics -> dense -> classes. */
class Universal extends Network {
  readonly stem = [new Layer(MELS, 5, 2), new Layer(MAPS, 3, 2)];
  readonly blocks = [new Residual(), new Residual(), new Residual()];
  readonly lstm = new Lstm(MAPS, HIDDEN, { bidirectional: true });
  readonly pooling = new AttentivePooling(MAPS + 2 * HIDDEN, 64, { deviation: true });
  readonly dense = new Linear(2 * (MAPS + 2 * HIDDEN), 128);
  readonly output: Linear;
  readonly taught = new Linear(MAPS + 2 * HIDDEN, TAUGHT);

  constructor(classes: number) {
    super();
    this.output = new Linear(128, classes);
  }

  forward(context: Context, features: Value, mask: Value | null): Heard {
    let sequence: Sequence = {
      x: ops.transpose(features, [0, 2, 1]),
      mask: mask && ops.transpose(mask, [0, 2, 1]),
    };
    for (const part of [...this.stem, ...this.blocks]) sequence = part.forward(context, sequence);
    const local = ops.transpose(sequence.x, [2, 0, 1]); // [T/4, B, C]
    const kept = sequence.mask && ops.transpose(sequence.mask, [2, 0, 1]);
    const around = this.lstm.forward(context, local, kept);
    const frames = ops.concat([local, kept ? ops.mul(around, kept) : around], 2);
    const { vector, attention } = this.pooling.forward(context, dropout(context, frames, 0.2, [0]), kept);
    const embedding = ops.relu(this.dense.forward(context, dropout(context, vector, 0.3)));
    return {
      logits: this.output.forward(context, dropout(context, embedding, 0.3)),
      attention: ops.transpose(ops.squeeze(attention, [2]), [1, 0]),
      embedding,
      ...(context.training && { frames: { values: this.taught.forward(context, frames), mask: kept } }),
    };
  }
}

export const universal: Architecture = {
  name: "universal",
  summary:
    "2 strided convolutions and 3 residual blocks of 192 maps with batch normalisation, LSTM of 128 in both directions, attentive statistics over time, dense 128, softmax",
  frontEnd: FRONT_END,
  frameStride: 4,
  network: (classes) => new Universal(classes),
};
