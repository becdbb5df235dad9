// Losses as graph nodes. Knows logits and targets, no speech.
import { ops, type Value } from "../graph/index.ts";

export interface CrossEntropyOptions {
  /** Share of every target that is spread evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567). */
  labelSmoothing?: number;
  /** What the weighted sum is divided by, a scalar; by default the sum of the weights. */
  total?: Value;
}

/**
 * Softmax cross-entropy of logits `[B, K]` with targets `[B, K]` (one-hot or soft labels that sum to 1), each
 * example weighted by weights `[B]`: sum(weight * loss) / total. A scalar.
 */
export function crossEntropy(
  logits: Value,
  targets: Value,
  weights: Value,
  { labelSmoothing = 0, total = ops.reduceSum(weights, [0]) }: CrossEntropyOptions = {},
): Value {
  const classes = targets.shape[1] as number;
  const smooth = labelSmoothing
    ? ops.add(ops.mul(targets, 1 - labelSmoothing), labelSmoothing / classes)
    : targets;
  const each = ops.neg(ops.reduceSum(ops.mul(smooth, ops.logSoftmax(logits)), [1]));
  return ops.div(ops.reduceSum(ops.mul(each, weights), [0]), total);
}

export interface SquaredErrorOptions {
  /** What the weighted sum is divided by, a scalar; by default the sum of the weights. */
  total?: Value;
}

/**
 * The squared difference of x and targets `[B, T, D]`, its mean over D, each frame counting by `frames` `[B, T, 1]`, which
 * sum to 1 over time, each example by `weights` `[B]`: sum(weight * mean) / total. A scalar.
 */
export function squaredError(
  x: Value,
  targets: Value,
  frames: Value,
  weights: Value,
  { total = ops.reduceSum(weights, [0]) }: SquaredErrorOptions = {},
): Value {
  const apart = ops.sub(x, targets);
  const each = ops.reduceMean(ops.mul(apart, apart), [2], true); // [B, T, 1]
  const mean = ops.reduceSum(ops.mul(each, frames), [1, 2]);
  return ops.div(ops.reduceSum(ops.mul(mean, weights), [0]), total);
}
