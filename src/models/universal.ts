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
  statisticsOverTime,
} from "../nn/index.ts";
import {
  type Architecture,
  byVoice,
  type FrontEnd,
  type Heard,
  Network,
  silenced,
  VoiceHead,
} from "./network.ts";

const MELS = 80;
const MAPS = 192;
const HIDDEN = 64;
const EMBEDDING = 256;
/** The running statistics follow about as slowly as the average of the weights that they are used with. */
const SLOWLY = { momentum: 0.02 };
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

/**
 * Convolution, batch normalisation, rectifier; every second frame. The batches must be mixed for it: where clips of like
 * lengths come together, few corpora do, and their statistics are not those of a clip that comes alone.
 */
class Halving extends Module {
  readonly conv: Conv;
  readonly norm: BatchNorm;

  constructor(channels: number, maps: number) {
    super();
    this.conv = new Conv(channels, maps, [5], { strides: [2] });
    this.norm = new BatchNorm(maps, SLOWLY);
  }

  forward(context: Context, { x, mask }: Sequence): Sequence {
    const kept = mask && ops.maxPool(mask, [1], { strides: [2] });
    const y = ops.relu(this.norm.forward(context, this.conv.forward(context, x), kept));
    return { x: silenced(y, kept), mask: kept };
  }
}

/** What two layers find is added to what was there (He et al. 2016, arXiv:1603.05027), little at first. */
class Residual extends Module {
  readonly first: Conv;
  readonly norm = new BatchNorm(MAPS, SLOWLY);
  readonly second = new Conv(MAPS, MAPS, [1], { gain: 0.3 });

  constructor(dilation: number) {
    super();
    this.first = new Conv(MAPS, MAPS, [3], { dilations: [dilation] });
  }

  forward(context: Context, { x, mask }: Sequence): Sequence {
    const inner = ops.relu(this.norm.forward(context, this.first.forward(context, x), mask));
    const found = this.second.forward(context, inner);
    return { x: silenced(ops.add(x, found), mask), mask };
  }
}

/**
 * `[B, T, 80]` -> convolutions, 80 ms a frame -> LSTM in both directions -> what is usual over time, and what attention
 * picks -> an embedding -> classes.
 */
class Universal extends Network {
  readonly stem = [new Halving(MELS, 96), new Halving(96, 160), new Halving(160, MAPS)];
  readonly blocks = [new Residual(1), new Residual(2), new Residual(3)];
  readonly lstm = new Lstm(MAPS, HIDDEN, { bidirectional: true });
  readonly pooling = new AttentivePooling(MAPS + 2 * HIDDEN, 64, { deviation: true });
  readonly dense = new Linear(4 * (MAPS + 2 * HIDDEN), EMBEDDING);
  readonly norm = new BatchNorm(EMBEDDING, SLOWLY);
  readonly output: Linear;
  /** The classes of an embedding that is given relative to the speaker's usual one: fitted when all else has learnt. */
  readonly voiced: VoiceHead;
  readonly frames = new Linear(MAPS + 2 * HIDDEN, TAUGHT);

  constructor(classes: number) {
    super();
    this.output = new Linear(EMBEDDING, classes);
    this.voiced = new VoiceHead(EMBEDDING, classes);
  }

  forward(context: Context, features: Value, mask: Value | null, voice: Value | null): Heard {
    let sequence: Sequence = {
      x: ops.transpose(features, [0, 2, 1]),
      mask: mask && ops.transpose(mask, [0, 2, 1]),
    };
    for (const part of [...this.stem, ...this.blocks]) sequence = part.forward(context, sequence);
    const local = ops.transpose(sequence.x, [2, 0, 1]); // [T/8, B, C]
    const kept = sequence.mask && ops.transpose(sequence.mask, [2, 0, 1]);
    const around = this.lstm.forward(context, local, kept);
    const frames = ops.concat([local, kept ? ops.mul(around, kept) : around], 2);
    const { vector, attention } = this.pooling.forward(context, dropout(context, frames, 0.2, [0]), kept);
    const whole = ops.concat([vector, statisticsOverTime(frames, kept)], 1);
    const dense = this.dense.forward(context, dropout(context, whole, 0.2));
    const embedding = this.norm.forward(context, dense);
    const active = ops.relu(embedding);
    const logits = this.output.forward(context, dropout(context, active, 0.3));
    return {
      logits: voice
        ? byVoice(voice, embedding, logits, (relative) => this.voiced.forward(context, relative))
        : logits,
      attention: ops.transpose(ops.squeeze(attention, [2]), [1, 0]),
      embedding,
      ...(context.training && {
        frames: { values: this.frames.forward(context, frames), mask: kept },
      }),
    };
  }
}

export const universal: Architecture = {
  name: "universal",
  summary:
    "3 strided convolutions and 3 residual blocks of 192 maps, LSTM of 64 in both directions, statistics and attention over time, dense 256, softmax",
  frontEnd: FRONT_END,
  normalization: "level",
  voice: { embedding: EMBEDDING },
  frameStride: 8,
  network: (classes) => new Universal(classes),
};
