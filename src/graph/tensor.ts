// Element types, shapes and constants. Knows ONNX's element types, no operators.
import type { ElementType, TensorData } from "../onnx/index.ts";

/** A dimension: a number, or the name of one that is known only when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface TensorType {
  type: ElementType;
  shape: Shape;
}

/** Thrown while a graph is described: shapes that do not fit, values from another graph. */
export class GraphError extends Error {}

export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The shape as numbers; what needs it is named in the error, since only training graphs need it. */
export function staticShape(shape: Shape, who: string): number[] {
  for (const dim of shape) {
    if (typeof dim === "string") {
      throw new GraphError(`${who} needs every dimension as a number, got ${showShape(shape)}`);
    }
  }
  return shape as number[];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Multidirectional broadcasting (ONNX "Broadcasting in ONNX"): dimensions align at the end; 1 stretches. */
export function broadcast(a: Shape, b: Shape, who: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new GraphError(`${who}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast`);
  });
}

/** Arithmetic on a dimension that may be symbolic: then the result is a new name that tells the formula. */
export function mapDim(dim: Dim, formula: string, value: (dim: number) => number): Dim {
  return typeof dim === "number" ? value(dim) : formula.replace("N", `(${dim})`);
}

/** A sum of dimensions. Numbers are added up, so that `frames` and 8 less 8 is `frames` again. */
export function addDims(...dims: readonly Dim[]): Dim {
  let constant = 0;
  const names: string[] = [];
  for (const dim of dims) {
    const [, name, offset] = typeof dim === "string" ? (/^(.*?)([+-]\d+)?$/.exec(dim) ?? []) : [];
    if (typeof dim === "number") constant += dim;
    else if (name) {
      names.push(name);
      constant += Number(offset ?? 0);
    }
  }
  if (!names.length) return constant;
  const sum = names.join("+");
  if (constant === 0) return sum;
  return constant > 0 ? `${sum}+${constant}` : `${sum}${constant}`;
}

/** An axis counted from the front; negative axes count from the back. */
export function axisOf(axis: number, rank: number, who: string): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank)
    throw new GraphError(`${who}: axis ${axis} of a tensor of rank ${rank}`);
  return positive;
}

export function floatTensor(data: ArrayLike<number>, shape: readonly number[]): TensorData {
  if (data.length !== sizeOf(shape)) {
    throw new GraphError(`a constant of shape ${showShape(shape)} was given ${data.length} numbers`);
  }
  return { type: "float32", shape, data: new Uint8Array(Float32Array.from(data).buffer) };
}

/** The numbers rounded to eleven bits, in half the bytes. */
export function halfTensor(data: ArrayLike<number>, shape: readonly number[]): TensorData {
  const { data: bytes } = floatTensor(data, shape);
  const halves = Float16Array.from(new Float32Array(bytes.buffer));
  return { type: "float16", shape, data: new Uint8Array(halves.buffer) };
}

export function intTensor(data: readonly number[], shape: readonly number[] = [data.length]): TensorData {
  return { type: "int64", shape, data: new Uint8Array(BigInt64Array.from(data, BigInt).buffer) };
}

/** The numbers of an int64 constant. */
export function intsOf(tensor: TensorData): number[] {
  return Array.from(new BigInt64Array(tensor.data.slice().buffer), Number);
}
