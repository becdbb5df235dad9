// Reductions, softmax and layer normalisation: shape rules and gradients. Knows no layers.
import { cumSum, div, exp, mul, reduceMean, reduceSum, reshape, sub, sumTo } from "../build.ts";
import type { Attributes, OpRule, Value } from "../graph.ts";
import { axisOf, GraphError, intsOf, type Shape, staticShape } from "../tensor.ts";
import { indicator, required } from "./elementwise.ts";

function axesOf(inputs: readonly (Value | null)[]): number[] {
  const [x, axes] = [required(inputs, 0), required(inputs, 1)];
  if (!axes.constant) throw new GraphError("axes must be a constant");
  return intsOf(axes.constant).map((axis) => axisOf(axis, x.shape.length, "axes"));
}

function keepsDims(attributes: Attributes): boolean {
  return (attributes.keepdims as { int: number }).int === 1;
}

function reduced(x: Shape, axes: readonly number[], keep: boolean): Shape {
  return x.flatMap((dim, i) => (axes.includes(i) ? (keep ? [1] : []) : [dim]));
}

/** `derivative` gets dy and y with the reduced axes kept as 1, so that they broadcast against x. */
function reduction(derivative: (dy: Value, x: Value, y: Value, axes: number[]) => Value): OpRule {
  return {
    infer: (inputs, attributes) => {
      const x = required(inputs, 0);
      return [{ type: x.type, shape: reduced(x.shape, axesOf(inputs), keepsDims(attributes)) }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null];
      const x = required(node.inputs, 0);
      const axes = axesOf(node.inputs);
      const kept = staticShape(reduced(x.shape, axes, true), "the gradient of a reduction");
      return [derivative(reshape(dy, kept), x, reshape(node.outputs[0], kept), axes), null];
    },
  };
}

function spread(dy: Value, x: Value): Value {
  return dy.graph.apply("Expand", [dy, dy.graph.ints(staticShape(x.shape, "the gradient of a sum"))])[0];
}

function axisAttribute(attributes: Attributes): number {
  return (attributes.axis as { int: number }).int;
}

export const reductions = {
  ReduceSum: reduction((dy, x) => spread(dy, x)),
  ReduceMean: reduction((dy, x, _y, axes) => {
    const shape = staticShape(x.shape, "the gradient of a mean");
    return spread(
      div(
        dy,
        axes.reduce((n, axis) => n * shape[axis], 1),
      ),
      x,
    );
  }),
  // Elements that tie for the maximum share the gradient evenly, which is one of the subgradients.
  ReduceMax: reduction((dy, x, y, axes) => {
    const isMax = indicator(x, y);
    return mul(isMax, div(dy, reduceSum(isMax, axes, true)));
  }),
  CumSum: {
    infer: (inputs) => [required(inputs, 0)],
    // What stands at a place is in all sums from there on.
    gradient: (node, [dy]) => {
      const axis = axesOf(node.inputs)[0]!;
      const reverse = (node.attributes.reverse as { int: number }).int === 1;
      return [dy && cumSum(dy, axis, !reverse), null];
    },
  },
  Softmax: {
    infer: (inputs) => [required(inputs, 0)],
    // dx = y (dy - sum(dy y))
    gradient: (node, [dy]) => {
      if (!dy) return [null];
      const y = node.outputs[0];
      return [mul(y, sub(dy, reduceSum(mul(dy, y), [axisAttribute(node.attributes)], true)))];
    },
  },
  LogSoftmax: {
    infer: (inputs) => [required(inputs, 0)],
    // dx = dy - softmax(x) sum(dy)
    gradient: (node, [dy]) => {
      if (!dy) return [null];
      const softmax = exp(node.outputs[0]);
      return [sub(dy, mul(softmax, reduceSum(dy, [axisAttribute(node.attributes)], true)))];
    },
  },
  LayerNormalization: {
    // Outputs: y, mean, 1 / standard deviation.
    optionalOutputs: true,
    infer: (inputs) => {
      const x = required(inputs, 0);
      const statistics = { type: x.type, shape: [...x.shape.slice(0, -1), 1] };
      return [x, statistics, statistics];
    },
    // Ba et al. 2016: with n = (x - mean) inv, dx = inv (s - mean(s) - n mean(s n)), s = dy scale.
    gradient: (node, [dy]) => {
      if (!dy) return [null, null, null];
      const [x, scale] = [required(node.inputs, 0), required(node.inputs, 1)];
      const [, mean, inverse] = node.outputs;
      const last = [x.shape.length - 1];
      const normal = mul(sub(x, mean), inverse);
      const s = mul(dy, scale);
      const dx = mul(
        inverse,
        sub(sub(s, reduceMean(s, last, true)), mul(normal, reduceMean(mul(s, normal), last, true))),
      );
      return [dx, sumTo(mul(dy, normal), scale.shape), sumTo(dy, scale.shape)];
    },
  },
} satisfies Record<string, OpRule>;
