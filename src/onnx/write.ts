// Writes an ONNX model file. Knows the schema's field numbers, not what any operator means.
// Source: onnx.proto; field numbers stand beside the names they belong to there.
import {
  type Attribute,
  ELEMENT_TYPES,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type TensorData,
  type ValueInfo,
} from "./model.ts";
import { WireWriter } from "./wire.ts";

/** The bytes of a `.onnx` file. */
export function writeModel(model: OnnxModel): Uint8Array {
  const out = new WireWriter();
  out.int(1, model.irVersion).string(2, model.producer);
  out.message(7, graphMessage(model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    out.message(8, new WireWriter().string(1, domain).int(2, version));
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    out.message(14, new WireWriter().string(1, key).string(2, value));
  }
  return out.finish();
}

function graphMessage(graph: OnnxGraph): WireWriter {
  const out = new WireWriter();
  for (const node of graph.nodes) out.message(1, nodeMessage(node));
  out.string(2, graph.name);
  for (const [name, tensor] of Object.entries(graph.initializers))
    out.message(5, tensorMessage(tensor, name));
  for (const input of graph.inputs) out.message(11, valueInfoMessage(input));
  for (const output of graph.outputs) out.message(12, valueInfoMessage(output));
  return out;
}

function nodeMessage(node: OnnxNode): WireWriter {
  const out = new WireWriter();
  for (const input of node.inputs) out.string(1, input);
  for (const output of node.outputs) out.string(2, output);
  if (node.name) out.string(3, node.name);
  out.string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {}))
    out.message(5, attributeMessage(name, value));
  if (node.domain) out.string(7, node.domain);
  return out;
}

function attributeMessage(name: string, value: Attribute): WireWriter {
  const out = new WireWriter().string(1, name);
  if ("float" in value) out.float(2, value.float).int(20, 1);
  else if ("int" in value) out.int(3, value.int).int(20, 2);
  else if ("string" in value) out.string(4, value.string).int(20, 3);
  else if ("tensor" in value) out.message(5, tensorMessage(value.tensor)).int(20, 4);
  else if ("graph" in value) out.message(6, graphMessage(value.graph)).int(20, 5);
  else if ("floats" in value) {
    for (const item of value.floats) out.float(7, item);
    out.int(20, 6);
  } else if ("ints" in value) {
    for (const item of value.ints) out.int(8, item);
    out.int(20, 7);
  } else {
    for (const item of value.strings) out.string(9, item);
    out.int(20, 8);
  }
  return out;
}

function tensorMessage(tensor: TensorData, name?: string): WireWriter {
  const out = new WireWriter();
  for (const dim of tensor.shape) out.int(1, dim);
  out.int(2, ELEMENT_TYPES[tensor.type]);
  if (name !== undefined) out.string(8, name);
  return out.raw(9, tensor.data);
}

function valueInfoMessage(info: ValueInfo): WireWriter {
  const tensorType = new WireWriter().int(1, ELEMENT_TYPES[info.type]);
  if (info.shape) {
    const shape = new WireWriter();
    for (const dim of info.shape) {
      shape.message(
        1,
        typeof dim === "number" ? new WireWriter().int(1, dim) : new WireWriter().string(2, dim),
      );
    }
    tensorType.message(2, shape);
  }
  return new WireWriter().string(1, info.name).message(2, new WireWriter().message(1, tensorType));
}
