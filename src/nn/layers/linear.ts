// A fully connected layer. Knows matrices, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { glorot, zeros } from "../init.ts";
import { type Context, Module, Parameter } from "../module.ts";

/** y = x W + b over the last axis: `[..., inputs]` -> `[..., outputs]`. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(inputs: number, outputs: number) {
    super();
    this.weight = new Parameter([inputs, outputs], glorot(inputs, outputs));
    this.bias = new Parameter([outputs], zeros);
  }

  forward(context: Context, x: Value): Value {
    const [weight, bias] = [context.parameter(this.weight), context.parameter(this.bias)];
    return x.shape.length === 2 ? ops.gemm(x, weight, bias) : ops.add(ops.matmul(x, weight), bias);
  }
}
