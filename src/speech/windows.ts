// Cutting sound into windows and joining their answers into a timeline. Pure: knows seconds, no model.

/** How a model wants its sound cut; a model card is one. `sampleRate` in hertz, `window` and `hop` in seconds. */
export type WindowSize = { sampleRate: number; window: number; hop: number };

/** A piece of a recording: `start` and `end` in seconds from its beginning. */
export type SoundWindow = { start: number; end: number; samples: Float32Array };

type WindowSamples = { windowSamples: number; hopSamples: number };

function inSamples({ sampleRate, window, hop }: WindowSize): WindowSamples {
  const windowSamples = Math.round(window * sampleRate);
  const hopSamples = Math.round(hop * sampleRate);
  if (!(windowSamples >= 1 && hopSamples >= 1 && hopSamples <= windowSamples)) {
    throw new RangeError(
      `windows: got a window of ${window} s and a hop of ${hop} s at ${sampleRate} Hz, ` +
        "expected both at least one sample and the hop not longer than the window, or sound is left out",
    );
  }
  return { windowSamples, hopSamples };
}

/**
 * Where windows start in a recording of `totalSamples`, in samples, ascending.
 *
 * A window every hop from the beginning; where the end would be left out, one more that ends with the recording. So
 * every sample lies in at least one window and no window is padded. A recording not longer than a window is one
 * window of its own length; an empty one has none.
 */
export function windowStarts(totalSamples: number, size: WindowSize): number[] {
  const { windowSamples, hopSamples } = inSamples(size);
  if (totalSamples <= 0) return [];
  if (totalSamples <= windowSamples) return [0];
  const starts: number[] = [];
  const last = totalSamples - windowSamples;
  for (let start = 0; start < last; start += hopSamples) starts.push(start);
  starts.push(last);
  return starts;
}

/**
 * Cuts sound that arrives in pieces of any length into the windows of `windowStarts`.
 *
 * Holds one window of samples, whatever the length of the recording.
 */
export class WindowCutter {
  readonly #sampleRate: number;
  readonly #hopSamples: number;
  /** The last window's worth of samples; sample `i` of the recording lies at `i % length`. */
  readonly #ring: Float32Array;
  #total = 0;
  /** Where the next regular window ends, in samples. */
  #nextEnd: number;
  /** Where the last window that was given out ended; 0 before the first. */
  #lastEnd = 0;

  /** @throws RangeError where the hop is longer than the window or either is shorter than a sample */
  constructor(size: WindowSize) {
    const { windowSamples, hopSamples } = inSamples(size);
    this.#sampleRate = size.sampleRate;
    this.#hopSamples = hopSamples;
    this.#ring = new Float32Array(windowSamples);
    this.#nextEnd = windowSamples;
  }

  /** Take the next samples; give the windows that they complete, each with samples of its own. */
  push(samples: Float32Array): SoundWindow[] {
    const windows: SoundWindow[] = [];
    for (let taken = 0; taken < samples.length; ) {
      const place = this.#total % this.#ring.length;
      const n = Math.min(samples.length - taken, this.#ring.length - place, this.#nextEnd - this.#total);
      this.#ring.set(samples.subarray(taken, taken + n), place);
      taken += n;
      this.#total += n;
      if (this.#total === this.#nextEnd) {
        windows.push(this.#last());
        this.#nextEnd += this.#hopSamples;
      }
    }
    return windows;
  }

  /** The recording ends here: give the window that ends with it, where sound is left. Then begin a new recording. */
  flush(): SoundWindow[] {
    const windows = this.#total > this.#lastEnd ? [this.#last()] : [];
    this.#total = 0;
    this.#lastEnd = 0;
    this.#nextEnd = this.#ring.length;
    return windows;
  }

  /** The last window's worth of samples, or all where there are fewer, in order. */
  #last(): SoundWindow {
    const size = this.#ring.length;
    const length = Math.min(size, this.#total);
    const samples = new Float32Array(length);
    const first = (this.#total - length) % size;
    samples.set(this.#ring.subarray(first, Math.min(size, first + length)));
    if (first + length > size) samples.set(this.#ring.subarray(0, first + length - size), size - first);
    this.#lastEnd = this.#total;
    return {
      start: (this.#total - length) / this.#sampleRate,
      end: this.#total / this.#sampleRate,
      samples,
    };
  }
}
