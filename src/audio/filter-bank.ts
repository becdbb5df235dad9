// The low-pass filter of the resampler, cut into phases. Knows numbers, not streams.

import { tapsMultiple } from "./fir-kernel.ts";

/** Zero crossings of the windowed sinc on each side, counted at the lower of the two rates. */
const zeroCrossings = 32;
/** Kaiser window: stop band at -113 dB and lower (Kaiser & Schafer 1980, A = beta / 0.1102 + 8.7). */
const beta = 11.5;
/** Cut-off as a part of the lower Nyquist frequency: places the stop band's edge at 8.5 kHz for 16 kHz. */
const cutOff = 0.947;
/** More phases than this are not tabled but interpolated between: error below -125 dB, table below 7 MB. */
const mostPhases = 2048;
const lowestRate = 1000;
const highestRate = 768_000;

/** Tap table of one rate pair. Output m stands on input m * down / up. */
export interface FilterBank {
  /** Interpolation and decimation factors, in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Taps of one phase, a multiple of `tapsMultiple`. */
  readonly taps: number;
  /** Whole input samples from one output to the next: floor(down / up). */
  readonly step: number;
  /** Phases in the table: `up`, or fewer, with one row more to interpolate to. */
  readonly grid: number;
  /** `[grid (+ 1), taps]`, row after row. */
  readonly rows: Float32Array;
}

/** Banks made lately: a corpus has thousands of clips and two or three rates. */
const made = new Map<string, FilterBank>();
const mostKept = 8;

/** The filter from `from` Hz to `to` Hz. Throws a RangeError on a rate that is no whole number in 1,000-768,000. */
export function filterBank(from: number, to: number): FilterBank {
  for (const rate of [from, to]) {
    if (!isRate(rate)) {
      throw new RangeError(
        `Resampler: ${rate} Hz is not a sample rate it can work with; give a whole number from ${lowestRate} to ${highestRate}.`,
      );
    }
  }
  const divisor = gcd(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const key = `${up}:${down}`;
  const bank = made.get(key) ?? makeBank(up, down);
  made.delete(key);
  made.set(key, bank);
  if (made.size > mostKept) made.delete(made.keys().next().value!);
  return bank;
}

/** Whether the resampler can work with this rate, in Hz. */
export function isRate(rate: number): boolean {
  return Number.isInteger(rate) && rate >= lowestRate && rate <= highestRate;
}

function makeBank(up: number, down: number): FilterBank {
  const widen = Math.max(1, down / up);
  const taps = tapsMultiple * Math.ceil((2 * zeroCrossings * widen) / tapsMultiple);
  const half = taps / 2;
  const grid = Math.min(up, mostPhases);
  const rowCount = grid === up ? grid : grid + 1;
  const rows = new Float32Array(rowCount * taps);
  const atZero = bessel(beta);
  for (let row = 0, i = 0; row < rowCount; row++) {
    for (let k = 0; k < taps; k++, i++) {
      // Distance of this tap from the output's instant, in samples of the lower rate.
      const t = (k - half + 1 - row / grid) / widen;
      const edge = t / zeroCrossings;
      if (Math.abs(edge) >= 1) continue;
      rows[i] = ((cutOff / widen) * sinc(cutOff * t) * bessel(beta * Math.sqrt(1 - edge * edge))) / atZero;
    }
  }
  return { up, down, taps, step: Math.floor(down / up), grid, rows };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function bessel(x: number): number {
  const quarter = (x * x) / 4;
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
