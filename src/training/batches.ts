// Batches: which utterances together, padded to which length. Knows features, not files.
import type { Tensor } from "../runtime/index.ts";
import type { Heard, Utterance } from "./dataset.ts";
import type { Random } from "./random.ts";
import type { Scaling } from "./teachers/index.ts";

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

/**
 * `taught` `[T, B, D]`, each number of the teacher's less its mean, by its spread; 0 behind a clip's end.
 * @param frames the teacher's, of the padded batch
 * @throws Error where the teacher heard nothing of an example
 */
export function taughtOf(
  batch: readonly Example[],
  frames: number,
  { mean, spread }: Scaling,
): Record<"taught", Tensor> {
  const width = mean.length;
  const data = new Float32Array(new SharedArrayBuffer(4 * frames * batch.length * width));
  batch.forEach(({ taught }, row) => {
    if (!taught) throw new Error("a clip has no teacher's frames; load the data with the teacher");
    const own = Math.min(frames, taught.length / width);
    for (let t = 0; t < own; t++) {
      const at = (t * batch.length + row) * width;
      for (let d = 0; d < width; d++) data[at + d] = (taught[t * width + d]! - mean[d]!) / spread[d]!;
    }
  });
  return { taught: { shape: [frames, batch.length, width], data } };
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
