// Temperature scaling: confidence that means accuracy. Knows logits and targets, no network.
// Source: Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv:1706.04599.

/** Probabilities of logits `[K]` divided by the temperature. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (value) => value / temperature);
  const top = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - top));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** Mean negative log-likelihood of the targets. */
export function logLoss(
  logits: readonly ArrayLike<number>[],
  targets: readonly number[],
  temperature = 1,
): number {
  let loss = 0;
  for (const [i, row] of logits.entries()) {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < row.length; k++) top = Math.max(top, row[k]!);
    let total = 0;
    for (let k = 0; k < row.length; k++) total += Math.exp((row[k]! - top) / temperature);
    loss += Math.min(Math.log(total) - (row[targets[i]!]! - top) / temperature, LEAST_LIKELY);
  }
  return loss / logits.length;
}
/** The loss of a target that was given no probability to speak of: 1e-12. */
const LEAST_LIKELY = -Math.log(1e-12);

/** Held-out answers can all be right; then no temperature is too sharp, and this is where it stops. */
const SHARPEST = 0.25;
const SOFTEST = 8;

/** The temperature that makes the targets likeliest: a golden-section search over its logarithm. */
export function fitTemperature(logits: readonly ArrayLike<number>[], targets: readonly number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(SHARPEST), Math.log(SOFTEST)];
  const loss = (x: number) => logLoss(logits, targets, Math.exp(x));
  while (high - low > 1e-3) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}
