// Checks of raw samples, for callers who bring their own. Knows numbers.

/**
 * @param before samples of the same sound that came earlier, for the message
 * @throws RangeError naming the first sample that is NaN or infinite
 */
export function requireFinite(samples: Float32Array, before: number, who: string): void {
  // One NaN or infinity times zero is NaN, and stays so through any sum.
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * 0;
  if (sum === 0) return;
  const first = samples.findIndex((sample) => !Number.isFinite(sample));
  throw new RangeError(
    `${who}: sample ${before + first} is ${samples[first]}, expected numbers, mostly in -1..1; ` +
      "replace what is no number by 0, or find out where it comes from",
  );
}
