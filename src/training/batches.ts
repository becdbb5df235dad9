// Batches: which utterances together, padded to which length. Knows features, not files.
import type { Tensor } from "../runtime/index.ts";
import type { Heard, Utterance } from "./dataset.ts";
import type { Random } from "./random.ts";

/** One example of a batch. */
export interface Example extends Heard {
  /** The clip at other speeds, itself among them: what training draws from. */
  variants: readonly Heard[];
  /** Index of the emotion. */
  target: number;
  weight: number;
}

/** Lengths are rounded up to multiples of this many frames, and of an eighth to a quarter of themselves. */
const LEAST_STEP = 16;
/** Batches drawn together and then sorted by length: little padding, and still another mixture every epoch. */
const GROUP = 8;

export function toExamples(utterances: readonly Utterance[], emotions: readonly string[]): Example[] {
  return utterances.map(({ clip, variants }) => ({
    ...variants[0],
    variants,
    target: emotions.indexOf(clip.emotion),
    weight: 1,
  }));
}

/** The examples in a random order, in batches of `size` whose lengths are alike. The last batch may be smaller. */
export function drawBatches(examples: readonly Example[], size: number, random: Random): Example[][] {
  const order = random.shuffle(examples);
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

/** `features` `[B, T, F]` and `mask` `[B, T, 1]`. */
export function padBatch(
  batch: readonly Example[],
  frames: number,
  width: number,
): Record<"features" | "mask", Tensor> {
  // Shared with the worker that it goes to, not copied.
  const shared = new SharedArrayBuffer(4 * batch.length * frames * width);
  const features = new Float32Array(shared);
  const mask = new Float32Array(batch.length * frames);
  batch.forEach((example, i) => {
    features.set(example.features, i * frames * width);
    mask.fill(1, i * frames, i * frames + example.frames);
  });
  return {
    features: { shape: [batch.length, frames, width], data: features },
    mask: { shape: [batch.length, frames, 1], data: mask },
  };
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
