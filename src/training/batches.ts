// Batches: which utterances together, padded to which length. Knows features, not files.
import type { Tensor } from "../runtime/index.ts";
import type { Utterance } from "./dataset.ts";
import { Memory } from "./memory.ts";
import type { Random } from "./random.ts";

/** A clip as it is learnt from. */
export interface Played {
  /** `[frames, F]`, not normalised. */
  features: Float32Array;
  frames: number;
}

/** One example of a batch. */
export interface Example extends Played {
  /** The clip at other speeds, itself among them: what training draws from. */
  variants: readonly Played[];
  /** What a teacher says of stretches of the clip as it is. */
  said?: Said;
  /** Which of them this is. */
  stretch?: number;
  /** Index of the emotion. */
  target: number;
  weight: number;
  /** The corpus that it is from. */
  corpus: string;
}

/** What a teacher says of a clip. */
export interface Said {
  /** The frames in which stretches begin of which it says something, from the first to the last. */
  starts: readonly number[];
  /** Of one of them, `[T / 4, D]`, for as many frames as a stretch has at most. */
  of(stretch: number): Float16Array;
}

/** Lengths are rounded up to multiples of this many frames, and of an eighth to a quarter of themselves. */
const LEAST_STEP = 16;
/** Batches drawn together and then sorted by length: little padding, and still another mixture every epoch. */
const GROUP = 8;

export function toExamples(utterances: readonly Utterance[], emotions: readonly string[]): Example[] {
  return utterances.map(({ clip, variants }) => ({
    ...variants[0]!,
    variants,
    target: emotions.indexOf(clip.emotion),
    weight: 1,
    corpus: clip.corpus,
  }));
}

/**
 * The examples of one epoch. Where `clips` is given, as many of them, a corpus counting by the square root of its size:
 * four thousand clips of nine voices do not drown three hundred of fifteen. None is drawn twice before all of its corpus
 * were drawn once.
 */
export function drawEpoch(
  examples: readonly Example[],
  clips: number | undefined,
  random: Random,
): readonly Example[] {
  if (clips === undefined) return examples;
  const corpora = [...Map.groupBy(examples, ({ corpus }) => corpus).values()];
  const sum = corpora.reduce((total, own) => total + Math.sqrt(own.length), 0);
  return corpora.flatMap((own) => {
    const wanted = Math.round((clips * Math.sqrt(own.length)) / sum);
    const drawn: Example[] = [];
    while (drawn.length < wanted) drawn.push(...random.shuffle(own).slice(0, wanted - drawn.length));
    return drawn;
  });
}

/**
 * The examples in a random order, in batches of `size` whose lengths are alike. The last batch may be smaller.
 * @param mixed lengths as they come: where all are cut to one, and each batch shall be like all
 */
export function drawBatches(
  examples: readonly Example[],
  size: number,
  random: Random,
  mixed = false,
): Example[][] {
  const order = random.shuffle(examples);
  if (mixed) {
    return Array.from({ length: Math.ceil(order.length / size) }, (_, i) =>
      order.slice(i * size, (i + 1) * size),
    );
  }
  const batches: Example[][] = [];
  for (let from = 0; from < order.length; from += GROUP * size) {
    const group = order.slice(from, from + GROUP * size).sort((a, b) => a.frames - b.frames);
    for (let at = 0; at < group.length; at += size) batches.push(group.slice(at, at + size));
  }
  return random.shuffle(batches);
}

/** Every other example to every other worker, so that all get lengths alike; no empty part. */
export function deal(batch: readonly Example[], workers: number): Example[][] {
  const parts = Array.from({ length: workers }, (_, i) => batch.filter((_, j) => j % workers === i));
  return parts.filter((part) => part.length > 0);
}

/** Frames to which a batch is padded: few lengths, since each needs a program of its own. */
export function paddedFrames(batch: readonly Example[]): number {
  const longest = Math.max(...batch.map(({ frames }) => frames));
  const step = Math.max(LEAST_STEP, 2 ** (Math.floor(Math.log2(longest)) - 2));
  return Math.ceil(longest / step) * step;
}

/**
 * `features` `[B, T, F]` and `mask` `[B, T, 1]`.
 * @param memory shared with the worker that they go to: nothing is copied
 */
export function padBatch(
  batch: readonly Example[],
  frames: number,
  width: number,
  memory = new Memory(true),
): Record<"features" | "mask", Tensor> {
  const features = memory.floats(batch.length * frames * width);
  const mask = memory.floats(batch.length * frames);
  batch.forEach((example, i) => {
    features.set(example.features, i * frames * width);
    features.fill(0, (i * frames + example.frames) * width, (i + 1) * frames * width);
    mask.fill(1, i * frames, i * frames + example.frames);
    mask.fill(0, i * frames + example.frames, (i + 1) * frames);
  });
  return {
    features: { shape: [batch.length, frames, width], data: features },
    mask: { shape: [batch.length, frames, 1], data: mask },
  };
}

/** `said` `[B, T / 4, D]`: what the teacher says of each, unscaled. */
export function saidOf(
  batch: readonly Example[],
  width: number,
  memory = new Memory(true),
): Record<"said", Tensor> {
  const all = batch.map(({ said, stretch = 0 }) => said!.of(stretch));
  const { length } = all[0]!;
  const data = memory.floats(batch.length * length);
  all.forEach((one, i) => {
    data.set(one, i * length);
  });
  return { said: { shape: [batch.length, length / width, width], data } };
}

/** `targets` `[B, K]`, `weights` `[B]` and `total` `[]`: the sum of the weights of the whole batch, all workers'. */
export function targetsOf(
  part: readonly Example[],
  classes: number,
  total: number,
): Record<"targets" | "weights" | "total", Tensor> {
  const targets = new Float32Array(part.length * classes);
  part.forEach(({ target }, i) => {
    targets[i * classes + target] = 1;
  });
  return {
    targets: { shape: [part.length, classes], data: targets },
    weights: { shape: [part.length], data: Float32Array.from(part, ({ weight }) => weight) },
    total: { shape: [], data: Float32Array.of(total) },
  };
}
