// Sound of any length cut into hops, against what stands at each place.
import { expect, test } from "vitest";
import { runModel } from "../../test/support/evaluate.ts";
import { createGraph, ops, toModel } from "./index.ts";

const rows = (padding: "reflect" | "constant") => {
  const graph = createGraph();
  const audio = graph.input("audio", ["batch", "samples"]);
  return toModel(graph, { y: ops.hops(audio, { hop: 4, before: 2, rows: 2, padding }) });
};

test.each([
  [7, "reflect", [3, 2, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4]],
  [8, "reflect", [3, 2, 1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2]],
  [7, "constant", [0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0]],
] as const)("%i samples, %s", async (samples, padding, expected) => {
  const data = Array.from({ length: samples }, (_, i) => i + 1);
  const { y } = await runModel(rows(padding), {
    audio: { shape: [2, samples], data: [...data, ...data] },
  });
  expect(y!.shape).toEqual([2, expected.length / 4, 4]);
  expect([...(y!.data as Float32Array)]).toEqual([...expected, ...expected]);
});
