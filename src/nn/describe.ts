// A network as a model: with its gradients for training, or with its weights inside for use. Knows no speech.
import {
  createGraph,
  floatTensor,
  type Graph,
  GraphError,
  gradients,
  halfTensor,
  type OnnxModel,
  ops,
  toModel,
  type Value,
} from "../graph/index.ts";
import { bufferPlaces, type Place, parameterPlaces, totalSize } from "./flat.ts";
import { type Buffer, buffersOf, type Context, type Module, type Parameter, parametersOf } from "./module.ts";

/** What a network computes in one training step. */
export interface Step {
  /** A scalar. With several workers, the part of it that this worker's examples give. */
  loss: Value;
  /** Anything else to read after the step. */
  outputs?: Readonly<Record<string, Value>>;
}

/** A random input of a training model, to be filled with numbers in [0, 1) before each step. */
export interface Noise {
  name: string;
  shape: readonly number[];
}

export interface TrainingModel {
  model: OnnxModel;
  noise: readonly Noise[];
}

/** The tensors of a flat vector `[n]`, by path. */
function unpack(flat: Value, places: readonly Place[]): Map<string, Value> {
  const parts =
    places.length === 1
      ? [flat]
      : ops.split(
          flat,
          places.map(({ size }) => size),
          0,
        );
  const shaped = ({ path, shape }: Place, i: number) =>
    flat.graph.scope(path, () => ops.reshape(parts[i], shape));
  return new Map(places.map((place, i) => [place.path, shaped(place, i)]));
}

function pack(values: readonly Value[]): Value {
  return ops.concat(
    values.map((value) => ops.reshape(value, [-1])),
    0,
  );
}

/** Finds by object what is named by path. */
function lookup<T extends object>(named: Map<string, T>, values: Map<string, Value>): (key: T) => Value {
  const byObject = new Map([...named].map(([path, object]) => [object, values.get(path)]));
  return (key) => {
    const value = byObject.get(key);
    if (!value) throw new GraphError("a module used a parameter that is not a field of the network");
    return value;
  };
}

/**
 * Forward and backward graph. Inputs: `parameters` `[P]`, `buffers` `[Q]` where there are any, what `describe` adds,
 * and the noise. Outputs: `loss` `[]`, `gradients` `[P]`, `new_buffers` `[Q]`, and what `describe` names.
 */
export function trainingModel(network: Module, describe: (context: Context) => Step): TrainingModel {
  const graph = createGraph();
  const places = parameterPlaces(network);
  const values = unpack(graph.input("parameters", [totalSize(places)]), places);
  const [bufferValues, stateful] = bufferInputs(graph, network);
  const updates = new Map<Buffer, Value>();
  const noise: Noise[] = [];
  const context: Context = {
    graph,
    training: true,
    parameter: lookup<Parameter>(parametersOf(network), values),
    buffer: lookup<Buffer>(buffersOf(network), bufferValues),
    update: (buffer, value) => updates.set(buffer, value),
    uniform: (shape) => {
      const name = `noise_${noise.length}`;
      noise.push({ name, shape });
      return graph.input(name, shape);
    },
  };
  const { loss, outputs } = describe(context);
  const found = gradients(
    loss,
    places.map(({ path }) => values.get(path)!),
  );
  const newBuffers = [...buffersOf(network)].map(
    ([path, buffer]) => updates.get(buffer) ?? bufferValues.get(path)!,
  );
  return {
    model: toModel(graph, {
      loss,
      gradients: pack(found),
      ...(stateful && { new_buffers: pack(newBuffers) }),
      ...outputs,
    }),
    noise,
  };
}

/**
 * The network as it is used, but with its weights as inputs `parameters` and `buffers`: for validation while they
 * change.
 */
export function evaluationModel(
  network: Module,
  describe: (context: Context) => Readonly<Record<string, Value>>,
): OnnxModel {
  const graph = createGraph();
  const places = parameterPlaces(network);
  const values = unpack(graph.input("parameters", [totalSize(places)]), places);
  const [buffers] = bufferInputs(graph, network);
  return toModel(graph, describe(usingContext(graph, network, values, buffers)));
}

function usingContext(
  graph: Graph,
  network: Module,
  parameters: Map<string, Value>,
  buffers: Map<string, Value>,
): Context {
  return {
    graph,
    training: false,
    parameter: lookup<Parameter>(parametersOf(network), parameters),
    buffer: lookup<Buffer>(buffersOf(network), buffers),
    update: () => {},
    uniform: () => {
      throw new GraphError("a network in use draws no random numbers");
    },
  };
}

function bufferInputs(graph: Graph, network: Module): [Map<string, Value>, boolean] {
  const places = bufferPlaces(network);
  if (!places.length) return [new Map(), false];
  return [unpack(graph.input("buffers", [totalSize(places)]), places), true];
}

/** Smaller tensors are not worth it: norms and biases, which are the most sensitive. */
const LEAST_HALVED = 4096;

/**
 * The network with its weights inside, as it is used: no dropout, running statistics.
 * @param halved whether large tensors of parameters are kept as float16, which a runtime widens when it loads them
 */
export function inferenceGraph(
  network: Module,
  parameters: Float32Array,
  buffers: Float32Array,
  describe: (context: Context) => Readonly<Record<string, Value>>,
  { metadata = {}, halved = false }: { metadata?: Readonly<Record<string, string>>; halved?: boolean } = {},
): OnnxModel {
  const graph = createGraph();
  const constants = (flat: Float32Array, places: readonly Place[], half = false) =>
    new Map(
      places.map(({ path, shape, offset, size }) => {
        const data = flat.subarray(offset, offset + size);
        return half && size >= LEAST_HALVED
          ? [path, ops.cast(graph.constant(halfTensor(data, shape), path), "float32")]
          : [path, graph.constant(floatTensor(data, shape), path)];
      }),
    );
  const context = usingContext(
    graph,
    network,
    constants(parameters, parameterPlaces(network), halved),
    constants(buffers, bufferPlaces(network)),
  );
  return toModel(graph, describe(context), metadata);
}
