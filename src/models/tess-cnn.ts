// A convolutional network over the log-mel spectrogram as a picture. Knows its sizes, no corpus.
import { ops, type Value } from "../graph/index.ts";
import { AttentivePooling, BatchNorm, type Context, Conv, dropout, Linear, Module } from "../nn/index.ts";
import { type Architecture, type FrontEnd, type Heard, Network } from "./network.ts";

const MELS = 64;
const FRONT_END: FrontEnd = {
  kind: "log-mel",
  options: {
    sampleRate: 16_000,
    nFft: 512,
    windowSamples: 512,
    hopSamples: 256,
    nMels: MELS,
    fMin: 50,
    fMax: 8_000,
    mel: "slaney",
    norm: "slaney",
    padding: "reflect",
    log: "db",
    floor: 1e-10,
  },
};

/** Convolution 3 x 3, batch normalisation, rectifier, then the picture halved: `[B, C, F, T]` -> `[B, M, F/2, T/2]`. */
class Block extends Module {
  readonly conv: Conv;
  readonly norm: BatchNorm;

  constructor(channels: number, maps: number) {
    super();
    this.conv = new Conv(channels, maps, [3, 3]);
    this.norm = new BatchNorm(maps);
  }

  /** mask `[B, 1, 1, T]` keeps padded frames at 0, so that a clip's end looks the same in any batch. */
  forward(context: Context, x: Value, mask: Value | null): [Value, Value | null] {
    const y = ops.maxPool(ops.relu(this.norm.forward(context, this.conv.forward(context, x), mask)), [2, 2]);
    if (!mask) return [y, null];
    // A frame of the smaller picture is real where both frames it came from are. Masked behind the pooling: a real
    // frame beside a padded one is left out, as it is at the end of a clip alone.
    const smaller = ops.neg(ops.maxPool(ops.neg(mask), [1, 2]));
    return [ops.mul(y, smaller), smaller];
  }
}

/** `[B, T, 64]` -> four blocks of 16, 32, 64, 128 maps -> attention over time -> dense 64 -> classes. */
class TessCnn extends Network {
  readonly blocks = [new Block(1, 16), new Block(16, 32), new Block(32, 64), new Block(64, 128)];
  readonly pooling = new AttentivePooling(128 * (MELS / 16), 64, { deviation: true });
  readonly dense = new Linear(2 * 128 * (MELS / 16), 64);
  readonly output: Linear;

  constructor(classes: number) {
    super();
    this.output = new Linear(64, classes);
  }

  forward(context: Context, features: Value, mask: Value | null): Heard {
    let x = ops.unsqueeze(ops.transpose(features, [0, 2, 1]), [1]); // [B, 1, F, T]
    let frames = mask && ops.unsqueeze(ops.transpose(mask, [0, 2, 1]), [1]); // [B, 1, 1, T]
    for (const block of this.blocks) [x, frames] = block.forward(context, x, frames);
    const sequence = ops.reshape(ops.transpose(x, [3, 0, 1, 2]), [0, 0, -1]); // [T/16, B, C F/16]
    const pooledMask = frames && ops.reshape(ops.transpose(frames, [3, 0, 1, 2]), [0, 0, 1]);
    const { vector, attention } = this.pooling.forward(
      context,
      dropout(context, sequence, 0.3, [0]),
      pooledMask,
    );
    const embedding = ops.relu(this.dense.forward(context, vector));
    return {
      logits: this.output.forward(context, dropout(context, embedding, 0.3)),
      attention: ops.transpose(ops.squeeze(attention, [2]), [1, 0]),
      embedding,
    };
  }
}

export const tessCnn: Architecture = {
  name: "tess-cnn",
  summary:
    "4 blocks of 3 x 3 convolution, batch normalisation and pooling (16, 32, 64, 128 maps), attentive statistics over time, dense 64, softmax",
  frontEnd: FRONT_END,
  network: (classes) => new TessCnn(classes),
};
