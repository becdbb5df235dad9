// Tests of the runtime in Node: results, shared memory, in-place outputs, errors.
import { expect, test, vi } from "vitest";
import { createGraph, ops, toModel } from "../graph/index.ts";
import { writeModel } from "../onnx/index.ts";
import { nodeRuntime } from "./index.node.ts";

function doubling(): Uint8Array {
  const graph = createGraph();
  const x = graph.input("x", [3]);
  return writeModel(toModel(graph, { y: ops.mul(x, 2) }));
}

test("a program takes and gives numbers", async () => {
  const program = await nodeRuntime.load(doubling());
  const { y } = await program.run({ x: { shape: [3], data: Float32Array.of(1, 2, 3) } });
  expect([...(y.data as Float32Array)]).toEqual([2, 4, 6]);
  expect(y.shape).toEqual([3]);
});

test("shared memory works as input and as output in place", async () => {
  const program = await nodeRuntime.load(doubling());
  const x = new Float32Array(new SharedArrayBuffer(12));
  const y = new Float32Array(new SharedArrayBuffer(12));
  x.set([4, 5, 6]);
  await program.run({ x: { shape: [3], data: x } }, { y: { shape: [3], data: y } });
  expect([...y]).toEqual([8, 10, 12]);
});

test("errors name what is missing or wrong", async () => {
  const program = await nodeRuntime.load(doubling());
  await expect(program.run({})).rejects.toThrow('"x" was not given');
  await expect(program.run({ x: { shape: [2], data: Float32Array.of(1, 2) } })).rejects.toThrow(
    "ONNX Runtime stopped",
  );
  await expect(nodeRuntime.load(new TextEncoder().encode("not a model"))).rejects.toThrow("cannot load");
});

test("UNDERTONE_DEVICE is for what is worth it, and says what it needs", async () => {
  try {
    vi.stubEnv("UNDERTONE_DEVICE", "gpu");
    await expect(nodeRuntime.load(doubling())).rejects.toThrow(
      'UNDERTONE_DEVICE is "gpu", expected cpu or cuda',
    );
    // No card is needed by what is not worth one; and a machine without one is told how it is to be had.
    vi.stubEnv("UNDERTONE_DEVICE", "cuda");
    await (await nodeRuntime.load(doubling())).dispose();
    const accelerated = nodeRuntime.load(doubling(), { accelerate: true });
    await accelerated.then(
      (program) => program.dispose(),
      (error: Error) => expect(error.message).toContain("undertone help train"),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});
