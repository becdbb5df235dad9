// Augmentation: what a clip could also have sounded like. Knows features and random numbers, no files.
import { type FrontEnd, featureWidth } from "../models/index.ts";
import { type Acoustics, bandsOf, recordElsewhere } from "./acoustics.ts";
import type { Example, Played } from "./batches.ts";
import { Memory } from "./memory.ts";
import type { Random } from "./random.ts";

export interface Augmentation {
  /**
   * Clips are also heard played at these speeds, which moves pitch, formants and tempo together: other voices, other
   * haste (Ko et al. 2015, Audio Augmentation for Speech Recognition). 1 is always among them.
   */
  speeds: readonly number[];
  /** Longest stretch of a clip that is heard at once, in seconds, from anywhere in it, or where a teacher speaks of one; not given: all of it. */
  crop?: number;
  /** Largest change of haste, as a share, the pitch left alone. */
  tempo?: number;
  /** Largest change of the vocal tract's length, as a share; for mel bands only (Jaitly and Hinton 2013). */
  vocalTract?: number;
  /** How many stretches of time and of bands are taken away, and how wide at most (Park et al. 2019, arXiv:1904.08779). */
  timeMasks?: { count: number; share: number };
  bandMasks?: { count: number; bands: number };
  /** Other rooms, backgrounds and lines; for mel bands in dB only. */
  acoustics?: Acoustics;
}

/**
 * Speeds that pay on voices never heard: chosen on EmoDB and RAVDESS, with speakers held out, so that TESS has no say in
 * how it is measured (docs/results.md).
 */
export const OTHER_VOICES: readonly number[] = [0.85, 0.92, 1, 1.08, 1.17];

/**
 * The batch as it is heard this time.
 * @param memory where it is written: it is good until that is given out again
 * @param others whose voices may be heard in the background
 */
export function augment(
  batch: readonly Example[],
  { crop = Infinity, tempo = 0, vocalTract = 0, timeMasks, bandMasks, acoustics }: Augmentation,
  frontEnd: FrontEnd,
  random: Random,
  memory = new Memory(),
  others: readonly Played[] = batch,
): Example[] {
  const width = featureWidth(frontEnd);
  const bands = acoustics && bandsOf(frontEnd);
  const { sampleRate, hopSamples } = frontEnd.options;
  const longest = (crop * sampleRate) / hopSamples;
  return batch.map((example) => {
    const whole = example.variants[random.int(example.variants.length)]!;
    const haste = tempo ? 1 + tempo * (2 * random.next() - 1) : 1;
    const { starts } = example.said ?? {};
    const { features, frames, start } = stretch(whole, width, longest, haste, random, memory, starts);
    const length = 1 + vocalTract * (2 * random.next() - 1);
    const warped = vocalTract ? warpBands(features, width, length, memory) : features;
    const elsewhere = bands ? recordElsewhere(warped, acoustics, bands, others, random) : warped;
    // What is not the example's own can be written over.
    const heard = elsewhere === whole.features ? copied(elsewhere, memory) : elsewhere;
    const means = meansOf(heard, width);
    for (let i = 0; i < (timeMasks?.count ?? 0); i++) {
      const length = random.int(Math.floor(frames * timeMasks!.share) + 1);
      const start = random.int(frames - length + 1);
      for (let t = start; t < start + length; t++) heard.set(means, t * width);
    }
    for (let i = 0; i < (bandMasks?.count ?? 0); i++) {
      const bands = random.int(bandMasks!.bands + 1);
      const first = random.int(width - bands + 1);
      for (let t = 0; t < frames; t++) {
        for (let f = first; f < first + bands; f++) heard[t * width + f] = means[f];
      }
    }
    return { ...example, features: heard, frames, ...(starts && { stretch: starts.indexOf(start) }) };
  });
}

/**
 * A stretch of a clip of at most so many frames, played in `haste`, and where it begins.
 * @param starts where it may; not given: anywhere
 */
function stretch(
  clip: Played,
  width: number,
  longest: number,
  haste: number,
  random: Random,
  memory: Memory,
  starts?: readonly number[],
): Played & { start: number } {
  const { features } = clip;
  const span = Math.min(clip.frames, Math.max(1, Math.floor(longest * haste)));
  if (span === clip.frames && haste === 1) return { ...clip, start: 0 };
  const start = loudest(features, width, span, clip.frames, random, starts);
  const frames = Math.max(1, Math.floor(span / haste));
  const played = memory.floats(frames * width);
  for (let t = 0; t < frames; t++) {
    const at = start + Math.min(t * haste, span - 1);
    const below = Math.floor(at) * width;
    const above = Math.min(Math.floor(at) + 1, clip.frames - 1) * width;
    const part = at - Math.floor(at);
    for (let f = 0; f < width; f++) {
      played[t * width + f] = (1 - part) * features[below + f]! + part * features[above + f]!;
    }
  }
  return { features: played, frames, start };
}

/** Where a stretch begins: of a few places at random the one where it is loudest, since pauses say little. */
function loudest(
  features: Float32Array,
  width: number,
  span: number,
  frames: number,
  random: Random,
  starts?: readonly number[],
): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < PLACES; i++) {
    const start = starts ? starts[random.int(starts.length)]! : random.int(frames - span + 1);
    let sum = 0;
    for (let at = start * width; at < (start + span) * width; at++) sum += features[at]!;
    if (sum > most) [best, most] = [start, sum];
  }
  return best;
}
const PLACES = 3;

function copied(features: Float32Array, memory: Memory): Float32Array {
  const copy = memory.floats(features.length);
  copy.set(features);
  return copy;
}

/** What is taken away becomes the clip's mean, which normalisation turns into 0. */
function meansOf(features: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < features.length; at += width) {
    for (let f = 0; f < width; f++) sums[f]! += features[at + f]!;
  }
  return Float32Array.from(sums, (sum) => (sum * width) / features.length);
}

/** Reads band f at f * stretch, between its neighbours; above the top band, the top band. */
function warpBands(features: Float32Array, width: number, stretch: number, memory: Memory): Float32Array {
  const warped = memory.floats(features.length);
  for (let f = 0; f < width; f++) {
    const at = Math.min(f * stretch, width - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, width - 1);
    const part = at - below;
    for (let row = 0; row < features.length; row += width) {
      warped[row + f] = (1 - part) * features[row + below] + part * features[row + above];
    }
  }
  return warped;
}
