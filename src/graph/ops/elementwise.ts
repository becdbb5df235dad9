// Elementwise operators: ONNX op, shape rule, gradient rule. Knows no layers.
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  log,
  mul,
  neg,
  pow,
  sin,
  sub,
  sumTo,
  where,
} from "../build.ts";
import type { Node, OpRule, Value } from "../graph.ts";
import { broadcast, GraphError, type TensorType } from "../tensor.ts";

/** The input at a place that an operator cannot do without. */
export function required(inputs: readonly (Value | null)[], i: number): Value {
  const input = inputs[i];
  if (!input) throw new GraphError(`input ${i} is missing`);
  return input;
}

function sameFloat(x: Value): TensorType {
  if (x.type !== "float32") throw new GraphError(`float32 expected, got ${x.type}`);
  return x;
}

/** y = f(x), element by element; `derivative` gives dx from dy, x and y. */
function unary(derivative: (dy: Value, x: Value, y: Value) => Value): OpRule {
  return {
    infer: (inputs) => [sameFloat(required(inputs, 0))],
    gradient: (node, [dy]) => [dy && derivative(dy, required(node.inputs, 0), node.outputs[0])],
  };
}

function broadcastType(inputs: readonly (Value | null)[], first: number): TensorType {
  const [a, b] = [required(inputs, first), required(inputs, first + 1)];
  if (a.type !== b.type) throw new GraphError(`${a.type} and ${b.type} do not mix; cast one of them`);
  return { type: a.type, shape: broadcast(a.shape, b.shape, "broadcast") };
}

/** y = f(a, b) with broadcasting; `derivatives` gives da and db at the shape of y. */
function binary(derivatives: (dy: Value, a: Value, b: Value, y: Value) => [Value, Value]): OpRule {
  return {
    infer: (inputs) => [broadcastType(inputs, 0)],
    gradient: (node, [dy]) => {
      if (!dy) return [null, null];
      const [a, b] = [required(node.inputs, 0), required(node.inputs, 1)];
      const [da, db] = derivatives(dy, a, b, node.outputs[0]);
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
  };
}

const comparison: OpRule = {
  infer: (inputs) => [{ type: "bool", shape: broadcastType(inputs, 0).shape }],
  gradient: null,
};

/** Where a and b tie, a takes the whole gradient. */
function chosen(dy: Value, condition: Value): [Value, Value] {
  return [where(condition, dy, 0), where(condition, 0, dy)];
}

const CAST_TYPES = { 1: "float32", 7: "int64", 9: "bool" } as const;

export const elementwise = {
  Add: binary((dy) => [dy, dy]),
  Sub: binary((dy) => [dy, neg(dy)]),
  Mul: binary((dy, a, b) => [mul(dy, b), mul(dy, a)]),
  // d(a/b)/db = -a/b^2 = -y/b
  Div: binary((dy, _a, b, y) => [div(dy, b), neg(mul(dy, div(y, b)))]),
  // d(a^b)/da = b a^(b-1); d(a^b)/db = y ln a
  Pow: binary((dy, a, b, y) => [mul(dy, mul(b, pow(a, sub(b, 1)))), mul(dy, mul(y, log(a)))]),
  Max: binary((dy, a, _b, y) => chosen(dy, equal(a, y))),
  Min: binary((dy, a, _b, y) => chosen(dy, equal(a, y))),
  Greater: comparison,
  Equal: comparison,
  Neg: unary((dy) => neg(dy)),
  Exp: unary((dy, _x, y) => mul(dy, y)),
  Log: unary((dy, x) => div(dy, x)),
  Sqrt: unary((dy, _x, y) => div(mul(dy, 0.5), y)),
  Abs: unary((dy, x) => where(greater(x, 0), dy, neg(dy))),
  Tanh: unary((dy, _x, y) => mul(dy, sub(1, mul(y, y)))),
  Sigmoid: unary((dy, _x, y) => mul(dy, mul(y, sub(1, y)))),
  Relu: unary((dy, x) => where(greater(x, 0), dy, 0)),
  Sin: unary((dy, x) => mul(dy, cos(x))),
  Cos: unary((dy, x) => neg(mul(dy, sin(x)))),
  // d erf(x)/dx = 2/sqrt(pi) exp(-x^2)
  Erf: unary((dy, x) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))),
  Identity: {
    infer: (inputs) => [required(inputs, 0)],
    gradient: (_node: Node, [dy]) => [dy],
  },
  Cast: {
    infer: (inputs, { to }) => {
      const type = CAST_TYPES[(to as { int: keyof typeof CAST_TYPES }).int];
      return [{ type, shape: required(inputs, 0).shape }];
    },
    // Numbers that were rounded or compared carry no gradient; float to float never needs a cast here.
    gradient: null,
  },
  Where: {
    infer: (inputs) => {
      const type = broadcastType(inputs, 1);
      return [{ type: type.type, shape: broadcast(required(inputs, 0).shape, type.shape, "Where") }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null, null];
      const [condition, a, b] = [0, 1, 2].map((i) => required(node.inputs, i));
      const [da, db] = chosen(dy, condition);
      return [null, sumTo(da, a.shape), sumTo(db, b.shape)];
    },
  },
} satisfies Record<string, OpRule>;

/** 1.0 where `a` equals `b`, else 0.0, shared out evenly among ties along `axes` by the caller. */
export function indicator(a: Value, b: Value): Value {
  return cast(equal(a, b), "float32");
}

/** The sum of values of one shape. */
export function total(values: readonly Value[]): Value {
  return values.reduce((sum, value) => add(sum, value));
}
