// What every network here is: features of an utterance in, logits, attention and an embedding out. Knows no corpus.
import type { Value } from "../graph/index.ts";
import { ops } from "../graph/index.ts";
import { Buffer, type Context, Module } from "../nn/index.ts";
import {
  delta,
  type LogMelOptions,
  logMel,
  type MfccOptions,
  mfcc,
  normalize,
  relativeLevel,
  utteranceStatistics,
} from "../speech/features/index.ts";
import { USUAL_CLIPS } from "../speech/index.ts";

export interface Heard {
  /** `[B, K]`, before softmax. */
  logits: Value;
  /** `[B, T']`, how much each of the network's frames counted; sums to 1. */
  attention: Value;
  /** `[B, W]`, what the last dense layer sees. */
  embedding: Value;
  /** What a teacher's frames are compared with; of a network that can learn from one, and only while it learns. */
  frames?: TaughtFrames;
}

export interface TaughtFrames {
  /** `[B, T', D]` */
  values: Value;
  /** `[B, T', 1]`, how much each frame counts; sums to 1 over time. */
  weights: Value;
}

/** A classifier of utterances. */
export abstract class Network extends Module {
  /** Fields that are there only to learn by: no model file has them. */
  readonly whileLearning: readonly string[] = [];

  /**
   * Features `[B, T, F]`, normalised; mask `[B, T, 1]` is 0 where a clip is padded, null where none is. Voice: what the
   * architecture's `voice` says; null: nobody's, as in training.
   */
  abstract forward(context: Context, features: Value, mask: Value | null, voice: Value | null): Heard;
}

/** A linear layer that no gradient reaches: its two tensors are set from outside, in paths that end as they are named. */
export class FittedHead extends Module {
  readonly weight: Buffer;
  readonly bias: Buffer;

  constructor(inputs: number, outputs: number) {
    super();
    this.weight = new Buffer([inputs, outputs], 0);
    this.bias = new Buffer([outputs], 0);
  }

  forward(context: Context, x: Value): Value {
    return ops.gemm(x, context.buffer(this.weight), context.buffer(this.bias));
  }
}

/** What few clips say of a voice is partly chance: the answer without it counts as much as so many clips. */
const UNKNOWN_CLIPS = 2;

/**
 * Logits `[B, K]` of an embedding `[B, W]` where the speaker's voice is known: by `head` of how far the embedding is from
 * the speaker's usual one, in his usual spreads, and partly, after few clips, as if nothing were known; else `unknown`.
 *
 * @param voice `[2, W + 1]`: mean and spread of `voiceFeaturesOf` over the speaker's clips; all zeros: not known
 */
export function byVoice(
  voice: Value,
  embedding: Value,
  unknown: Value,
  head: (relative: Value) => Value,
): Value {
  const width = embedding.shape[1] as number;
  const known = ops.greater(ops.reduceMax(ops.abs(voice), [0, 1]), 0);
  const [mean, spread] = ops.split(ops.slice(voice, 1, 0, width), [1, 1], 0);
  const relative = ops.div(ops.sub(embedding, mean!), ops.add(spread!, 1e-3));
  // Of n clips of a 1, the steadied spread is the root of USUAL_CLIPS / (n + USUAL_CLIPS).
  const counting = ops.slice(ops.slice(voice, 1, width, width + 1), 0, 1, 2); // [1, 1]
  const few = ops.mul(counting, counting);
  const many = ops.sub(1, few);
  const share = ops.div(many, ops.add(many, ops.mul(few, UNKNOWN_CLIPS / USUAL_CLIPS)));
  const mixed = ops.add(unknown, ops.mul(share, ops.sub(head(relative), unknown)));
  return ops.where(known, mixed, unknown);
}

/** `[B, W]` -> `[B, W + 1]`: an embedding and a 1, which says nothing of a voice: its steadied spread tells how many clips there were. */
export function voiceFeaturesOf(embedding: Value): Value {
  return ops.concat([embedding, ops.add(ops.mul(ops.slice(embedding, 1, 0, 1), 0), 1)], 1);
}

/** Padded frames at 0, so that a clip's end looks the same in any batch; mask broadcasts against x. */
export function silenced(x: Value, mask: Value | null): Value {
  return mask ? ops.mul(x, mask) : x;
}

/** How raw audio becomes features, frame by frame. */
export type FrontEnd =
  | { kind: "mfcc"; options: MfccOptions; deltas: 0 | 1 | 2 }
  | { kind: "log-mel"; options: LogMelOptions };

/** A network together with what it hears. */
export interface Architecture {
  name: string;
  /** One line for the model card. */
  summary: string;
  frontEnd: FrontEnd;
  /**
   * `bands` (the default): each feature with mean 0 and spread 1 over the utterance; `level`: mel bands in dB relative to
   * the utterance's level, which leaves the colour of the voice in them.
   */
  normalization?: "bands" | "level";
  /**
   * What a speaker's mean and spread are of: of an embedding of so many numbers, which the network takes them for; not
   * given: of the features, which they then normalise instead of the utterance's own.
   */
  voice?: { embedding: number };
  /** Whether a model file keeps the large tensors as float16: for a network that would not fit a download else. */
  halved?: boolean;
  network(classes: number): Network;
}

/** Features `[B, T, F]` as the network takes them; mask `[B, T, 1]`. */
export function normalized({ normalization }: Architecture, features: Value, mask: Value | null): Value {
  if (normalization === "level") return relativeLevel(features, mask);
  return normalize(features, utteranceStatistics(features, mask), mask, null);
}

/** Numbers per frame. */
export function featureWidth(frontEnd: FrontEnd): number {
  return frontEnd.kind === "mfcc" ? frontEnd.options.nMfcc * (1 + frontEnd.deltas) : frontEnd.options.nMels;
}

/** One line for the model card. */
export function describeFrontEnd(frontEnd: FrontEnd): string {
  const { sampleRate, windowSamples, hopSamples, nMels, mel } = frontEnd.options;
  const ms = (samples: number) => `${(1000 * samples) / sampleRate} ms`;
  const bands = `${nMels} ${mel} mel bands, window ${ms(windowSamples)}, hop ${ms(hopSamples)}`;
  if (frontEnd.kind === "log-mel") return `log-mel: ${bands}; normalised per utterance`;
  const deltas = ["", " with deltas", " with deltas and delta-deltas"][frontEnd.deltas];
  return `${frontEnd.options.nMfcc} MFCC${deltas} from ${bands}; normalised per utterance`;
}

/** Features of audio `[B, S]`: `[B, T, F]`, not normalised. */
export function extract(frontEnd: FrontEnd, audio: Value): Value {
  if (frontEnd.kind === "log-mel") return ops.transpose(logMel(audio, frontEnd.options), [0, 2, 1]);
  const cepstrum = mfcc(audio, frontEnd.options);
  if (frontEnd.deltas === 0) return cepstrum;
  const rows = ops.transpose(cepstrum, [0, 2, 1]);
  const slopes = ([1, 2] as const).slice(0, frontEnd.deltas).map((order) => delta(rows, order));
  return ops.transpose(ops.concat([rows, ...slopes], 1), [0, 2, 1]);
}
