// The operators as functions: `add(x, mul(y, 2))`. Knows how each is applied, not its rules.
import type { Attributes, Value } from "./graph.ts";
import { axisOf, GraphError, type Shape, sameShape, staticShape } from "./tensor.ts";

/** A value, or a number that becomes a constant beside it. */
export type Operand = Value | number;

function lift(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== "number") return [a, typeof b === "number" ? a.graph.scalar(b) : b];
  if (typeof b === "number") throw new GraphError("two plain numbers: add them in TypeScript");
  return [b.graph.scalar(a), b];
}

function one(op: string, inputs: readonly (Value | null)[], attributes?: Attributes): Value {
  const first = inputs[0];
  if (!first) throw new GraphError(`${op} was given no input`);
  return first.graph.apply(op, inputs, attributes)[0];
}

export const add = (a: Operand, b: Operand): Value => one("Add", lift(a, b));
export const sub = (a: Operand, b: Operand): Value => one("Sub", lift(a, b));
export const mul = (a: Operand, b: Operand): Value => one("Mul", lift(a, b));
export const div = (a: Operand, b: Operand): Value => one("Div", lift(a, b));
export const pow = (a: Operand, b: Operand): Value => one("Pow", lift(a, b));
export const max = (a: Operand, b: Operand): Value => one("Max", lift(a, b));
export const min = (a: Operand, b: Operand): Value => one("Min", lift(a, b));
export const greater = (a: Operand, b: Operand): Value => one("Greater", lift(a, b));
export const equal = (a: Operand, b: Operand): Value => one("Equal", lift(a, b));
export const where = (condition: Value, a: Operand, b: Operand): Value =>
  one("Where", [
    condition,
    typeof a === "number" ? condition.graph.scalar(a) : a,
    typeof b === "number" ? condition.graph.scalar(b) : b,
  ]);

export const neg = (x: Value): Value => one("Neg", [x]);
export const exp = (x: Value): Value => one("Exp", [x]);
export const log = (x: Value): Value => one("Log", [x]);
export const sqrt = (x: Value): Value => one("Sqrt", [x]);
export const abs = (x: Value): Value => one("Abs", [x]);
export const tanh = (x: Value): Value => one("Tanh", [x]);
export const sigmoid = (x: Value): Value => one("Sigmoid", [x]);
export const relu = (x: Value): Value => one("Relu", [x]);
export const sin = (x: Value): Value => one("Sin", [x]);
export const cos = (x: Value): Value => one("Cos", [x]);
export const erf = (x: Value): Value => one("Erf", [x]);
export const identity = (x: Value): Value => one("Identity", [x]);
export const cast = (x: Value, to: "float32" | "int64" | "bool"): Value =>
  one("Cast", [x], { to: { int: { float32: 1, int64: 7, bool: 9 }[to] } });

/** Sum, mean or maximum over `axes`; with `keep`, they stay as dimensions of 1. */
const reduction = (op: string) => {
  return (x: Value, axes: readonly number[], keep = false): Value =>
    one(op, [x, x.graph.ints(axes.map((axis) => axisOf(axis, x.shape.length, op)))], {
      keepdims: { int: keep ? 1 : 0 },
    });
};
export const reduceSum = reduction("ReduceSum");
export const reduceMean = reduction("ReduceMean");
export const reduceMax = reduction("ReduceMax");
/** Sums of all up to each place along an axis, itself among them; `reverse`: of all from it on. */
export const cumSum = (x: Value, axis: number, reverse = false): Value =>
  one("CumSum", [x, x.graph.ints([axisOf(axis, x.shape.length, "CumSum")])], {
    reverse: { int: reverse ? 1 : 0 },
  });
export const softmax = (x: Value, axis = -1): Value =>
  one("Softmax", [x], { axis: { int: axisOf(axis, x.shape.length, "Softmax") } });
export const logSoftmax = (x: Value, axis = -1): Value =>
  one("LogSoftmax", [x], { axis: { int: axisOf(axis, x.shape.length, "LogSoftmax") } });

/** Matrix product; leading dimensions broadcast. */
export const matmul = (a: Value, b: Value): Value => one("MatMul", [a, b]);
/** `op(a) op(b) + c` of matrices, op being a transposition where asked. */
export const gemm = (
  a: Value,
  b: Value,
  c: Value | null = null,
  { transA = false, transB = false }: { transA?: boolean; transB?: boolean } = {},
): Value =>
  one("Gemm", c ? [a, b, c] : [a, b], { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } });

export const transpose = (x: Value, perm: readonly number[]): Value =>
  one("Transpose", [x], { perm: { ints: perm } });
/** In `shape`, -1 is what is left over and 0 keeps the input's dimension at that place. */
export const reshape = (x: Value, shape: readonly number[]): Value =>
  one("Reshape", [x, x.graph.ints(shape)]);
export const unsqueeze = (x: Value, axes: readonly number[]): Value =>
  one("Unsqueeze", [x, x.graph.ints(axes)]);
export const squeeze = (x: Value, axes: readonly number[]): Value =>
  one("Squeeze", [x, x.graph.ints(axes.map((axis) => axisOf(axis, x.shape.length, "Squeeze")))]);
export const concat = (xs: readonly Value[], axis: number): Value =>
  xs.length === 1 ? xs[0] : one("Concat", xs, { axis: { int: axisOf(axis, xs[0].shape.length, "Concat") } });
export const split = (x: Value, sizes: readonly number[], axis: number): Value[] =>
  x.graph.apply("Split", [x, x.graph.ints(sizes)], { axis: { int: axisOf(axis, x.shape.length, "Split") } });
/** Elements `start` to before `end` along `axis`; negative places count from the end. */
export const slice = (x: Value, axis: number, start: number, end: number, step = 1): Value =>
  one("Slice", [
    x,
    x.graph.ints([start]),
    x.graph.ints([end]),
    x.graph.ints([axisOf(axis, x.shape.length, "Slice")]),
    x.graph.ints([step]),
  ]);
export const expand = (x: Value, shape: readonly number[]): Value => one("Expand", [x, x.graph.ints(shape)]);
/** Adds `before[i]` and `after[i]` zeros at the ends of each axis. */
export const pad = (x: Value, before: readonly number[], after: readonly number[]): Value =>
  one("Pad", [x, x.graph.ints([...before, ...after])]);

export interface HopOptions {
  hop: number;
  /** Samples of padding in front; behind, as many as the last hop needs. */
  before: number;
  /** Hops beyond floor(S / hop). */
  rows: number;
  /** What stands beyond the ends: the mirror image without the edge sample, or zeros. */
  padding: "reflect" | "constant";
}

/** Sound `[B, S]`, S known when the graph runs, padded and cut into hops `[B, floor(S / hop) + rows, hop]`. */
export const hops = (audio: Value, { hop, before, rows, padding }: HopOptions): Value =>
  one("Hops", [audio], {
    hop: { int: hop },
    before: { int: before },
    rows: { int: rows },
    mode: { string: padding },
  });

export interface WindowOptions {
  strides?: readonly number[];
  dilations?: readonly number[];
  /** Elements added at both ends of each spatial axis. */
  pads?: readonly number[];
  group?: number;
}

function windowAttributes(kernel: readonly number[], options: WindowOptions): Attributes {
  const ones = kernel.map(() => 1);
  const pads = options.pads ?? kernel.map(() => 0);
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: options.strides ?? ones },
    pads: { ints: [...pads, ...pads] },
  };
}

/** Convolution of x `[B, C, ...]` with w `[M, C / group, ...kernel]`, plus bias `[M]`. */
export const conv = (x: Value, w: Value, bias: Value | null, options: WindowOptions = {}): Value => {
  const kernel = staticShape(w.shape.slice(2), "Conv");
  return one("Conv", bias ? [x, w, bias] : [x, w], {
    ...windowAttributes(kernel, options),
    dilations: { ints: options.dilations ?? kernel.map(() => 1) },
    group: { int: options.group ?? 1 },
  });
};
export const maxPool = (x: Value, kernel: readonly number[], options: WindowOptions = {}): Value =>
  one("MaxPool", [x], windowAttributes(kernel, { strides: kernel, ...options }));
/** Padding does not count in the mean. */
export const averagePool = (x: Value, kernel: readonly number[], options: WindowOptions = {}): Value =>
  one("AveragePool", [x], windowAttributes(kernel, { strides: kernel, ...options }));

/** Layer normalisation over the last axis (Ba et al. 2016, arXiv:1607.06450). */
export const layerNorm = (x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value =>
  one("LayerNormalization", [x, scale, bias], {
    axis: { int: x.shape.length - 1 },
    epsilon: { float: epsilon },
  });

/**
 * One direction of an LSTM over time-major x `[T, B, I]`; gives `[T, B, H]`.
 * w `[4H, I]`, r `[4H, H]`, bias `[4H]`, gates in ONNX's order: input, output, forget, cell.
 * mask `[T, B, 1]` (1: a frame, 0: padding) matters in reverse only, where padding comes first.
 */
export const lstm = (
  x: Value,
  w: Value,
  r: Value,
  bias: Value,
  { reverse = false, mask = null }: { reverse?: boolean; mask?: Value | null } = {},
): Value => one("Lstm", [x, w, r, bias, mask], { reverse: { int: reverse ? 1 : 0 } });

/** Sums `gradient` back to `shape`, undoing a broadcast. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, i) =>
    i < extra || (shape[i - extra] === 1 && dim !== 1) ? [i] : [],
  );
  const summed = reduceSum(gradient, axes, true);
  return extra
    ? squeeze(
        summed,
        Array.from({ length: extra }, (_, i) => i),
      )
    : summed;
}
