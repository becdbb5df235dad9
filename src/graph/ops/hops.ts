// Sound cut into hops: an operator of ours, for what a graph must do with a length that it does not know. Knows no layers.

import type { OnnxNode } from "../../onnx/index.ts";
import type { Attributes, FreshNames, Node, OpRule } from "../graph.ts";
import { GraphError, intTensor, mapDim, showShape } from "../tensor.ts";
import { required } from "./elementwise.ts";

function int(attributes: Attributes, name: string): number {
  return (attributes[name] as { int: number }).int;
}

/** Padding behind: `rows` hops in all for no samples, less what S mod hop already fills of the last one. */
function padded(node: Node, fresh: FreshNames): OnnxNode[] {
  const [audio, y] = [required(node.inputs, 0).name, node.outputs[0].name];
  const [hop, before, rows] = ["hop", "before", "rows"].map((name) => int(node.attributes, name));
  const [shape, rest, pads, whole] = ["shape", "rest", "pads", "whole"].map((hint) => fresh.name(hint));
  const ints = (...values: number[]) => fresh.constant(intTensor(values));
  return [
    { op: "Shape", inputs: [audio], outputs: [shape] },
    { op: "Mod", inputs: [shape, ints(1, hop)], outputs: [rest] },
    { op: "Sub", inputs: [ints(before, rows * hop - before), rest], outputs: [pads] },
    {
      op: "Pad",
      inputs: [audio, pads, "", ints(1)],
      outputs: [whole],
      attributes: { mode: node.attributes.mode },
    },
    { op: "Reshape", inputs: [whole, ints(0, -1, hop)], outputs: [y] },
  ];
}

export const hops = {
  Hops: {
    infer: (inputs, attributes) => {
      const { type, shape } = required(inputs, 0);
      if (shape.length !== 2) throw new GraphError(`audio [B, S] expected, got ${showShape(shape)}`);
      const [hop, rows] = [int(attributes, "hop"), int(attributes, "rows")];
      const count = mapDim(shape[1], `floor(N/${hop})+${rows}`, (n) => Math.floor(n / hop) + rows);
      return [{ type, shape: [shape[0], count, hop] }];
    },
    // Sound is what is given: nothing is learned before it.
    gradient: null,
    expand: (node, _used, fresh) => padded(node, fresh),
  },
} satisfies Record<string, OpRule>;
