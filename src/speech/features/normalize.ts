// Normalisation of features by the utterance's, or the speaker's, mean and spread. Knows ONNX, not emotions.
import { ops, type Value } from "../../graph/index.ts";

export interface Statistics {
  /** `[B, F]` */
  mean: Value;
  /** `[B, F]`, standard deviation over time. */
  spread: Value;
}

/** Mean and standard deviation over time of features `[B, T, F]`; mask `[B, T, 1]`. */
export function utteranceStatistics(features: Value, mask: Value | null): Statistics {
  const average = (x: Value) =>
    mask ? ops.div(ops.reduceSum(ops.mul(x, mask), [1]), ops.reduceSum(mask, [1])) : ops.reduceMean(x, [1]);
  const mean = average(features);
  const centred = ops.sub(features, ops.unsqueeze(mean, [1]));
  // 1e-10: the gradient of a square root at 0, of a feature that does not move, would be 0/0.
  return { mean, spread: ops.sqrt(ops.add(average(ops.mul(centred, centred)), 1e-10)) };
}

/**
 * Features `[B, T, F]` with mean 0 and spread 1: over the utterance or, where the speaker's are known, over the
 * speaker's usual mean and spread. `voice` is `[2, 2F]`: mean and spread, over a person's clips, of (mean, spread);
 * all zeros: not known. Padded frames come out as 0.
 */
export function normalize(features: Value, own: Statistics, mask: Value | null, voice: Value | null): Value {
  let { mean, spread } = own;
  if (voice) {
    const width = features.shape[2] as number;
    const known = ops.greater(ops.reduceMax(ops.abs(voice), [0, 1]), 0);
    const [usualMean, usualSpread] = ops.split(ops.slice(voice, 0, 0, 1), [width, width], 1);
    mean = ops.where(known, usualMean, mean);
    spread = ops.where(known, usualSpread, spread);
  }
  // 1e-3 keeps a constant feature (digital silence) at 0 instead of dividing by zero.
  const scaled = ops.div(
    ops.sub(features, ops.unsqueeze(mean, [1])),
    ops.add(ops.unsqueeze(spread, [1]), 1e-3),
  );
  return mask ? ops.mul(scaled, mask) : scaled;
}

/** Quieter than this below the clip's level is nothing, dB: what a recorder or a codec left in pauses. */
const DEEPEST = -60;
/** Features of 1 are this many dB. */
const UNIT = 20;

/**
 * Mel bands in dB `[B, T, F]` relative to the clip's own level, which is the decibels of its mean power, so that pauses
 * hardly move it: equal for a clip and the same clip played louder, whatever silence stands around it. Padded frames
 * come out as 0.
 */
export function relativeLevel(decibels: Value, mask: Value | null): Value {
  const power = ops.reduceMean(ops.exp(ops.mul(decibels, Math.LN10 / 10)), [2], true);
  const mean = mask
    ? ops.div(ops.reduceSum(ops.mul(power, mask), [1], true), ops.reduceSum(mask, [1], true))
    : ops.reduceMean(power, [1], true);
  const level = ops.mul(ops.log(mean), 10 / Math.LN10);
  const above = ops.div(ops.max(ops.sub(decibels, level), DEEPEST), UNIT);
  return mask ? ops.mul(above, mask) : above;
}
