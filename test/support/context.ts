// A context in which a module describes itself with parameters, buffers and noise that a test gives.
import { floatTensor, type Graph, sizeOf, type Value } from "../../src/graph/index.ts";
import {
  type Buffer,
  bufferPlaces,
  type Context,
  initialBuffers,
  type Module,
  type Parameter,
  parameterPlaces,
} from "../../src/nn/index.ts";
import { Random } from "../../src/training/index.ts";

export interface Given {
  training?: boolean;
  /** The values of the network's parameters, in the order of `parameterPlaces`. */
  parameters: readonly Value[];
  /** The values of its buffers, in the order of `bufferPlaces`; by default what they start as. */
  buffers?: readonly Value[];
}

/** A context whose noise is the same in every run, and what the network's buffers become, by path. */
export interface TestContext extends Context {
  readonly updates: ReadonlyMap<string, Value>;
}

/** The part of a network that a path like `directions.0.w` names. */
function at(network: Module, path: string): object {
  let part: unknown = network;
  for (const key of path.split(".")) part = (part as Record<string, unknown>)[key];
  return part as object;
}

export function testContext(graph: Graph, network: Module, given: Given): TestContext {
  const { training = true, parameters } = given;
  const initial = initialBuffers(network);
  const paths = bufferPlaces(network).map(({ path }) => path);
  const byParameter = new Map(
    parameterPlaces(network).map(({ path }, i) => [at(network, path), parameters[i]!]),
  );
  const byBuffer = new Map(
    bufferPlaces(network).map(({ path, shape, offset, size }, i) => [
      at(network, path),
      given.buffers?.[i] ?? graph.constant(floatTensor(initial.subarray(offset, offset + size), shape)),
    ]),
  );
  const updates = new Map<string, Value>();
  const random = new Random(7);
  return {
    graph,
    training,
    updates,
    parameter: (parameter: Parameter) => byParameter.get(parameter)!,
    buffer: (buffer: Buffer) => byBuffer.get(buffer)!,
    update: (buffer, value) => updates.set(paths.find((path) => at(network, path) === buffer)!, value),
    uniform: (shape) =>
      graph.constant(
        floatTensor(
          Array.from({ length: sizeOf(shape) }, () => random.next()),
          shape,
        ),
      ),
  };
}
