// Layer and batch normalisation. Knows axes and masks, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { ones, zeros } from "../init.ts";
import { Buffer, type Context, Module, Parameter } from "../module.ts";

/** Over the last axis (Ba et al. 2016, arXiv:1607.06450). */
export class LayerNorm extends Module {
  readonly scale: Parameter;
  readonly bias: Parameter;

  constructor(width: number) {
    super();
    this.scale = new Parameter([width], ones);
    this.bias = new Parameter([width], zeros);
  }

  forward(context: Context, x: Value): Value {
    return ops.layerNorm(x, context.parameter(this.scale), context.parameter(this.bias));
  }
}

/**
 * Per channel of `[B, C, ...]` (Ioffe and Szegedy 2015, arXiv:1502.03167). While training, the statistics are the
 * batch's, over frames that `mask` (broadcasting against x, 1 or 0) lets count; else the running ones.
 */
export class BatchNorm extends Module {
  readonly scale: Parameter;
  readonly bias: Parameter;
  readonly mean: Buffer;
  readonly variance: Buffer;
  /** Weight of the batch in the running statistics. */
  readonly momentum: number;
  readonly epsilon: number;

  constructor(channels: number, { momentum = 0.1, epsilon = 1e-5 } = {}) {
    super();
    this.scale = new Parameter([channels], ones);
    this.bias = new Parameter([channels], zeros);
    this.mean = new Buffer([channels], 0);
    this.variance = new Buffer([channels], 1);
    this.momentum = momentum;
    this.epsilon = epsilon;
  }

  forward(context: Context, x: Value, mask: Value | null = null): Value {
    const column = [1, -1, ...x.shape.slice(2).map(() => 1)];
    const wide = (value: Value) => ops.reshape(value, column);
    const [scale, bias] = [context.parameter(this.scale), context.parameter(this.bias)];
    const gain = (variance: Value) => ops.div(scale, ops.sqrt(ops.add(variance, this.epsilon)));
    const [mean, variance] = [context.buffer(this.mean), context.buffer(this.variance)];
    if (!context.training) {
      // One product and one sum, so that ONNX Runtime can fold them into a convolution before.
      const fixed = gain(variance);
      return ops.add(ops.mul(x, wide(fixed)), wide(ops.sub(bias, ops.mul(mean, fixed))));
    }
    const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const counted = ops.expand(
      mask ?? x.graph.scalar(1),
      x.shape.map((dim, axis) => (axis === 1 ? 1 : (dim as number))),
    );
    const count = ops.reduceSum(counted, axes);
    const average = (value: Value) => ops.div(ops.reduceSum(ops.mul(value, counted), axes), count);
    const batchMean = average(x);
    const centred = ops.sub(x, wide(batchMean));
    const batchVariance = average(ops.mul(centred, centred));
    // The running variance is the unbiased one: n / (n - 1).
    const unbiased = ops.mul(batchVariance, ops.div(count, ops.max(ops.sub(count, 1), 1)));
    const follow = (old: Value, now: Value) =>
      ops.add(ops.mul(old, 1 - this.momentum), ops.mul(now, this.momentum));
    context.update(this.mean, follow(mean, batchMean));
    context.update(this.variance, follow(variance, unbiased));
    return ops.add(ops.mul(centred, wide(gain(batchVariance))), wide(bias));
  }
}
