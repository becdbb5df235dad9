// ONNX nodes under fresh names, and the loop over a sequence that they may stand in: Scan. Knows no operator of ours.
import type { Attribute, OnnxNode, ValueInfo } from "../../onnx/index.ts";
import type { FreshNames } from "../graph.ts";
import { floatTensor, intTensor } from "../tensor.ts";

/** Collects ONNX nodes under fresh names. */
export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly fresh: FreshNames;
  constructor(fresh: FreshNames) {
    this.fresh = fresh;
  }
  op(op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const name = this.fresh.name(op);
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }
  into(output: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): void {
    this.nodes.push({ op, name: output, inputs, outputs: [output], attributes });
  }
  /** Rows of a matrix in parts. */
  split(input: string, sizes: readonly number[]): string[] {
    const outputs = sizes.map(() => this.fresh.name("Split"));
    const inputs = [input, this.fresh.constant(intTensor(sizes))];
    this.nodes.push({ op: "Split", name: outputs[0], inputs, outputs, attributes: { axis: { int: 0 } } });
    return outputs;
  }
  /** Matrices under each other. */
  concat(inputs: string[]): string {
    return this.op("Concat", inputs, { axis: { int: 0 } });
  }
  transpose(input: string, perm: readonly number[]): string {
    return this.op("Transpose", [input], { perm: { ints: perm } });
  }
  reshape(input: string, shape: readonly number[]): string {
    return this.op("Reshape", [input, this.fresh.constant(intTensor(shape))]);
  }
  zeros(shape: readonly number[]): string {
    return this.fresh.constant(floatTensor(new Float32Array(shape.reduce((n, dim) => n * dim, 1)), shape));
  }
}

export interface Loop {
  body: OnnxNode[];
  /** Names inside the body: [initial value outside, input, output]. */
  states: [string, string, string][];
  /** [sequence outside, step inside] */
  reads: [string, string][];
  /** [step inside, sequence outside] */
  writes: [string, string][];
  backwards: boolean;
  shapes: Record<string, readonly number[]>;
  step: readonly number[];
}

/** A Scan over the leading axis of every sequence. Final states are not used. */
export function scan(emit: Emitter, loop: Loop): void {
  const shape = (name: string) => info(name, loop.shapes[name] ?? loop.step);
  const direction = (n: number) => ({ ints: Array(n).fill(loop.backwards ? 1 : 0) });
  emit.nodes.push({
    op: "Scan",
    inputs: [...loop.states.map(([initial]) => initial), ...loop.reads.map(([outside]) => outside)],
    outputs: [
      ...loop.states.map(() => emit.fresh.name("state")),
      ...loop.writes.map(([, outside]) => outside),
    ],
    attributes: {
      num_scan_inputs: { int: loop.reads.length },
      scan_input_directions: direction(loop.reads.length),
      scan_output_directions: direction(loop.writes.length),
      body: {
        graph: {
          name: emit.fresh.name("body"),
          nodes: loop.body,
          inputs: [
            ...loop.states.map(([, input]) => shape(input)),
            ...loop.reads.map(([, inside]) => shape(inside)),
          ],
          outputs: [
            ...loop.states.map(([, , output]) => shape(output)),
            ...loop.writes.map(([inside]) => shape(inside)),
          ],
          initializers: {},
        },
      },
    },
  });
}

function info(name: string, shape: readonly number[]): ValueInfo {
  return { name, type: "float32", shape };
}
