// A fully connected layer. Knows matrices, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { glorot, zeros } from "../init.ts";
import { type Context, Module, Parameter } from "../module.ts";

/** y = x W + b over the last axis: `[..., inputs]` -> `[..., outputs]`. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(inputs: number, outputs: number, { bias = true } = {}) {
    super();
    this.weight = new Parameter([inputs, outputs], glorot(inputs, outputs));
    this.bias = bias ? new Parameter([outputs], zeros) : null;
  }

  forward(context: Context, x: Value): Value {
    const weight = context.parameter(this.weight);
    const bias = this.bias && context.parameter(this.bias);
    if (x.shape.length === 2) return ops.gemm(x, weight, bias);
    const product = ops.matmul(x, weight);
    return bias ? ops.add(product, bias) : product;
  }
}
