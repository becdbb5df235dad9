// Fits a line to points: a graph, its gradients, and steps of gradient descent, all in ONNX Runtime.
// From the package, import from "undertone/graph", "undertone/onnx" and "undertone/runtime".
import { createGraph, gradients, ops, toModel } from "../src/graph/index.ts";
import { writeModel } from "../src/onnx/index.ts";
import { nodeRuntime } from "../src/runtime/index.node.ts";

const graph = createGraph();
const [x, y] = [graph.input("x", [4]), graph.input("y", [4])];
const [slope, start] = [graph.input("slope", []), graph.input("start", [])];
const error = ops.sub(ops.add(ops.mul(x, slope), start), y);
const loss = ops.reduceMean(ops.mul(error, error), [0]);
const [dSlope, dStart] = gradients(loss, [slope, start]);
const step = toModel(graph, {
  loss,
  new_slope: ops.sub(slope, ops.mul(dSlope, 0.1)),
  new_start: ops.sub(start, ops.mul(dStart, 0.1)),
});

const program = await nodeRuntime.load(writeModel(step));
const points = {
  x: { shape: [4], data: Float32Array.of(0, 1, 2, 3) },
  y: { shape: [4], data: Float32Array.of(1, 3, 5, 7) },
};
let line = { slope: { shape: [], data: Float32Array.of(0) }, start: { shape: [], data: Float32Array.of(0) } };
for (let i = 0; i < 200; i++) {
  const out = await program.run({ ...points, ...line });
  line = { slope: out.new_slope, start: out.new_start } as typeof line;
}
console.log("y =", line.slope.data[0].toFixed(3), "x +", line.start.data[0].toFixed(3));
