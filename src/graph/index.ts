// The door of `graph`: describe a computation, differentiate it, get an ONNX model. Knows no layers, no speech.
import * as ops from "./build.ts";
import { Graph } from "./graph.ts";
import { OPS } from "./ops/index.ts";

/** An empty graph over the whole table of operators. */
export function createGraph(): Graph {
  return new Graph(OPS);
}

export type { OnnxModel } from "../onnx/index.ts";
export { toModel } from "./emit.ts";
export { gradients } from "./grad.ts";
export type { Attributes, Graph, Node, OpRule, Value } from "./graph.ts";
export { OPS, type OpName } from "./ops/index.ts";
export {
  axisOf,
  type Dim,
  floatTensor,
  GraphError,
  halfTensor,
  intTensor,
  type Shape,
  showShape,
  sizeOf,
  staticShape,
  type TensorType,
} from "./tensor.ts";
export { ops };
