// One vector of all parameters: its layout, its first values, and the way into a graph and back.
import { expect, test } from "vitest";
import { runModel } from "../../test/support/evaluate.ts";
import { ops } from "../graph/index.ts";
import { Random } from "../training/index.ts";
import {
  BatchNorm,
  bufferPlaces,
  decayMask,
  evaluationModel,
  inferenceGraph,
  initialBuffers,
  initialParameters,
  Linear,
  Lstm,
  Module,
  parameterPlaces,
  totalSize,
} from "./index.ts";

class Network extends Module {
  readonly name = "not a parameter";
  readonly dense = [new Linear(2, 3), new Linear(3, 1)];
  readonly norm = new BatchNorm(3);
  readonly lstm = new Lstm(3, 2, { bidirectional: true });
}

const network = new Network();

test("parameters stand one behind the other, named by their path, in the order of the fields", () => {
  const places = parameterPlaces(network);
  expect(places.map(({ path, shape }) => `${path} [${shape}]`)).toEqual([
    "dense.0.weight [2,3]",
    "dense.0.bias [3]",
    "dense.1.weight [3,1]",
    "dense.1.bias [1]",
    "norm.scale [3]",
    "norm.bias [3]",
    "lstm.directions.0.w [8,3]",
    "lstm.directions.0.r [8,2]",
    "lstm.directions.0.bias [8]",
    "lstm.directions.1.w [8,3]",
    "lstm.directions.1.r [8,2]",
    "lstm.directions.1.bias [8]",
  ]);
  let end = 0;
  for (const { offset, size, shape } of places) {
    expect(offset).toBe(end);
    expect(size).toBe(shape.reduce((n, dim) => n * dim, 1));
    end += size;
  }
  expect(totalSize(places)).toBe(end);
  expect(bufferPlaces(network).map(({ path }) => path)).toEqual(["norm.mean", "norm.variance"]);
});

test("first values stand at their places", () => {
  const random = new Random(1);
  const data = initialParameters(network, () => random.next());
  const at = (name: string) => {
    const { offset, size } = parameterPlaces(network).find(({ path }) => path === name)!;
    return [...data.subarray(offset, offset + size)];
  };
  expect(at("dense.0.weight").every((value) => value !== 0 && Math.abs(value) < Math.sqrt(6 / 5))).toBe(true);
  expect(at("dense.0.bias")).toEqual([0, 0, 0]);
  expect(at("norm.scale")).toEqual([1, 1, 1]);
  const row = at("lstm.directions.1.r").slice(0, 2);
  expect(Math.hypot(...row)).toBeCloseTo(1, 6);
  expect(at("lstm.directions.1.bias")).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
  expect([...initialBuffers(network)]).toEqual([0, 0, 0, 1, 1, 1]);
});

test("decay acts on matrices only", () => {
  const mask = decayMask(network);
  for (const { path, shape, offset, size } of parameterPlaces(network)) {
    const part = [...mask.subarray(offset, offset + size)];
    expect(part, path).toEqual(Array(size).fill(shape.length > 1 ? 1 : 0));
  }
});

test("every parameter and buffer comes out of the graph as it went in, as input and as constant", async () => {
  const parameters = Float32Array.from({ length: totalSize(parameterPlaces(network)) }, (_, i) => i + 1);
  const buffers = Float32Array.from({ length: totalSize(bufferPlaces(network)) }, (_, i) => -i - 1);
  const named = {
    "dense.0.weight": network.dense[0]!.weight,
    "dense.1.bias": network.dense[1]!.bias!,
    "norm.scale": network.norm.scale,
    "lstm.directions.1.r": network.lstm.directions[1]!.r,
  };
  const describe: Parameters<typeof evaluationModel>[1] = (context) => ({
    ...Object.fromEntries(
      Object.entries(named).map(([path, parameter]) => [
        `out ${path}`,
        ops.identity(context.parameter(parameter)),
      ]),
    ),
    "out norm.variance": ops.identity(context.buffer(network.norm.variance)),
  });
  const vector = (data: Float32Array) => ({ shape: [data.length], data });
  const asInputs = await runModel(evaluationModel(network, describe), {
    parameters: vector(parameters),
    buffers: vector(buffers),
  });
  const asConstants = await runModel(inferenceGraph(network, parameters, buffers, describe), {});
  for (const out of [asInputs, asConstants]) {
    for (const { path, shape, offset, size } of parameterPlaces(network)) {
      if (!(path in named)) continue;
      expect(out[`out ${path}`]!.shape).toEqual(shape);
      expect(out[`out ${path}`]!.data).toEqual(parameters.slice(offset, offset + size));
    }
    expect(out["out norm.variance"]!.data).toEqual(buffers.slice(3));
  }
});
