// A convolutional network over the log-mel spectrogram as a picture. Knows its sizes, no corpus.
import { ops, type Value } from "../graph/index.ts";
import { AttentivePooling, BatchNorm, type Context, Conv, dropout, Linear, Module } from "../nn/index.ts";
import { type Architecture, type FrontEnd, type Heard, Network, silenced } from "./network.ts";

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

/** A picture `[B, C, F, T]`, and which of its frames are real, `[B, 1, 1, T]`; null: all. */
interface Picture {
  x: Value;
  mask: Value | null;
}

/** Every second frame of every second band: most of the picture's size goes before most of the work is done. */
class Stem extends Module {
  readonly conv: Conv;
  readonly norm: BatchNorm;

  constructor(maps: number) {
    super();
    this.conv = new Conv(1, maps, [5, 5], { strides: [2, 2] });
    this.norm = new BatchNorm(maps);
  }

  forward(context: Context, { x, mask }: Picture): Picture {
    const kept = mask && ops.maxPool(mask, [1, 1], { strides: [1, 2] });
    const y = ops.relu(this.norm.forward(context, this.conv.forward(context, x), kept));
    return { x: silenced(y, kept), mask: kept };
  }
}

/** Convolution 3 x 3, batch normalisation, rectifier, then the picture halved: `[B, C, F, T]` -> `[B, M, F/2, T/2]`. */
class Block extends Module {
  readonly conv: Conv;
  readonly norm: BatchNorm;

  constructor(channels: number, maps: number) {
    super();
    this.conv = new Conv(channels, maps, [3, 3]);
    this.norm = new BatchNorm(maps);
  }

  forward(context: Context, { x, mask }: Picture): Picture {
    const y = ops.relu(this.norm.forward(context, this.conv.forward(context, x), mask));
    // A frame of the smaller picture is real where both frames that it comes from are: a clip alone has no other.
    const smaller = mask && ops.neg(ops.maxPool(ops.neg(mask), [1, 2]));
    return { x: silenced(ops.maxPool(y, [2, 2]), smaller), mask: smaller };
  }
}

/** `[B, T, 64]` -> stem of 16 maps, blocks of 32, 64, 128 -> attention over time -> dense 64 -> classes. */
class TessCnn extends Network {
  readonly stem = new Stem(16);
  readonly blocks = [new Block(16, 32), new Block(32, 64), new Block(64, 128)];
  readonly pooling = new AttentivePooling(128 * (MELS / 16), 64, { deviation: true });
  readonly dense = new Linear(2 * 128 * (MELS / 16), 64);
  readonly output: Linear;

  constructor(classes: number) {
    super();
    this.output = new Linear(64, classes);
  }

  forward(context: Context, features: Value, mask: Value | null): Heard {
    let picture: Picture = {
      x: ops.unsqueeze(ops.transpose(features, [0, 2, 1]), [1]),
      mask: mask && ops.unsqueeze(ops.transpose(mask, [0, 2, 1]), [1]),
    };
    picture = this.stem.forward(context, picture);
    for (const block of this.blocks) picture = block.forward(context, picture);
    const { x, mask: frames } = picture;
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
    "convolution 5 x 5 to 16 maps, 3 blocks of 3 x 3 (32, 64, 128 maps) with batch normalisation and pooling, attentive statistics over time, dense 64, softmax",
  frontEnd: FRONT_END,
  network: (classes) => new TessCnn(classes),
};
