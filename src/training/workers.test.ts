// Tests of the team of workers: shared parameters in, each worker's own gradient out, errors by the worker's name.
import { afterEach, expect, test } from "vitest";
import { createGraph, ops, toModel } from "../graph/index.ts";
import { writeModel } from "../onnx/index.ts";
import { Team, type WorkerProgram } from "./workers.ts";

let team: Team;
afterEach(() => team.close());

/** `gradients` is x * parameters, `sum` its sum; `rounds` matrix products on the way take their time. */
function scaling(rounds = 0): WorkerProgram {
  return {
    key: `scaling ${rounds}`,
    build: () => {
      const graph = createGraph();
      const parameters = graph.input("parameters", [3]);
      const buffers = graph.input("buffers", [1]);
      const gradients = ops.mul(graph.input("x", []), parameters);
      let square = ops.mul(graph.input("square", ["n", "n"]), 0);
      for (let i = 0; i < rounds; i++) square = ops.matmul(square, square);
      const all = [ops.reduceSum(gradients, [0]), ops.reduceSum(square, [0, 1]), ops.reduceSum(buffers, [0])];
      const sum = all.reduce((a, b) => ops.add(a, b));
      return { model: writeModel(toModel(graph, { gradients, sum })), noise: [] };
    },
  };
}

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
const square = (n: number) => ({ shape: [n, n], data: new Float32Array(n * n) });

test("all read the same parameters, and each writes a gradient of its own", async () => {
  team = new Team(2, { parameters: 3, buffers: 1 }, 1);
  for (const parameters of [
    [1, 2, 3],
    [4, 5, 6],
  ]) {
    team.parameters.set(parameters);
    const sums = await Promise.all(
      [10, 100].map((x, worker) => team.run(worker, scaling(), { x: scalar(x), square: square(1) })),
    );
    expect([...team.gradients]).toEqual([10, 100].flatMap((x) => parameters.map((p) => x * p)));
    const total = parameters.reduce((a, b) => a + b);
    expect(sums.map(({ sum }) => sum!.data[0])).toEqual([10 * total, 100 * total]);
    expect(sums[0]).not.toHaveProperty("gradients");
  }
});

test("an error names the worker, and closing waits for the one that is still at work", async () => {
  team = new Team(2, { parameters: 3, buffers: 1 }, 1);
  const long = scaling(12);
  await team.run(1, long, { x: scalar(1), square: square(2) });
  const working = team.run(1, long, { x: scalar(1), square: square(800) });
  await expect(team.run(0, scaling(), { x: scalar(1) })).rejects.toThrow(/^worker 0: .*square/s);
  let done = false;
  working.then(() => {
    done = true;
  });
  await team.close();
  await working;
  expect(done).toBe(true);
});
