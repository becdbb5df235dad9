// Builds a graph over given numbers and runs it once. Knows graphs and the runtime, not what is computed.
import { createGraph, type Graph, toModel, type Value } from "../../src/graph/index.ts";
import { type OnnxModel, writeModel } from "../../src/onnx/index.ts";
import { nodeRuntime, type Tensor } from "../../src/runtime/index.node.ts";
import type { Numbers } from "./numbers.ts";

export type Feeds = Readonly<Record<string, Numbers>>;

export interface RunOptions {
  /** Names of dimensions that the graph knows by name only; by default it knows every one as a number. */
  symbolic?: Readonly<Record<string, readonly (number | string)[]>>;
}

/** Runs a model once; inputs that it does not have are left out. */
export async function runModel(model: OnnxModel, feeds: Feeds): Promise<Record<string, Tensor>> {
  const program = await nodeRuntime.load(writeModel(model));
  try {
    return await program.run(
      Object.fromEntries(
        Object.entries(feeds).map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data) },
        ]),
      ),
    );
  } finally {
    await program.dispose();
  }
}

/** Makes every entry of `feeds` an input, lets `build` add to the graph, and gives the numbers of its outputs. */
export async function evaluate<Name extends string>(
  feeds: Feeds,
  build: (graph: Graph, inputs: Record<string, Value>) => Record<Name, Value>,
  { symbolic = {} }: RunOptions = {},
): Promise<Record<Name, Float32Array>> {
  const graph = createGraph();
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape }]) => [name, graph.input(name, symbolic[name] ?? shape)]),
  );
  const results = await runModel(toModel(graph, build(graph, inputs)), feeds);
  return Object.fromEntries(
    Object.entries<Tensor>(results).map(([name, { data }]) => [name, data as Float32Array]),
  ) as Record<Name, Float32Array>;
}
