// The LSTM as a layer, one direction or both. Knows sequences, no speech.
import { ops, type Value } from "../../graph/index.ts";
import { forgetBias, glorot, orthogonalBlocks } from "../init.ts";
import { type Context, Module, Parameter } from "../module.ts";

/** One direction. Weights stack the gates in ONNX's order: input, output, forget, cell. */
class Direction extends Module {
  readonly w: Parameter;
  readonly r: Parameter;
  readonly bias: Parameter;

  constructor(inputs: number, hidden: number) {
    super();
    this.w = new Parameter([4 * hidden, inputs], glorot(inputs, hidden));
    this.r = new Parameter([4 * hidden, hidden], orthogonalBlocks);
    this.bias = new Parameter([4 * hidden], forgetBias);
  }
}

/**
 * Time-major `[T, B, I]` -> `[T, B, H]`, or `[T, B, 2H]` in both directions. Frames behind a sequence's end give
 * numbers without meaning: mask them. With a mask `[T, B, 1]` they change nothing in the frames before them.
 */
export class Lstm extends Module {
  readonly directions: readonly Direction[];

  constructor(inputs: number, hidden: number, { bidirectional = false } = {}) {
    super();
    this.directions = Array.from({ length: bidirectional ? 2 : 1 }, () => new Direction(inputs, hidden));
  }

  forward(context: Context, x: Value, mask: Value | null = null): Value {
    const outputs = this.directions.map(({ w, r, bias }, i) => {
      const [wv, rv, bv] = [w, r, bias].map((parameter) => context.parameter(parameter));
      return ops.lstm(x, wv, rv, bv, { reverse: i === 1, mask });
    });
    return ops.concat(outputs, 2);
  }
}
