// An ONNX model as plain data: the part of the schema that this project reads and writes.
// Source: onnx.proto of the ONNX specification, IR version 8 and later.

/** Element types by their number in the specification (TensorProto.DataType). */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** Bytes of one element. */
export const ELEMENT_BYTES: Record<ElementType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
};

/** A constant. `data` holds the elements little-endian in row-major order. */
export interface TensorData {
  type: ElementType;
  shape: readonly number[];
  data: Uint8Array;
}

export type Attribute =
  | { int: number }
  | { float: number }
  | { string: string }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { strings: readonly string[] }
  | { tensor: TensorData }
  | { graph: OnnxGraph };

export interface OnnxNode {
  op: string;
  domain?: string;
  name?: string;
  /** Names of values; an empty name stands for an optional input that is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, Attribute>>;
}

/** A graph's input or output. A string dimension is symbolic; no shape: unknown rank. */
export interface ValueInfo {
  name: string;
  type: ElementType;
  shape?: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  initializers: Readonly<Record<string, TensorData>>;
}

export interface OnnxModel {
  irVersion: number;
  producer: string;
  /** Operator-set versions by domain; the standard domain is the empty string. */
  opsets: Readonly<Record<string, number>>;
  graph: OnnxGraph;
  metadata: Readonly<Record<string, string>>;
}
