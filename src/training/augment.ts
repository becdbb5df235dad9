// Augmentation: what a clip could also have sounded like. Knows features and random numbers, no files.
import { type FrontEnd, featureWidth } from "../models/index.ts";
import { type Acoustics, bandsOf, recordElsewhere } from "./acoustics.ts";
import type { Example } from "./batches.ts";
import type { Random } from "./random.ts";

export interface Augmentation {
  /**
   * Clips are also heard played at these speeds, which moves pitch, formants and tempo together: other voices, other
   * haste (Ko et al. 2015, Audio Augmentation for Speech Recognition). 1 is always among them.
   */
  speeds: readonly number[];
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

/** The batch as it is heard this time. */
export function augment(
  batch: readonly Example[],
  { vocalTract = 0, timeMasks, bandMasks, acoustics }: Augmentation,
  frontEnd: FrontEnd,
  random: Random,
): Example[] {
  const width = featureWidth(frontEnd);
  const bands = acoustics && bandsOf(frontEnd);
  return batch.map((example) => {
    const { features, frames, taught } = example.variants[random.int(example.variants.length)];
    const stretch = 1 + vocalTract * (2 * random.next() - 1);
    const warped = vocalTract ? warpBands(features, width, stretch) : features;
    const elsewhere = bands ? recordElsewhere(warped, acoustics, bands, batch, random) : warped;
    const heard = elsewhere === features ? features.slice() : elsewhere;
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
    return { ...example, features: heard, frames, taught };
  });
}

/** What is taken away becomes the clip's mean, which normalisation turns into 0. */
function meansOf(features: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < features.length; i++) sums[i % width] += features[i];
  return Float32Array.from(sums, (sum) => (sum * width) / features.length);
}

/** Reads band f at f * stretch, between its neighbours; above the top band, the top band. */
function warpBands(features: Float32Array, width: number, stretch: number): Float32Array {
  const warped = new Float32Array(features.length);
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
