// Means over runs, and how sure they are: plain numbers. Knows no runs.

/** A mean with its 95 % interval; `null` where there is one value, which says nothing of how values differ. */
export interface Estimate {
  mean: number;
  low: number | null;
  high: number | null;
  /** Standard deviation of the values; 0 where there is one. */
  spread: number;
}

/** Student's t at 0.975, for 1 to 30 degrees of freedom. */
const T_975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
  2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
  2.0518, 2.0484, 2.0452, 2.0423,
];
const Z_975 = 1.959964;

/** Above the table by the expansion in 1 / degrees (Abramowitz and Stegun 1964, 26.7.5), right to four digits. */
export function studentT975(degrees: number): number {
  const listed = T_975[degrees - 1];
  if (listed !== undefined) return listed;
  const z = Z_975;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/**
 * The mean of shares and its 95 % t interval, within what the values can be: of differences between shares, -1..1.
 *
 * Values should be of different people: runs of one fold hear the same voices, and taken for a draw each they would make an
 * interval that speaks of seeds.
 *
 * @throws Error where there are no values
 */
export function estimate(
  values: readonly number[],
  [least, most]: readonly [number, number] = [0, 1],
): Estimate {
  const n = values.length;
  if (n === 0) throw new Error("estimate: there are no values, expected at least one");
  const mean = average(values);
  if (n === 1) return { mean, low: null, high: null, spread: 0 };
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentT975(n - 1) * spread) / Math.sqrt(n);
  return { mean, low: Math.max(least, mean - half), high: Math.min(most, mean + half), spread };
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
