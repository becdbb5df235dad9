// The floor under a training step: its matrix products and nothing else. Knows their shapes, not what they learn.
import type { Attribute, OnnxModel, OnnxNode, TensorData, ValueInfo } from "../onnx/index.ts";

/** Sizes of the network, and of one worker's part of the batch. */
export interface StepSizes {
  batch: number;
  frames: number;
  features: number;
  hidden: number;
  dense: number;
  classes: number;
}

/** One matrix product: `[rows, inner]` times `[inner, columns]`. */
type Product = readonly [rows: number, inner: number, columns: number];

/** Products of one LSTM layer; the gates of all kinds, and the input beside the state, are one product a frame. */
interface LayerProducts {
  forward: Product;
  backward: Product;
  weights: Product;
}

function layers({ batch, frames, features, hidden }: StepSizes): LayerProducts[] {
  const layer = (inputs: number, sent: number): LayerProducts => ({
    forward: [4 * hidden, inputs + hidden, batch],
    backward: [sent, 4 * hidden, batch],
    weights: [4 * hidden, frames * batch, inputs + hidden],
  });
  // The first layer sends nothing back to its input: that is data.
  return [layer(features, hidden), layer(hidden, hidden + hidden)];
}

/** Products of the dense layers: forward, and the gradients of input and weights. */
function denses({ batch, hidden, dense, classes }: StepSizes): Product[] {
  const linear = (inputs: number, outputs: number): Product[] => [
    [batch, inputs, outputs],
    [batch, outputs, inputs],
    [inputs, batch, outputs],
  ];
  return [...linear(hidden, dense), ...linear(dense, classes)];
}

/** Multiplications and additions of the products of one step, bias left out. */
export function flopsOf(sizes: StepSizes): number {
  const of = ([rows, inner, columns]: Product) => 2 * rows * inner * columns;
  const loops = layers(sizes).map(
    ({ forward, backward, weights }) => sizes.frames * (of(forward) + of(backward)) + of(weights),
  );
  return [...loops, ...denses(sizes).map(of)].reduce((sum, flops) => sum + flops, 0);
}

export interface Floor {
  /** Input `parameters` `[size]`: all matrices. Output `some`: a number of every last product. */
  model: OnnxModel;
  size: number;
  /** Standard deviation of each of the numbers in `parameters`, so that none overflows or dies out. */
  spread: Float32Array;
}

/**
 * Exactly the products of one step, at their shapes. In each layer the forward and the backward product of every frame
 * stand in one chain, so that each waits for the one before it, as time demands. What the chain gives is kept, since
 * the products for the weights read it; nothing else is computed. All matrices are inputs, which the runtime can
 * neither fold nor pack beforehand.
 */
export function floorModel(sizes: StepSizes): Floor {
  const build = new Builder();
  for (const { forward, backward, weights } of layers(sizes)) {
    const [rows, inner, columns] = weights;
    const there = build.matrix(forward[0], forward[1], 1 / forward[0]);
    const back = build.matrix(backward[0], backward[1], 1 / backward[0]);
    const start = build.matrix(backward[0], backward[2]);
    const missing = forward[1] - backward[0];
    const input = missing ? build.matrix(missing, backward[2]) : null;
    const [zs, us] = build.chain({ there, back, start, input }, sizes.frames, forward, backward);
    const product = build.op(
      "Gemm",
      [build.reshape(zs, [rows, inner]), build.reshape(us, [columns, inner])],
      {
        transB: { int: 1 },
      },
    );
    build.keep(product);
  }
  for (const [rows, inner, columns] of denses(sizes)) {
    build.keep(build.op("MatMul", [build.matrix(rows, inner), build.matrix(inner, columns)]));
  }
  return build.finish();
}

interface Chain {
  there: string;
  back: string;
  start: string;
  /** Rows under what comes back, up to what goes there. */
  input: string | null;
}

const float = (name: string, shape: readonly number[]): ValueInfo => ({ name, type: "float32", shape });

/** Collects nodes, and cuts the matrices out of one vector. */
class Builder {
  readonly #nodes: OnnxNode[] = [];
  readonly #cuts: { name: string; size: number; variance: number }[] = [];
  readonly #initializers: Record<string, TensorData> = {};
  readonly #kept: string[] = [];
  #count = 0;

  name(): string {
    return `v${this.#count++}`;
  }

  ints(values: readonly number[]): string {
    const name = this.name();
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers[name] = { type: "int64", shape: [values.length], data };
    return name;
  }

  op(op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const name = this.name();
    this.#nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.op("Reshape", [value, this.ints(shape)]);
  }

  matrix(rows: number, columns: number, variance = 1): string {
    const name = this.name();
    this.#cuts.push({ name, size: rows * columns, variance });
    return this.reshape(name, [rows, columns]);
  }

  /** The products of all frames of a layer, as `[frames, ...]`: what went there, and what it was read from. */
  chain({ there, back, start, input }: Chain, frames: number, forward: Product, backward: Product): string[] {
    const [state, z, u, next] = [this.name(), this.name(), this.name(), this.name()];
    const step = (op: string, inputs: string[], output: string, attributes = {}): OnnxNode => ({
      ...{ op, name: output, inputs, outputs: [output], attributes },
    });
    const widen = input
      ? step("Concat", [state, input], u, { axis: { int: 0 } })
      : step("Identity", [state], u);
    const nodes = [widen, step("MatMul", [there, u], z), step("MatMul", [back, z], next)];
    // A Scan ends with its sequences, so it is given one: the frames' numbers, which nothing reads.
    const [clock, tick] = [this.name(), this.name()];
    this.#initializers[clock] = { type: "float32", shape: [frames, 1], data: new Uint8Array(4 * frames) };
    const [end, zs, us] = [this.name(), this.name(), this.name()];
    const [sent, gates, columns] = backward;
    const body = {
      name: "frame",
      nodes,
      inputs: [float(state, [sent, columns]), float(tick, [1])],
      outputs: [float(next, [sent, columns]), float(z, [gates, columns]), float(u, [forward[1], columns])],
      initializers: {},
    };
    this.#nodes.push({
      op: "Scan",
      name: end,
      inputs: [start, clock],
      outputs: [end, zs, us],
      attributes: { num_scan_inputs: { int: 1 }, body: { graph: body } },
    });
    this.keep(end);
    return [zs, us];
  }

  /** Makes the model depend on a matrix, at the price of one number. */
  keep(matrix: string): void {
    const [zeros, ones, axes] = [this.ints([0, 0]), this.ints([1, 1]), this.ints([0, 1])];
    this.#kept.push(this.op("Slice", [matrix, zeros, ones, axes]));
  }

  finish(): Floor {
    const sizes = this.#cuts.map(({ size }) => size);
    const cut: OnnxNode = {
      op: "Split",
      name: "matrices",
      inputs: ["parameters", this.ints(sizes)],
      outputs: this.#cuts.map(({ name }) => name),
      attributes: { axis: { int: 0 } },
    };
    const some: OnnxNode = {
      ...{ op: "Concat", name: "some", inputs: this.#kept, outputs: ["some"] },
      attributes: { axis: { int: 1 } },
    };
    const size = sizes.reduce((sum, one) => sum + one, 0);
    const spread = new Float32Array(size);
    let at = 0;
    for (const { size, variance } of this.#cuts) {
      spread.fill(Math.sqrt(variance), at, at + size);
      at += size;
    }
    const model: OnnxModel = {
      irVersion: 9,
      producer: "undertone bench",
      opsets: { "": 20 },
      graph: {
        name: "floor",
        nodes: [cut, ...this.#nodes, some],
        inputs: [float("parameters", [size])],
        outputs: [float("some", [1, this.#kept.length])],
        initializers: this.#initializers,
      },
      metadata: {},
    };
    return { model, size, spread };
  }
}
