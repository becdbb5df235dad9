// Reads an ONNX model file back into plain data. Knows the schema's field numbers only.
// Source: onnx.proto; unknown fields are passed over, as the specification asks.
import {
  type Attribute,
  ELEMENT_BYTES,
  ELEMENT_TYPES,
  type ElementType,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type TensorData,
  type ValueInfo,
} from "./model.ts";
import { readInts, readString, type WireField, wireFields } from "./wire.ts";

/** Thrown where bytes are not an ONNX model; the message says what was found. */
export class NotOnnxError extends Error {}

/**
 * Reads a model.
 * @throws NotOnnxError if the bytes are not an ONNX model with a graph and an operator set.
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  let irVersion = 0;
  let producer = "";
  let graph: OnnxGraph | undefined;
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  try {
    for (const field of wireFields(bytes)) {
      if (field.number === 1) irVersion = Number(field.int);
      else if (field.number === 2) producer = readString(field);
      else if (field.number === 7) graph = readGraph(field.bytes);
      else if (field.number === 8) {
        const [domain, version] = readPair(field.bytes);
        opsets.push([readString(domain), Number(version.int)]);
      } else if (field.number === 14) {
        const [key, value] = readPair(field.bytes);
        metadata.push([readString(key), readString(value)]);
      }
    }
  } catch (error) {
    throw new NotOnnxError(`not an ONNX model: ${error instanceof Error ? error.message : error}`);
  }
  if (!graph || irVersion < 1 || !opsets.length) {
    throw new NotOnnxError("not an ONNX model: it has no graph, no version or no operator set");
  }
  // From entries, so that no name is special, `__proto__` neither.
  return {
    irVersion,
    producer,
    opsets: Object.fromEntries(opsets),
    graph,
    metadata: Object.fromEntries(metadata),
  };
}

const EMPTY: WireField = { number: 0, wireType: 0, int: 0n, float: 0, bytes: new Uint8Array(0) };

function readPair(bytes: Uint8Array): [WireField, WireField] {
  const pair: [WireField, WireField] = [EMPTY, EMPTY];
  for (const field of wireFields(bytes)) if (field.number <= 2) pair[field.number - 1] = field;
  return pair;
}

function readGraph(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: [string, TensorData][] = [];
  let name = "";
  for (const field of wireFields(bytes)) {
    if (field.number === 1) nodes.push(readNode(field.bytes));
    else if (field.number === 2) name = readString(field);
    else if (field.number === 5) {
      const { name: key, tensor } = readTensor(field.bytes);
      initializers.push([key, tensor]);
    } else if (field.number === 11) inputs.push(readValueInfo(field.bytes));
    else if (field.number === 12) outputs.push(readValueInfo(field.bytes));
  }
  return { name, nodes, inputs, outputs, initializers: Object.fromEntries(initializers) };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, Attribute][] = [];
  let op = "";
  let name = "";
  let domain = "";
  for (const field of wireFields(bytes)) {
    if (field.number === 1) inputs.push(readString(field));
    else if (field.number === 2) outputs.push(readString(field));
    else if (field.number === 3) name = readString(field);
    else if (field.number === 4) op = readString(field);
    else if (field.number === 5) attributes.push(readAttribute(field.bytes));
    else if (field.number === 7) domain = readString(field);
  }
  const named = Object.fromEntries(attributes);
  return { op, inputs, outputs, attributes: named, ...(name && { name }), ...(domain && { domain }) };
}

function readAttribute(bytes: Uint8Array): [string, Attribute] {
  let name = "";
  let type = 0;
  const ints: number[] = [];
  const floats: number[] = [];
  const strings: string[] = [];
  let single: WireField = EMPTY;
  for (const field of wireFields(bytes)) {
    if (field.number === 1) name = readString(field);
    else if (field.number === 20) type = Number(field.int);
    else if (field.number === 7) for (const item of readFloats(field)) floats.push(item);
    else if (field.number === 8) for (const item of readInts(field)) ints.push(Number(item));
    else if (field.number === 9) strings.push(readString(field));
    // 2 to 6: the value of each type that has one; what is above is a comment or a reference.
    else if (field.number <= 6) single = field;
  }
  const readers: Record<number, () => Attribute> = {
    1: () => ({ float: single.float }),
    2: () => ({ int: Number(single.int) }),
    3: () => ({ string: readString(single) }),
    4: () => ({ tensor: readTensor(single.bytes).tensor }),
    5: () => ({ graph: readGraph(single.bytes) }),
    6: () => ({ floats }),
    7: () => ({ ints }),
    8: () => ({ strings }),
  };
  const reader = readers[type];
  if (!reader)
    throw new RangeError(`attribute ${JSON.stringify(name)} has type ${type}, which is not read here`);
  return [name, reader()];
}

function readFloats(field: WireField): number[] {
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength);
  return Array.from({ length: field.bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

const TYPE_NAMES = new Map<number, ElementType>(
  Object.entries(ELEMENT_TYPES).map(([name, number]) => [number, name as ElementType]),
);

function elementType(number: number): ElementType {
  const name = TYPE_NAMES.get(number);
  if (!name) throw new RangeError(`element type ${number} is not read here`);
  return name;
}

/** Constants in typed fields (float_data, int32_data, ...) are laid out as raw_data would be. */
function readTensor(bytes: Uint8Array): { name: string; tensor: TensorData } {
  const shape: number[] = [];
  let type: ElementType = "float32";
  let name = "";
  const parts: Uint8Array[] = [];
  const ints: bigint[] = [];
  for (const field of wireFields(bytes)) {
    if (field.number === 1) for (const dim of readInts(field)) shape.push(Number(dim));
    else if (field.number === 2) type = elementType(Number(field.int));
    else if (field.number === 5 || field.number === 7) for (const value of readInts(field)) ints.push(value);
    else if (field.number === 8) name = readString(field);
    // raw_data, and float_data and double_data, which stand on the wire as they do there.
    else if (field.number === 9 || field.number === 4 || field.number === 10) parts.push(field.bytes);
  }
  if (ints.length) parts.push(littleEndian(ints, ELEMENT_BYTES[type]));
  return { name, tensor: { type, shape, data: parts.length === 1 ? parts[0] : joined(parts) } };
}

function littleEndian(values: readonly bigint[], width: number): Uint8Array {
  const data = new Uint8Array(values.length * width);
  values.forEach((value, i) => {
    for (let byte = 0; byte < width; byte++)
      data[i * width + byte] = Number((value >> BigInt(8 * byte)) & 0xffn);
  });
  return data;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const data = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
  let name = "";
  let type: ElementType = "float32";
  let shape: (number | string)[] | undefined;
  for (const field of wireFields(bytes)) {
    if (field.number === 1) name = readString(field);
    if (field.number !== 2) continue;
    for (const typeField of wireFields(field.bytes)) {
      if (typeField.number !== 1) continue;
      for (const tensorField of wireFields(typeField.bytes)) {
        if (tensorField.number === 1) type = elementType(Number(tensorField.int));
        else if (tensorField.number === 2) shape = readShape(tensorField.bytes);
      }
    }
  }
  return { name, type, ...(shape && { shape }) };
}

function readShape(bytes: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const field of wireFields(bytes)) {
    const [value, param] = readPair(field.bytes);
    shape.push(param.bytes.length ? readString(param) : Number(value.int));
  }
  return shape;
}
