// Operators that move elements without computing: shape rules and gradients. Knows no layers.
import { concat, pad, reshape, slice, split, squeeze, sumTo, transpose, unsqueeze } from "../build.ts";
import type { Attributes, OpRule, Value } from "../graph.ts";
import {
  addDims,
  axisOf,
  broadcast,
  type Dim,
  GraphError,
  intsOf,
  mapDim,
  type Shape,
  showShape,
  sizeOf,
  staticShape,
} from "../tensor.ts";
import { required } from "./elementwise.ts";

function constantInts(inputs: readonly (Value | null)[], i: number): number[] {
  const constant = required(inputs, i).constant;
  if (!constant) throw new GraphError(`input ${i} must be a constant`);
  return intsOf(constant);
}

function axisAttribute(attributes: Attributes): number {
  return (attributes.axis as { int: number }).int;
}

function withDim(shape: Shape, axis: number, dim: Dim): Shape {
  return shape.map((old, i) => (i === axis ? dim : old));
}

interface SliceOf {
  axis: number;
  start: number;
  end: number;
  step: number;
}

function sliceOf(inputs: readonly (Value | null)[]): SliceOf {
  const [start, end, axis, step] = [1, 2, 3, 4].map((i) => constantInts(inputs, i)[0]);
  return { axis, start, end, step };
}

/** First element and count of a slice over `n` elements (ONNX Slice: clamped, negatives from the end). */
function sliceRange({ start, end, step }: SliceOf, n: number): { first: number; count: number } {
  const place = (at: number, low: number, high: number) =>
    Math.min(Math.max(at < 0 ? at + n : at, low), high);
  const first = step > 0 ? place(start, 0, n) : place(start, 0, n - 1);
  const last = step > 0 ? place(end, 0, n) : place(end, -1, n - 1);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
}

/**
 * How many elements a slice has. Of a dimension without a number, a slice near one end is taken to have all that it
 * asks for, since a shorter input could not run.
 */
function sliceDim(part: SliceOf, dim: Dim): Dim {
  if (typeof dim === "number") return sliceRange(part, dim).count;
  const { start, step } = part;
  const end = start < 0 && part.end === Number.MAX_SAFE_INTEGER ? 0 : part.end;
  const nearOneEnd =
    start < 0 ? end <= 0 && end > Number.MIN_SAFE_INTEGER : end >= 0 && end < Number.MAX_SAFE_INTEGER;
  if (nearOneEnd) return Math.max(0, Math.ceil((end - start) / step));
  return mapDim(dim, `N[${start}:${end}:${step}]`, (n) => n);
}

/**
 * The adjoint of taking every `step`-th element from `first` on: puts the elements of `x` back to their
 * places along `axis` among `n`, zeros elsewhere.
 */
export function unslice(x: Value, axis: number, first: number, step: number, n: number): Value {
  const shape = staticShape(x.shape, "the gradient of Slice");
  let spaced = x;
  const count = shape[axis];
  if (step > 1) {
    const at = axis + 1;
    const wide = unsqueeze(x, [at]);
    const after = wide.shape.map((_, i) => (i === at ? step - 1 : 0));
    const zeros = after.map(() => 0);
    const filled = reshape(pad(wide, zeros, after), withDim(shape, axis, count * step) as number[]);
    spaced = slice(filled, axis, 0, (count - 1) * step + 1);
  }
  const length = (count - 1) * step + 1;
  const only = (value: number) => shape.map((_, i) => (i === axis ? value : 0));
  return pad(spaced, only(first), only(n - first - length));
}

function reversed(x: Value, axis: number): Value {
  return slice(x, axis, -1, Number.MIN_SAFE_INTEGER, -1);
}

function permutation(attributes: Attributes): readonly number[] {
  return (attributes.perm as { ints: readonly number[] }).ints;
}

function reshaped(from: Shape, to: readonly number[]): Shape {
  const shape: Dim[] = to.map((dim, i) => (dim === 0 ? from[i] : dim));
  const free = shape.indexOf(-1);
  // Symbolic dimensions kept with 0 cancel on both sides; what is left must be numbers, or one name.
  const rest = [...from];
  for (const dim of shape) {
    if (typeof dim === "string") rest.splice(rest.indexOf(dim), 1);
  }
  const names = rest.filter((dim) => typeof dim === "string");
  const have = sizeOf(rest.filter((dim) => typeof dim === "number"));
  const want = sizeOf(shape.filter((dim): dim is number => typeof dim === "number" && dim !== -1));
  if (free < 0) {
    if (!names.length && have !== want)
      throw new GraphError(`${showShape(from)} does not reshape to ${showShape(to)}`);
    return shape;
  }
  if (!names.length && have % want)
    throw new GraphError(`${showShape(from)} does not reshape to ${showShape(to)}`);
  const factor = have === want ? "" : `*${have}/${want}`;
  shape[free] = names.length ? `${names.map((name) => `(${name})`).join("*")}${factor}` : have / want;
  if (names.length === 1 && !factor) shape[free] = names[0];
  return shape;
}

export const movement = {
  Transpose: {
    infer: (inputs, attributes) => {
      const x = required(inputs, 0);
      const perm = permutation(attributes);
      if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== x.shape.length) {
        throw new GraphError(`[${perm}] is not a permutation of the axes of ${showShape(x.shape)}`);
      }
      return [{ type: x.type, shape: perm.map((axis) => x.shape[axis]) }];
    },
    gradient: (node, [dy]) => {
      const perm = permutation(node.attributes);
      return [
        dy &&
          transpose(
            dy,
            perm.map((_, i) => perm.indexOf(i)),
          ),
      ];
    },
  },
  Reshape: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      return [{ type: x.type, shape: reshaped(x.shape, constantInts(inputs, 1)) }];
    },
    gradient: (node, [dy]) => [
      dy && reshape(dy, staticShape(required(node.inputs, 0).shape, "the gradient of Reshape")),
      null,
    ],
  },
  Unsqueeze: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      const axes = constantInts(inputs, 1);
      const rest = [...x.shape];
      const rank = x.shape.length + axes.length;
      return [
        {
          type: x.type,
          shape: Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : rest.shift()!)),
        },
      ];
    },
    gradient: (node, [dy]) => [dy && squeeze(dy, constantInts(node.inputs, 1)), null],
  },
  Squeeze: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      const axes = constantInts(inputs, 1);
      for (const axis of axes) {
        if (x.shape[axis] !== 1) throw new GraphError(`axis ${axis} of ${showShape(x.shape)} is not 1`);
      }
      return [{ type: x.type, shape: x.shape.filter((_, i) => !axes.includes(i)) }];
    },
    gradient: (node, [dy]) => [dy && unsqueeze(dy, constantInts(node.inputs, 1)), null],
  },
  Concat: {
    infer: (inputs, attributes) => {
      const first = required(inputs, 0);
      const axis = axisAttribute(attributes);
      let along: Dim = 0;
      inputs.forEach((_, i) => {
        const { shape } = required(inputs, i);
        const fits =
          shape.length === first.shape.length &&
          shape.every((dim, j) => j === axis || dim === first.shape[j]);
        if (!fits)
          throw new GraphError(`${showShape(first.shape)} and ${showShape(shape)} differ off axis ${axis}`);
        const dim = shape[axis];
        along = addDims(along, dim);
      });
      return [{ type: first.type, shape: withDim(first.shape, axis, along) }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return node.inputs.map(() => null);
      const axis = axisAttribute(node.attributes);
      const sizes = staticShape(
        node.inputs.map((_, i) => required(node.inputs, i).shape[axis]),
        "the gradient of Concat",
      );
      return split(dy, sizes, axis);
    },
  },
  Split: {
    infer: (inputs, attributes) => {
      const x = required(inputs, 0);
      const axis = axisAttribute(attributes);
      const sizes = constantInts(inputs, 1);
      const dim = x.shape[axis];
      if (typeof dim === "number" && sizes.reduce((a, b) => a + b, 0) !== dim) {
        throw new GraphError(`parts of ${sizes} do not add up to ${dim}`);
      }
      return sizes.map((size) => ({ type: x.type, shape: withDim(x.shape, axis, size) }));
    },
    gradient: (node, dys) => {
      const x = required(node.inputs, 0);
      const parts = dys.map((dy, i) => {
        const shape = staticShape(node.outputs[i].shape, "the gradient of Split");
        return dy ?? x.graph.constant({ type: "float32", shape, data: new Uint8Array(4 * sizeOf(shape)) });
      });
      return [concat(parts, axisAttribute(node.attributes)), null];
    },
  },
  Slice: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      const part = sliceOf(inputs);
      const axis = axisOf(part.axis, x.shape.length, "Slice");
      const dim = sliceDim(part, x.shape[axis]);
      return [{ type: x.type, shape: withDim(x.shape, axis, dim) }];
    },
    gradient: (node, [dy]) => {
      const none = [null, null, null, null];
      if (!dy) return [null, ...none];
      const part = sliceOf(node.inputs);
      const n = staticShape(required(node.inputs, 0).shape, "the gradient of Slice")[part.axis];
      const { first, count } = sliceRange(part, n);
      if (part.step > 0) return [unslice(dy, part.axis, first, part.step, n), ...none];
      const lowest = first + (count - 1) * part.step;
      return [unslice(reversed(dy, part.axis), part.axis, lowest, -part.step, n), ...none];
    },
  },
  Expand: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      return [{ type: x.type, shape: broadcast(x.shape, constantInts(inputs, 1), "Expand") }];
    },
    gradient: (node, [dy]) => [dy && sumTo(dy, required(node.inputs, 0).shape), null],
  },
  Pad: {
    infer: (inputs) => {
      const x = required(inputs, 0);
      const pads = constantInts(inputs, 1);
      const shape = x.shape.map((dim, i) => {
        const more = pads[i] + pads[i + x.shape.length];
        return addDims(dim, more);
      });
      return [{ type: x.type, shape }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null];
      const shape = staticShape(required(node.inputs, 0).shape, "the gradient of Pad");
      const pads = constantInts(node.inputs, 1);
      return [shape.reduce((g, n, axis) => slicePart(g, axis, pads[axis], n), dy), null];
    },
  },
} satisfies Record<string, OpRule>;

/** `n` elements from `start`; the whole axis as it is. */
export function slicePart(x: Value, axis: number, start: number, n: number): Value {
  return start === 0 && x.shape[axis] === n ? x : slice(x, axis, start, start + n);
}
