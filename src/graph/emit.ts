// From a graph to an ONNX model: dead nodes are left out, operators of ours are expanded.
import type { OnnxModel, OnnxNode, TensorData, ValueInfo } from "../onnx/index.ts";
import { freshName, type Graph, type Value } from "./graph.ts";
import { GraphError } from "./tensor.ts";

/** The operator set that the graph's operators are written for. */
const OPSET = 20;
/** The file format that belongs to it (ONNX versioning, release 1.15). */
const IR_VERSION = 9;

/**
 * The part of `graph` that `outputs` need, as a model whose outputs have the given names.
 * @throws GraphError if an output is an input or a constant of the graph: wrap it in `identity`; or if its name is
 * that of a value of the graph.
 */
export function toModel(
  graph: Graph,
  outputs: Readonly<Record<string, Value>>,
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel {
  const needed = new Set<Value>(Object.values(outputs));
  const live = new Set<object>();
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    live.add(node);
    for (const input of node.inputs) if (input) needed.add(input);
  }
  const initializers: Record<string, TensorData> = {};
  const names = new Set(graph.names);
  for (const name of Object.keys(outputs)) {
    if (graph.names.has(name)) {
      throw new GraphError(
        `output ${JSON.stringify(name)}: the graph has a value of that name; choose another`,
      );
    }
    names.add(name);
  }
  const fresh = {
    name: (hint: string) => freshName(names, hint),
    constant: (data: TensorData) => {
      const name = freshName(names, "constant");
      initializers[name] = data;
      return name;
    },
  };
  for (const value of needed) if (value.constant) initializers[value.name] = value.constant;

  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes) {
    if (!live.has(node)) continue;
    const used = node.outputs.map((output) => needed.has(output));
    if (node.rule.expand) {
      nodes.push(...node.rule.expand(node, used, fresh));
      continue;
    }
    const kept = node.rule.optionalOutputs ? used.lastIndexOf(true) + 1 : used.length;
    nodes.push({
      op: node.op,
      name: node.name,
      inputs: node.inputs.map((input) => input?.name ?? ""),
      outputs: node.outputs.slice(0, kept).map((output) => output.name),
      attributes: node.attributes,
    });
  }
  const outputInfo: ValueInfo[] = [];
  for (const [name, value] of Object.entries(outputs)) {
    if (!value.producer) throw new GraphError(`output ${name} is no node's; wrap it in identity()`);
    nodes.push({ op: "Identity", name: `output ${name}`, inputs: [value.name], outputs: [name] });
    outputInfo.push({ name, type: value.type, shape: value.shape });
  }
  return {
    irVersion: IR_VERSION,
    producer: "undertone",
    opsets: { "": OPSET },
    graph: {
      name: "undertone",
      nodes,
      inputs: graph.inputs
        .filter((input) => needed.has(input))
        .map(({ name, type, shape }) => ({ name, type, shape })),
      outputs: outputInfo,
      initializers,
    },
    metadata,
  };
}
