// Mel filter banks, the DCT and windows as plain numbers. Knows the scales by name, no graph.

/** `slaney`: linear below 1 kHz, logarithmic above (Slaney 1998, Auditory Toolbox); `htk`: O'Shaughnessy's formula. */
export type MelScale = "slaney" | "htk";
/** `slaney`: every triangle has the same area in hertz; `none`: every triangle has height 1. */
export type MelNorm = "slaney" | "none";

// Slaney's scale: 200/3 Hz a mel up to 1 kHz, then 27 mels for every factor of 6.4.
const LINEAR_STEP = 200 / 3;
const BREAK_HZ = 1000;
const BREAK_MEL = BREAK_HZ / LINEAR_STEP;
const LOG_STEP = Math.log(6.4) / 27;

export function hertzToMel(hertz: number, scale: MelScale): number {
  if (scale === "htk") return 2595 * Math.log10(1 + hertz / 700);
  return hertz < BREAK_HZ ? hertz / LINEAR_STEP : BREAK_MEL + Math.log(hertz / BREAK_HZ) / LOG_STEP;
}

export function melToHertz(mel: number, scale: MelScale): number {
  if (scale === "htk") return 700 * (10 ** (mel / 2595) - 1);
  return mel < BREAK_MEL ? mel * LINEAR_STEP : BREAK_HZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
}

export interface MelOptions {
  sampleRate: number;
  nFft: number;
  nMels: number;
  /** Edges of the lowest and the highest band, in hertz. */
  fMin: number;
  fMax: number;
  mel: MelScale;
  norm: MelNorm;
}

/** Triangular filters `[nFft / 2 + 1, nMels]`, row-major: power of a bin to power of a band. */
export function melFilters({ sampleRate, nFft, nMels, fMin, fMax, mel, norm }: MelOptions): Float64Array {
  const bins = nFft / 2 + 1;
  const [low, high] = [hertzToMel(fMin, mel), hertzToMel(fMax, mel)];
  const edges = Array.from({ length: nMels + 2 }, (_, i) =>
    melToHertz(low + ((high - low) * i) / (nMels + 1), mel),
  );
  const filters = new Float64Array(bins * nMels);
  for (let band = 0; band < nMels; band++) {
    const [left, centre, right] = edges.slice(band, band + 3);
    const height = norm === "slaney" ? 2 / (right - left) : 1;
    for (let bin = 0; bin < bins; bin++) {
      const hertz = (bin * sampleRate) / nFft;
      const rise = (hertz - left) / (centre - left);
      const fall = (right - hertz) / (right - centre);
      filters[bin * nMels + band] = height * Math.max(0, Math.min(rise, fall));
    }
  }
  return filters;
}

/** Orthonormal DCT-II as a matrix `[inputs, outputs]`, row-major (Ahmed et al. 1974). */
export function dctMatrix(inputs: number, outputs: number): Float64Array {
  const matrix = new Float64Array(inputs * outputs);
  for (let k = 0; k < outputs; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / inputs);
    for (let n = 0; n < inputs; n++) {
      matrix[n * outputs + k] = scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * inputs));
    }
  }
  return matrix;
}

/** Periodic Hann window: the one for spectra, with a zero at the front only. */
export function hannWindow(samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / samples));
}
