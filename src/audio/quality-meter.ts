// Measures a recording's level, clipping and noise as it streams by. Knows energy, not speech:
// what it calls speech is what stands out of the recording's own background.
//
// Method. Levels of 10 ms frames go into a histogram (0.5 dB bins). The background is the level that
// 5 % of the frames stay below. Frames 6 dB above it, at most 35 dB under the loud ones and above
// -60 dBFS count as speech; snr is their mean power, less the background's, over the background's.
//
// How far to trust it (measured on clips of four corpora with white noise and rain added): within 2 dB
// between 10 and 30 dB; below that it reads high (9 at 5, 6 to 7 at 0), because only the loudest of the
// speech still stands out. Speech without any pause reads 16 to 20 however clean it is: then the
// background is its own weakest moments, and snr is a lower bound. A sound that keeps one level (hiss, hum,
// a held tone) has no frame above its background: speech 0, snr 0.

/** What the meter found. */
export interface QualityNumbers {
  readonly seconds: number;
  /** Root mean square of the speech (of everything, where there is none), dB relative to full scale; -120 at least. */
  readonly level: number;
  /** Largest magnitude; 1 is full scale. */
  readonly peak: number;
  /** Fraction of samples at full scale. */
  readonly clipped: number;
  /** Speech over background, dB, 0 to 60; more cannot be told from digital silence. */
  readonly snr: number;
  /** Fraction of frames that stand out of the background. */
  readonly speech: number;
  /** Samples that were NaN or infinite; taken as silence. */
  readonly nonFinite: number;
}

const frameSeconds = 0.01;
const lowest = -120;
const highest = 20;
const binsPerDb = 2;
const backgroundFraction = 0.05;
const loudFraction = 0.95;
const aboveBackground = 6;
const speechRange = 35;
const speechFloor = -60;
const mostSnr = 60;
/** A little below 1: a clipped peak does not come back from a codec or a resampler quite as it was. */
const fullScale = 0.985;

/** Streaming meter: memory does not grow with the recording. */
export class QualityMeter {
  private readonly sampleRate: number;
  private readonly frameSamples: number;
  /** Frames and their summed power in each bin of level. */
  private readonly frames = new Float64Array((highest - lowest) * binsPerDb + 1);
  private readonly power = new Float64Array(this.frames.length);
  private samples = 0;
  private peak = 0;
  private clippedSamples = 0;
  private nonFinite = 0;
  private frameEnergy = 0;
  private frameFilled = 0;

  /** @param sampleRate hertz of the blocks to come */
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.frameSamples = Math.max(1, Math.round(sampleRate * frameSeconds));
  }

  /** Takes the next mono samples `[n]`. */
  push(block: Float32Array): void {
    for (let at = 0; at < block.length; ) {
      const end = Math.min(block.length, at + this.frameSamples - this.frameFilled);
      this.measure(block, at, end);
      this.frameFilled += end - at;
      at = end;
      if (this.frameFilled === this.frameSamples) this.closeFrame();
    }
    this.samples += block.length;
  }

  /** The numbers for all that was pushed. */
  result(): QualityNumbers {
    // A clip shorter than a frame is its own frame; a last piece of one is left out.
    if (this.samples < this.frameSamples && this.frameFilled > 0) this.closeFrame();
    const total = sum(this.frames, 0);
    const background = this.levelAt(backgroundFraction * total);
    const threshold = Math.max(
      background + aboveBackground,
      this.levelAt(loudFraction * total) - speechRange,
      speechFloor,
    );
    const first = binOf(threshold);
    const speechFrames = sum(this.frames, first);
    const level = decibels(
      speechFrames > 0 ? sum(this.power, first) / speechFrames : sum(this.power, 0) / Math.max(1, total),
    );
    const over = 10 ** (level / 10) - 10 ** (background / 10);
    return {
      seconds: this.samples / this.sampleRate,
      level,
      peak: this.peak,
      clipped: this.samples > 0 ? this.clippedSamples / this.samples : 0,
      snr: speechFrames > 0 ? Math.min(mostSnr, Math.max(0, decibels(over) - background)) : 0,
      speech: total > 0 ? speechFrames / total : 0,
      nonFinite: this.nonFinite,
    };
  }

  private measure(block: Float32Array, from: number, to: number): void {
    let { peak, frameEnergy: energy } = this;
    let clipped = 0;
    for (let i = from; i < to; i++) {
      const value = block[i];
      const size = Math.abs(value);
      if (size < fullScale) {
        energy += value * value;
        if (size > peak) peak = size;
      } else if (size < Number.POSITIVE_INFINITY) {
        energy += value * value;
        if (size > peak) peak = size;
        clipped++;
      } else this.nonFinite++;
    }
    this.peak = peak;
    this.frameEnergy = energy;
    this.clippedSamples += clipped;
  }

  private closeFrame(): void {
    const power = this.frameEnergy / this.frameFilled;
    const bin = binOf(decibels(power));
    this.frames[bin]++;
    this.power[bin] += power;
    this.frameEnergy = 0;
    this.frameFilled = 0;
  }

  /** The level, dB, that `count` frames stay below: the middle of its bin. */
  private levelAt(count: number): number {
    let below = 0;
    let bin = 0;
    while (bin < this.frames.length - 1 && below + this.frames[bin] <= count) below += this.frames[bin++];
    return lowest + bin / binsPerDb;
  }
}

function decibels(power: number): number {
  return Math.max(lowest, 10 * Math.log10(power));
}

/** The bin whose middle is nearest to this level. */
function binOf(level: number): number {
  return Math.round((Math.min(highest, Math.max(lowest, level)) - lowest) * binsPerDb);
}

function sum(values: Float64Array, from: number): number {
  let total = 0;
  for (let i = from; i < values.length; i++) total += values[i];
  return total;
}
