// The network for voices that it never heard: small, and taught by a large one. Knows its sizes, no corpus.
import { ops, type Value } from "../graph/index.ts";
import {
  type Context,
  Conv,
  gelu,
  LayerNorm,
  Linear,
  Module,
  positions,
  TransformerBlock,
} from "../nn/index.ts";
import {
  type Architecture,
  byVoice,
  FittedHead,
  type FrontEnd,
  type Heard,
  Network,
  silenced,
  type TaughtFrames,
} from "./network.ts";

const MELS = 80;
/** Maps of the convolutions; frames are of 10, 20 and 40 ms. */
const MAPS = [128, 256, 352] as const;
const WIDTH = MAPS[2];
const HEADS = 4;
const BLOCKS = 2;
/** Mean and spread over time of what stands after the convolutions and after each block. */
const EMBEDDING = 2 * (1 + BLOCKS) * WIDTH;
/** Numbers in a frame of the teacher, after each of its blocks. */
const TAUGHT = 512;

const FRONT_END: FrontEnd = {
  kind: "log-mel",
  options: {
    sampleRate: 16_000,
    nFft: 400,
    windowSamples: 400,
    hopSamples: 160,
    nMels: MELS,
    fMin: 0,
    fMax: 8_000,
    mel: "slaney",
    norm: "slaney",
    padding: "reflect",
    log: "db",
    floor: 1e-10,
  },
};

/** A stage of the convolutions, without a normalisation: the features come at one level already. */
class Stage extends Module {
  readonly conv: Conv;
  readonly stride: number;

  constructor(channels: number, maps: number, stride: number) {
    super();
    this.conv = new Conv(channels, maps, [3], { strides: [stride] });
    this.stride = stride;
  }

  /** `[B, C, T]` -> `[B, M, T / stride]`; mask `[B, 1, T]`. */
  forward(context: Context, x: Value, mask: Value | null): { x: Value; mask: Value | null } {
    const kept = mask && this.stride > 1 ? ops.maxPool(mask, [1], { strides: [this.stride] }) : mask;
    return { x: silenced(gelu(this.conv.forward(context, x)), kept), mask: kept };
  }
}

/** What the teacher says after one of its blocks, from what the student has found so far; only while it learns. */
class Said extends Module {
  readonly norm = new LayerNorm(WIDTH);
  readonly linear = new Linear(WIDTH, TAUGHT);

  forward(context: Context, x: Value): Value {
    return this.linear.forward(context, this.norm.forward(context, x));
  }
}

/**
 * `[B, T, 80]` -> convolutions, 40 ms a frame -> transformer blocks -> mean and spread over time of what stands after the
 * convolutions and after each block: the embedding -> classes, by heads that are fitted when all else has learnt.
 *
 * A frame counts by how loud it is: what a microphone hears in a pause says where somebody is, not how he feels.
 */
class Universal extends Network {
  readonly stem = [new Stage(MELS, MAPS[0], 1), new Stage(MAPS[0], MAPS[1], 2), new Stage(MAPS[1], WIDTH, 2)];
  readonly blocks = Array.from({ length: BLOCKS }, () => new TransformerBlock(WIDTH, HEADS));
  readonly said = Array.from({ length: 1 + BLOCKS }, () => new Said());
  override readonly whileLearning = ["said"];
  readonly plain: FittedHead;
  /** Of an embedding that is given relative to the speaker's usual one. */
  readonly voiced: FittedHead;

  constructor(classes: number) {
    super();
    this.plain = new FittedHead(EMBEDDING, classes);
    this.voiced = new FittedHead(EMBEDDING, classes);
  }

  forward(context: Context, features: Value, mask: Value | null, voice: Value | null): Heard {
    let sequence: { x: Value; mask: Value | null } = {
      x: ops.transpose(features, [0, 2, 1]),
      mask: mask && ops.transpose(mask, [0, 2, 1]),
    };
    for (const stage of this.stem) sequence = stage.forward(context, sequence.x, sequence.mask);
    const kept = sequence.mask && ops.transpose(sequence.mask, [0, 2, 1]);
    const local = ops.transpose(sequence.x, [0, 2, 1]); // [B, T / 4, C]
    const found = [local];
    let x = ops.add(local, positions(local, WIDTH, STEP));
    for (const block of this.blocks) {
      x = block.forward(context, x, kept);
      found.push(x);
    }
    const weights = loudness(features, mask, kept);
    const embedding = ops.concat(
      found.map((frames) => weightedStatistics(frames, weights)),
      1,
    );
    const logits = this.plain.forward(context, embedding);
    const frames = (): TaughtFrames => ({
      values: ops.concat(
        this.said.map((said, i) => said.forward(context, found[i]!)),
        2,
      ),
      weights,
    });
    return {
      logits: voice
        ? byVoice(voice, embedding, logits, (relative) => this.voiced.forward(context, relative))
        : logits,
      attention: ops.squeeze(weights, [2]),
      embedding,
      ...(context.training && { frames: frames() }),
    };
  }
}

/** Frames of the teacher that go into one of ours: positions count them, as its own do. */
const STEP = 2;
/** As loud as this below the clip's level, a frame counts half; features of 1 are 20 dB. */
const HALF = -1;
const STEEP = 10;

/**
 * How much each frame of 40 ms counts, `[B, T / 4, 1]`, sums to 1 over time; features `[B, T, F]` relative to the clip's
 * level, mask `[B, T, 1]` and `kept`, what is left of it after the convolutions.
 */
function loudness(features: Value, mask: Value | null, kept: Value | null): Value {
  const power = ops.reduceMean(ops.exp(ops.mul(features, 2 * Math.LN10)), [2], true);
  const level = ops.transpose(ops.mul(ops.log(power), 1 / (2 * Math.LN10)), [0, 2, 1]);
  // Padded frames stand at 0, which is louder than most ends.
  let loudest = mask ? ops.add(level, ops.mul(ops.sub(ops.transpose(mask, [0, 2, 1]), 1), 100)) : level;
  for (let i = 0; i < 2; i++) loudest = ops.maxPool(loudest, [3], { strides: [2], pads: [1] });
  const counts = ops.transpose(ops.sigmoid(ops.mul(ops.sub(loudest, HALF), STEEP)), [0, 2, 1]);
  const heard = kept ? ops.mul(counts, kept) : counts;
  return ops.div(heard, ops.reduceSum(heard, [1], true));
}

/** Mean and standard deviation over time of `[B, T, C]`, `[B, 2C]`; weights `[B, T, 1]` sum to 1. */
function weightedStatistics(x: Value, weights: Value): Value {
  const mean = ops.reduceSum(ops.mul(x, weights), [1], true);
  const centred = ops.sub(x, mean);
  const variance = ops.reduceSum(ops.mul(ops.mul(centred, centred), weights), [1], true);
  return ops.squeeze(ops.concat([mean, ops.sqrt(ops.add(variance, 1e-5))], 2), [1]);
}

export const universal: Architecture = {
  name: "universal",
  summary:
    "3 convolutions to 352 maps, 2 transformer blocks of 4 heads, mean and spread over time after each, softmax",
  frontEnd: FRONT_END,
  normalization: "level",
  voice: { embedding: EMBEDDING },
  halved: true,
  network: (classes) => new Universal(classes),
};
