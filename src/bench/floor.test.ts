// Tests of the floor: as many multiplications as the step has by hand, in products that are really computed.
import { expect, test } from "vitest";
import type { OnnxGraph, OnnxNode } from "../onnx/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { floorModel, flopsOf } from "./floor.ts";
import { STEP } from "./network.ts";

const SMALL = { batch: 2, frames: 3, features: 4, hidden: 5, dense: 6, classes: 7 };

test("the products of the step that the peers take: counted by hand", () => {
  const [rows, gates, hidden] = [64 * 128, 512, 128];
  // Each matrix is used three times, forward and for both gradients; the first layer's input needs no gradient.
  const lstm = 2 * rows * gates * (2 * 40 + 3 * hidden + 3 * hidden + 3 * hidden);
  const dense = 3 * 2 * 64 * (128 * 64 + 64 * 7);
  expect(flopsOf(STEP)).toBe(lstm + dense);
});

test("the model has exactly these products, and each waits for the one before it", () => {
  const { graph } = floorModel(SMALL).model;
  const { batch, frames, features, hidden, dense, classes } = SMALL;
  const loops = graph.nodes.filter(({ op }) => op === "Scan");
  expect(loops).toHaveLength(2);
  for (const loop of loops) {
    const { nodes } = (loop.attributes!.body as { graph: OnnxGraph }).graph;
    const [there, back] = nodes.filter(({ op }) => op === "MatMul") as [OnnxNode, OnnxNode];
    expect(back.inputs).toContain(there.outputs[0]);
    expect(nodes.filter(({ op }) => op !== "MatMul")).toHaveLength(1);
  }
  const outside = graph.nodes.filter(({ op }) => op === "MatMul" || op === "Gemm");
  expect(outside).toHaveLength(2 + 6);
  const loopFlops = (inputs: number, sent: number) =>
    2 * frames * batch * 4 * hidden * (inputs + hidden + sent + (inputs + hidden));
  const denseFlops = 3 * 2 * batch * (hidden * dense + dense * classes);
  expect(flopsOf(SMALL)).toBe(loopFlops(features, hidden) + loopFlops(hidden, 2 * hidden) + denseFlops);
});

test("it runs on matrices that are inputs, and every product depends on them", async () => {
  const { model, size, spread } = floorModel(SMALL);
  const program = await nodeRuntime.load(writeModel(model));
  const run = async (seed: number) => {
    const data = spread.map((one, i) => one * Math.sin(seed + i * i));
    const { some } = await program.run({ parameters: { shape: [size], data } });
    return some!.data as Float32Array;
  };
  const [one, other] = [await run(1), await run(2)];
  await program.dispose();
  // Of each layer the end of the chain and the weights' product; of the two dense layers three products each.
  expect(one).toHaveLength(2 * 2 + 6);
  one.forEach((value, i) => {
    expect(Number.isFinite(value)).toBe(true);
    expect(Math.abs(value - other[i]!)).toBeGreaterThan(1e-6);
  });
});
