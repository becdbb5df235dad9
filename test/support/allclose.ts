// Compares numbers with numbers, within a stated tolerance. Knows nothing of what they mean.

export type Tolerance = {
  /** Allowed difference relative to the expected value. 0 if left out. */
  rtol?: number;
  /** Allowed absolute difference, for values near zero. 0 if left out. */
  atol?: number;
};

/**
 * Throws unless |actual - expected| <= atol + rtol * |expected| for every element (the rule of numpy.allclose).
 * NaN is never close to anything; an infinity is close to itself only.
 *
 * The message names the worst element (its index and both values), how many are off, and the worst relative error.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol = 0, atol = 0 }: Tolerance,
): void {
  if (actual.length !== expected.length) {
    throw new Error(`expectClose: got ${actual.length} numbers, expected ${expected.length}`);
  }
  let off = 0;
  let worst = { index: -1, excess: 0 };
  let worstRelative = 0;
  for (let index = 0; index < expected.length; index++) {
    const [a, e] = [actual[index]!, expected[index]!];
    if (Object.is(a, e)) {
      if (Number.isNaN(e))
        throw new Error(`expectClose: expected[${index}] is NaN, which nothing is close to`);
      continue;
    }
    const difference = finite(Math.abs(a - e));
    if (difference > 0) worstRelative = Math.max(worstRelative, difference / Math.abs(e));
    const allowed = Number.isFinite(e) ? atol + rtol * Math.abs(e) : 0;
    if (difference <= allowed) continue;
    off++;
    const excess = difference - allowed;
    if (worst.index < 0 || excess > worst.excess) worst = { index, excess };
  }
  if (off === 0) return;
  const { index } = worst;
  throw new Error(
    `expectClose: ${off} of ${expected.length} numbers are off (rtol ${rtol}, atol ${atol}). Worst at index ${index}: ` +
      `got ${actual[index]}, expected ${expected[index]}. Worst relative error ${worstRelative.toExponential(2)}.`,
  );
}

/** NaN as infinity: further off than any number. */
function finite(difference: number): number {
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
