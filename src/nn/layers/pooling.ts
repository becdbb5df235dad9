// From a sequence to one vector: attention, attentive statistics, masked means. Knows masks, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { type Context, Module } from "../module.ts";
import { Linear } from "./linear.ts";

/** Softmax over `axis`, in which what `mask` (1 or 0) leaves out gets exactly 0. */
export function maskedSoftmax(scores: Value, mask: Value | null, axis: number): Value {
  if (!mask) return ops.softmax(scores, axis);
  // exp(-1e9) is 0 in float32, whatever the other scores are.
  return ops.softmax(ops.add(scores, ops.mul(ops.sub(mask, 1), 1e9)), axis);
}

/** Mean over time of time-major x `[T, B, C]` -> `[B, C]`; mask `[T, B, 1]`. */
export function meanOverTime(x: Value, mask: Value | null): Value {
  if (!mask) return ops.reduceMean(x, [0]);
  return ops.div(ops.reduceSum(ops.mul(x, mask), [0]), ops.reduceSum(mask, [0]));
}

/** Mean and standard deviation over time of time-major x `[T, B, C]` -> `[B, 2C]`; mask `[T, B, 1]`. */
export function statisticsOverTime(x: Value, mask: Value | null): Value {
  const mean = meanOverTime(x, mask);
  const centred = ops.sub(x, ops.unsqueeze(mean, [0]));
  const variance = meanOverTime(ops.mul(centred, centred), mask);
  return ops.concat([mean, ops.sqrt(ops.add(variance, 1e-5))], 1);
}

export interface Pooled {
  /** `[B, C]`, or `[B, 2C]` with standard deviations. */
  vector: Value;
  /** How much each frame counted, `[T, B, 1]`, sums to 1 over time. */
  attention: Value;
}

/**
 * Attentive pooling over time of `[T, B, C]`: a weighted mean and, with `deviation`, the weighted standard
 * deviation (Okabe et al. 2018, arXiv:1803.10963).
 */
export class AttentivePooling extends Module {
  readonly hidden: Linear;
  readonly score: Linear;
  readonly deviation: boolean;

  constructor(channels: number, width: number, { deviation = true } = {}) {
    super();
    this.hidden = new Linear(channels, width);
    // No bias: softmax does not see one.
    this.score = new Linear(width, 1, { bias: false });
    this.deviation = deviation;
  }

  forward(context: Context, x: Value, mask: Value | null = null): Pooled {
    const scores = this.score.forward(context, ops.tanh(this.hidden.forward(context, x)));
    const attention = maskedSoftmax(scores, mask, 0);
    const mean = ops.reduceSum(ops.mul(x, attention), [0], true);
    if (!this.deviation) return { vector: ops.squeeze(mean, [0]), attention };
    const centred = ops.sub(x, mean);
    const variance = ops.reduceSum(ops.mul(ops.mul(centred, centred), attention), [0], true);
    const spread = ops.sqrt(ops.add(variance, 1e-5));
    return { vector: ops.squeeze(ops.concat([mean, spread], 2), [0]), attention };
  }
}
