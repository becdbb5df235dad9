// The LSTM over time-major sequences, forward and backward, each one ONNX Scan. Knows no layers.
// Source: Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735, with Gers' forget gate; no peepholes.
// Where nothing is kept for a backward pass, ONNX's fused LSTM operator stands instead of the Scan.
import type { Attribute, OnnxNode, ValueInfo } from "../../onnx/index.ts";
import { gemm, reduceSum, reshape } from "../build.ts";
import type { FreshNames, Node, OpRule } from "../graph.ts";
import { floatTensor, GraphError, intTensor, type Shape, showShape, staticShape } from "../tensor.ts";
import { required } from "./elementwise.ts";

/** Gates in the order in which ONNX's LSTM stacks them: input, output, forget, cell. */
const GATES = ["i", "o", "f", "g"] as const;
/** Preactivation given to the gates of padded frames in reverse: sigmoid(-1e4) is exactly 0 in float32. */
const SHUT = 1e4;

/** Collects ONNX nodes under fresh names. */
class Emitter {
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
  split(input: string, parts: number): string[] {
    const outputs = Array.from({ length: parts }, () => this.fresh.name("Split"));
    const attributes = { axis: { int: 0 }, num_outputs: { int: parts } };
    this.nodes.push({ op: "Split", name: outputs[0], inputs: [input], outputs, attributes });
    return outputs;
  }
  reshape(input: string, shape: readonly number[]): string {
    return this.op("Reshape", [input, this.fresh.constant(intTensor(shape))]);
  }
  zeros(shape: readonly number[]): string {
    return this.fresh.constant(floatTensor(new Float32Array(shape.reduce((n, dim) => n * dim, 1)), shape));
  }
}

function nameOf(node: Node, i: number): string {
  return required(node.inputs, i).name;
}

function isReverse(node: Node): boolean {
  return (node.attributes.reverse as { int: number }).int === 1;
}

function info(name: string, shape: readonly number[]): ValueInfo {
  return { name, type: "float32", shape };
}

const transB = { transB: { int: 1 } };

interface Loop {
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
function scan(emit: Emitter, loop: Loop): void {
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

/** x W^T + b of every frame at once, gate by gate: `[T, B, H]` each. */
function projections(emit: Emitter, node: Node, frames: number[], width: number): string[] {
  const [steps, batch, features] = frames;
  const flat = emit.reshape(nameOf(node, 0), [steps * batch, features]);
  const w = emit.split(nameOf(node, 1), 4);
  const b = emit.split(nameOf(node, 3), 4);
  const mask = node.inputs[4];
  const shut =
    mask && isReverse(node)
      ? emit.op("Mul", [emit.op("Sub", [mask.name, scalar(emit, 1)]), scalar(emit, SHUT)])
      : null;
  return GATES.map((gate, k) => {
    const z = emit.reshape(emit.op("Gemm", [flat, w[k], b[k]], transB), [steps, batch, width]);
    return shut && gate !== "g" ? emit.op("Add", [z, shut]) : z;
  });
}

function scalar(emit: Emitter, value: number): string {
  return emit.fresh.constant(floatTensor([value], []));
}

function forwardScan(node: Node, fresh: FreshNames): OnnxNode[] {
  const emit = new Emitter(fresh);
  const frames = staticShape(required(node.inputs, 0).shape, "a trainable LSTM");
  const width = staticShape(required(node.inputs, 2).shape, "a trainable LSTM")[1];
  const batch = frames[1];
  const xs = projections(emit, node, frames, width);
  const r = emit.split(nameOf(node, 2), 4);
  const inside = new Emitter(fresh);
  const n = Object.fromEntries(["h", "c", ...GATES.map((k) => `x${k}`)].map((k) => [k, fresh.name(k)]));
  const act = GATES.map((k, j) =>
    inside.op(k === "g" ? "Tanh" : "Sigmoid", [inside.op("Gemm", [n.h, r[j], n[`x${k}`]], transB)]),
  );
  const [i, o, f, g] = act;
  const c = inside.op("Add", [inside.op("Mul", [i, g]), inside.op("Mul", [f, n.c])]);
  const h = inside.op("Mul", [o, inside.op("Tanh", [c])]);
  const outs = node.outputs.map((output) => output.name);
  const zero = emit.zeros([batch, width]);
  scan(emit, {
    body: inside.nodes,
    states: [
      [zero, n.h, h],
      [zero, n.c, c],
    ],
    reads: GATES.map((k, j) => [xs[j], n[`x${k}`]]),
    // A Scan's state and its output must be two values, hence the copies.
    writes: [inside.op("Identity", [h]), ...act, inside.op("Identity", [c])].map((name, j) => [
      name,
      outs[j],
    ]),
    backwards: isReverse(node),
    shapes: {},
    step: [batch, width],
  });
  return emit.nodes;
}

function fused(node: Node, fresh: FreshNames): OnnxNode[] {
  const emit = new Emitter(fresh);
  const [gates, features] = staticShape(required(node.inputs, 1).shape, "LSTM weights");
  const width = gates / 4;
  const bias = emit.op("Concat", [nameOf(node, 3), emit.zeros([gates])], { axis: { int: 0 } });
  const inputs = [
    nameOf(node, 0),
    emit.reshape(nameOf(node, 1), [1, gates, features]),
    emit.reshape(nameOf(node, 2), [1, gates, width]),
    emit.reshape(bias, [1, 2 * gates]),
  ];
  const mask = node.inputs[4];
  if (mask && isReverse(node)) {
    const axes = fresh.constant(intTensor([0, 2]));
    const lengths = emit.op("ReduceSum", [mask.name, axes], { keepdims: { int: 0 } });
    inputs.push(emit.op("Cast", [lengths], { to: { int: 6 } }));
  }
  const y = emit.op("LSTM", inputs, {
    hidden_size: { int: width },
    direction: { string: isReverse(node) ? "reverse" : "forward" },
  });
  emit.into(node.outputs[0].name, "Squeeze", [y, fresh.constant(intTensor([1]))]);
  return emit.nodes;
}

/** The sequence of states before each step: shifted by one, zeros first. */
function previous(emit: Emitter, states: string, steps: number, zero: string, reverse: boolean): string {
  const [from, to] = reverse ? [1, steps] : [0, steps - 1];
  const ints = (value: number) => emit.fresh.constant(intTensor([value]));
  const rest = emit.op("Slice", [states, ints(from), ints(to), ints(0), ints(1)]);
  return emit.op("Concat", reverse ? [rest, zero] : [zero, rest], { axis: { int: 0 } });
}

/** Back through time: from dh of every step to dz, the gradients of the gates' preactivations. */
function backwardScan(node: Node, fresh: FreshNames): OnnxNode[] {
  const emit = new Emitter(fresh);
  const [dys, r, ...kept] = node.inputs.map((_, i) => nameOf(node, i));
  const [steps, batch, width] = staticShape(required(node.inputs, 0).shape, "the gradient of LSTM");
  const [ys, is, os, fs, gs, cs] = kept;
  const before = previous(emit, cs, steps, emit.zeros([1, batch, width]), isReverse(node));
  const one = scalar(emit, 1);

  const inside = new Emitter(fresh);
  const n = Object.fromEntries(
    ["dh", "dc", "dy", "i", "o", "f", "g", "c", "p", "y"].map((k) => [k, fresh.name(k)]),
  );
  const mul = (a: string, b: string) => inside.op("Mul", [a, b]);
  const rest = (a: string) => inside.op("Sub", [one, a]);
  const dh = inside.op("Add", [n.dy, n.dh]);
  const dhTanh = mul(dh, inside.op("Tanh", [n.c]));
  // h = o tanh(c): dc += dh o (1 - tanh(c)^2) = dh o - (dh tanh(c)) h
  const dc = inside.op("Sub", [inside.op("Add", [n.dc, mul(dh, n.o)]), mul(dhTanh, n.y)]);
  const dcInput = mul(dc, n.i);
  const dcBoth = mul(dcInput, n.g);
  const dcBefore = mul(dc, n.f);
  const dz = inside.op(
    "Concat",
    [
      mul(dcBoth, rest(n.i)),
      mul(mul(dhTanh, n.o), rest(n.o)),
      mul(mul(dcBefore, n.p), rest(n.f)),
      inside.op("Sub", [dcInput, mul(dcBoth, n.g)]),
    ],
    { axis: { int: 1 } },
  );
  const dhBefore = inside.op("Gemm", [dz, r]);
  const zero = emit.zeros([batch, width]);
  const reads: [string, string][] = [
    [dys, n.dy],
    [is, n.i],
    [os, n.o],
    [fs, n.f],
    [gs, n.g],
    [cs, n.c],
    [before, n.p],
    [ys, n.y],
  ];
  scan(emit, {
    body: inside.nodes,
    states: [
      [zero, n.dh, dhBefore],
      [zero, n.dc, dcBefore],
    ],
    reads,
    writes: [[dz, node.outputs[0].name]],
    backwards: !isReverse(node),
    shapes: { [dz]: [batch, 4 * width] },
    step: [batch, width],
  });
  emit.into(node.outputs[1].name, "Identity", [
    previous(emit, ys, steps, emit.zeros([1, batch, width]), isReverse(node)),
  ]);
  return emit.nodes;
}

export const recurrent = {
  /** Inputs x, w, r, bias, mask (see `lstm` in build.ts); outputs y and, for the backward pass, i, o, f, g, c. */
  Lstm: {
    infer: (inputs) => {
      const [x, w, r, bias] = [0, 1, 2, 3].map((i) => required(inputs, i));
      const [gates, width] = staticShape(r.shape, "LSTM");
      const fits =
        x.shape.length === 3 &&
        gates === 4 * width &&
        w.shape[0] === gates &&
        w.shape[1] === x.shape[2] &&
        bias.shape[0] === gates;
      if (!fits) {
        const got = [x, w, r, bias].map((value) => showShape(value.shape)).join(" ");
        throw new GraphError(`x [T, B, I], w [4H, I], r [4H, H], bias [4H] expected, got ${got}`);
      }
      const shape: Shape = [x.shape[0], x.shape[1], width];
      return Array.from({ length: 6 }, () => ({ type: x.type, shape }));
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null, null, null, null];
      const [x, w, r] = [0, 1, 2].map((i) => required(node.inputs, i));
      const [y, ...kept] = node.outputs;
      const [dz, before] = dy.graph.apply("LstmGrad", [dy, r, y, ...kept], {
        reverse: node.attributes.reverse,
      });
      const [steps, batch, features] = staticShape(x.shape, "the gradient of LSTM");
      const [gates, width] = staticShape(r.shape, "the gradient of LSTM");
      const rows = steps * batch;
      const flat = reshape(dz, [rows, gates]);
      return [
        reshape(gemm(flat, w), [steps, batch, features]),
        gemm(flat, reshape(x, [rows, features]), null, { transA: true }),
        gemm(flat, reshape(before, [rows, width]), null, { transA: true }),
        reduceSum(flat, [0]),
        null,
      ];
    },
    expand: (node, used, fresh) =>
      used.slice(1).some(Boolean) ? forwardScan(node, fresh) : fused(node, fresh),
  },
  /** Inputs dy, r, y, i, o, f, g, c; outputs dz `[T, B, 4H]` and the hidden state before each step `[T, B, H]`. */
  LstmGrad: {
    infer: (inputs) => {
      const [dy, r] = [required(inputs, 0), required(inputs, 1)];
      return [{ type: dy.type, shape: [dy.shape[0], dy.shape[1], r.shape[0]] }, dy];
    },
    // Second derivatives of an LSTM are not needed to train one.
    gradient: null,
    expand: (node, _used, fresh) => backwardScan(node, fresh),
  },
} satisfies Record<string, OpRule>;
