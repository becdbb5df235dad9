// Parameters, modules and the context in which a network describes itself. Knows no particular layer.
import type { Graph, Value } from "../graph/index.ts";
import type { Initializer } from "./init.ts";

/** A tensor that training changes. Its name is its path in the network, like `lstm.0.w`. */
export class Parameter {
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** Whether weight decay acts on it: on matrices, not on biases and scales. */
  readonly decay: boolean;

  constructor(shape: readonly number[], init: Initializer, decay = shape.length > 1) {
    this.shape = shape;
    this.init = init;
    this.decay = decay;
  }
}

/** A tensor that follows the data rather than the gradient: running means and variances. */
export class Buffer {
  readonly shape: readonly number[];
  readonly initial: number;

  constructor(shape: readonly number[], initial: number) {
    this.shape = shape;
    this.initial = initial;
  }
}

/** Part of a network: its parameters, buffers and smaller modules are its fields. */
export abstract class Module {}

/** What a network needs while it is described: the graph, and its parameters as values of that graph. */
export interface Context {
  readonly graph: Graph;
  readonly training: boolean;
  parameter(parameter: Parameter): Value;
  buffer(buffer: Buffer): Value;
  /** Sets what the buffer becomes after this step. */
  update(buffer: Buffer, value: Value): void;
  /** Fresh random numbers, uniform in [0, 1), one draw a step. */
  uniform(shape: readonly number[]): Value;
}

function walk<T>(root: object, kind: new (...args: never[]) => T, path: string, found: Map<string, T>): void {
  for (const [key, field] of Object.entries(root)) {
    const name = path ? `${path}.${key}` : key;
    if (field instanceof kind) found.set(name, field);
    else if (field instanceof Module || Array.isArray(field)) walk(field, kind, name, found);
  }
}

/** The parameters of a network by path, in the order of its fields. */
export function parametersOf(network: Module): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  walk(network, Parameter, "", found);
  return found;
}

/** The buffers of a network by path. */
export function buffersOf(network: Module): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  walk(network, Buffer, "", found);
  return found;
}
