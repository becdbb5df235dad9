// Dropout (Srivastava et al. 2014). Knows its rate; the random numbers come from outside.
import { ops, staticShape, type Value } from "../../graph/index.ts";
import type { Context } from "../module.ts";

/**
 * Zeroes a share `rate` of x while training and scales the rest so that sums stay the same on average.
 * Along `shared` axes one draw serves all elements (Gal and Ghahramani 2016 share over time in recurrent networks).
 */
export function dropout(context: Context, x: Value, rate: number, shared: readonly number[] = []): Value {
  if (!context.training || rate === 0) return x;
  const shape = staticShape(x.shape, "dropout").map((dim, axis) => (shared.includes(axis) ? 1 : dim));
  const draw = context.uniform(shape);
  return ops.mul(x, ops.where(ops.greater(draw, rate), 1 / (1 - rate), 0));
}
