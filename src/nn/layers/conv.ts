// Convolution in one or two dimensions as a layer. Knows channels and kernels, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { he, zeros } from "../init.ts";
import { type Context, Module, Parameter } from "../module.ts";

export interface ConvOptions {
  strides?: readonly number[];
  dilations?: readonly number[];
  /** Zeros added at both ends of each axis; by default what keeps the length at stride 1 (of odd kernels). */
  pads?: readonly number[];
  group?: number;
  /** How large the weights begin, over what keeps the variance through a rectifier. */
  gain?: number;
}

/** Convolution `[B, C, ...]` -> `[B, M, ...]`, one kernel size per spatial axis. */
export class Conv extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly options: ConvOptions;

  constructor(channels: number, maps: number, kernel: readonly number[], options: ConvOptions = {}) {
    super();
    const group = options.group ?? 1;
    const fanIn = (channels / group) * kernel.reduce((n, size) => n * size, 1);
    const { gain = 1 } = options;
    this.weight = new Parameter([maps, channels / group, ...kernel], he(fanIn / gain ** 2));
    this.bias = new Parameter([maps], zeros);
    const reach = kernel.map((size, i) => (options.dilations?.[i] ?? 1) * (size - 1));
    this.options = { pads: reach.map((n) => n >> 1), ...options };
  }

  forward(context: Context, x: Value): Value {
    return ops.conv(x, context.parameter(this.weight), context.parameter(this.bias), this.options);
  }
}
