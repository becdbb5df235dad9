// How loud a block is, and how a meter shows it. Pure.

/** dB relative to full scale of the root mean square; silence is -100. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.max(-100, 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12));
}

const FLOOR = -60;

/** dBFS -> 0..1 of a meter's length: -60 and below is 0. */
export function meterShare(level: number): number {
  return Math.max(0, Math.min(1, 1 - level / FLOOR));
}
