// The LSTM over time-major sequences, forward and backward, each one ONNX Scan. Knows no layers.
// Source: Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735, with Gers' forget gate; no peepholes.
// Where nothing is kept for a backward pass, ONNX's fused LSTM operator stands instead of the Scan.
import type { OnnxNode, TensorData } from "../../onnx/index.ts";
import { concat, gemm, mul, reduceSum, reshape, slice, transpose } from "../build.ts";
import type { FreshNames, Node, OpRule, Value } from "../graph.ts";
import { floatTensor, GraphError, intTensor, type Shape, showShape, staticShape } from "../tensor.ts";
import { required } from "./elementwise.ts";
import { Emitter, scan } from "./scan.ts";

/** Preactivation given to the gates of padded frames in reverse: sigmoid(-1e4) is exactly 0 in float32. */
const SHUT = 1e4;

function nameOf(node: Node, i: number): string {
  return required(node.inputs, i).name;
}

function isReverse(node: Node): boolean {
  return (node.attributes.reverse as { int: number }).int === 1;
}

/** `[T, B, N]` <-> `[T, N, B]`. */
const BATCH_LAST = [0, 2, 1];

/**
 * The weights of all that a step of the loop reads, side by side: `[4H, K]` for the column [x; h; 1], and for a
 * column more where padding comes first, that shuts the gates. One matrix product then gives the preactivations of
 * all gates, and one in the backward pass the gradients of all weights and the bias.
 */
function stacked(emit: Emitter, node: Node): string {
  const gates = required(node.inputs, 3).shape[0] as number;
  const columns = [nameOf(node, 1), nameOf(node, 2), emit.reshape(nameOf(node, 3), [gates, 1])];
  if (shuts(node)) {
    const shut = Float32Array.from({ length: gates }, (_, i) => (i < (3 * gates) / 4 ? SHUT : 0));
    columns.push(emit.fresh.constant(floatTensor(shut, [gates, 1])));
  }
  return emit.op("Mul", [
    emit.op("Concat", columns, { axis: { int: 1 } }),
    emit.fresh.constant(doubling(gates)),
  ]);
}

/** tanh(z) = 2 sigmoid(2 z) - 1: with the rows of g doubled, one sigmoid covers all four gates. `[4H, 1]` */
function doubling(gates: number): TensorData {
  const rows = Float32Array.from({ length: gates }, (_, i) => (i < (3 * gates) / 4 ? 1 : 2));
  return floatTensor(rows, [gates, 1]);
}

/** Whether padding comes before the frames. */
function shuts(node: Node): boolean {
  return Boolean(node.inputs[4]) && isReverse(node);
}

function forwardScan(node: Node, fresh: FreshNames): OnnxNode[] {
  const emit = new Emitter(fresh);
  const [, batch, features] = staticShape(required(node.inputs, 0).shape, "a trainable LSTM");
  const width = staticShape(required(node.inputs, 2).shape, "a trainable LSTM")[1];
  const shut = shuts(node);
  const [xs, ...masks] = [nameOf(node, 0), ...(shut ? [nameOf(node, 4)] : [])].map((name) =>
    emit.transpose(name, BATCH_LAST),
  );
  const weights = stacked(emit, node);
  const ones = fresh.constant(floatTensor(Array(batch).fill(1), [1, batch]));

  const inside = new Emitter(fresh);
  const n = Object.fromEntries(["x", "h", "c", "shut"].map((k) => [k, fresh.name(k)]));
  const op = (name: string, ...inputs: string[]) => inside.op(name, inputs);
  const u = inside.concat([n.x, n.h, ones, ...(shut ? [n.shut] : [])]);
  const s = op("Sigmoid", op("Gemm", weights, u));
  const [i, o, f, q] = inside.split(s, [width, width, width, width]);
  // q is the sigmoid in tanh = 2 q - 1, so i g = 2 i q - i.
  const iq = op("Mul", i, q);
  const twice = op("Add", iq, iq);
  const [ig, fc] = [op("Sub", twice, i), op("Mul", f, n.c)];
  const c = op("Add", ig, fc);
  const cTanh = op("Tanh", c);
  const h = op("Mul", o, cTanh);
  // What the gradients of h (for o) and c (for i, f, g) are multiplied with to give those of the preactivations,
  // and that of h to give that of c: o (1 - tanh(c)^2). For every gate it is its part of h or c, times one minus it.
  const parts = inside.concat([ig, h, fc, twice]);
  const slopes = op("Sub", parts, op("Mul", parts, s));
  const through = op("Sub", o, op("Mul", h, cTanh));

  const zero = emit.zeros([width, batch]);
  const [y, fs, slopesOut, throughOut] = node.outputs.map((output) => output.name);
  const ys = fresh.name("h");
  scan(emit, {
    body: inside.nodes,
    states: [
      [zero, n.h, h],
      [zero, n.c, c],
    ],
    reads: [
      [xs, n.x],
      ...masks.map((mask): [string, string] => [emit.op("Sub", [mask, scalar(emit, 1)]), n.shut]),
    ],
    // A Scan's state and its output must be two values, hence the copy.
    writes: [
      [inside.op("Identity", [h]), ys],
      [f, fs],
      [slopes, slopesOut],
      [through, throughOut],
    ],
    backwards: isReverse(node),
    shapes: {
      [n.x]: [features, batch],
      [n.shut]: [1, batch],
      [slopes]: [4 * width, batch],
    },
    step: [width, batch],
  });
  emit.into(y, "Transpose", [ys], { perm: { ints: BATCH_LAST } });
  return emit.nodes;
}

function scalar(emit: Emitter, value: number): string {
  return emit.fresh.constant(floatTensor([value], []));
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

/** Back through time: from dh of every step to dz, the gradients of the gates' preactivations, and to dx. */
function backwardScan(node: Node, used: readonly boolean[], fresh: FreshNames): OnnxNode[] {
  const emit = new Emitter(fresh);
  const [dy, w, r, fs, slopes, through] = node.inputs.map((_, i) => nameOf(node, i));
  const [, batch, width] = staticShape(required(node.inputs, 0).shape, "the gradient of LSTM");
  const features = staticShape(required(node.inputs, 1).shape, "the gradient of LSTM")[1];
  const dys = emit.transpose(dy, BATCH_LAST);
  // Transposed once here, or it would be at every step.
  const weights = used[1] ? emit.op("Concat", [w, r], { axis: { int: 1 } }) : r;
  const scaled = emit.op("Mul", [weights, fresh.constant(doubling(4 * width))]);
  const back = emit.transpose(scaled, [1, 0]);

  const inside = new Emitter(fresh);
  const n = Object.fromEntries(["dh", "dc", "dy", "f", "slope", "through"].map((k) => [k, fresh.name(k)]));
  const op = (name: string, ...inputs: string[]) => inside.op(name, inputs);
  const dh = op("Add", n.dy, n.dh);
  const dc = op("Add", op("Mul", dh, n.through), n.dc);
  const dz = op("Mul", inside.concat([dc, dh, dc, dc]), n.slope);
  const dcBefore = op("Mul", dc, n.f);
  const du = op("Gemm", back, dz);
  const [dx, dhBefore] = used[1] ? inside.split(du, [features, width]) : ["", du];
  const zero = emit.zeros([width, batch]);
  const dxs = fresh.name("dx");
  scan(emit, {
    body: inside.nodes,
    states: [
      [zero, n.dh, dhBefore],
      [zero, n.dc, dcBefore],
    ],
    reads: [
      [dys, n.dy],
      [fs, n.f],
      [slopes, n.slope],
      [through, n.through],
    ],
    writes: [[dz, node.outputs[0].name], ...(used[1] ? ([[dx, dxs]] as [string, string][]) : [])],
    backwards: !isReverse(node),
    shapes: { [dz]: [4 * width, batch], [n.slope]: [4 * width, batch], [dx]: [features, batch] },
    step: [width, batch],
  });
  if (used[1]) emit.into(node.outputs[1].name, "Transpose", [dxs], { perm: { ints: BATCH_LAST } });
  return emit.nodes;
}

export const recurrent = {
  /**
   * Inputs x, w, r, bias, mask (see `lstm` in build.ts); outputs y and, for the backward pass, batch last: the forget
   * gate `[T, H, B]`, the slopes of the gates `[T, 4H, B]` and of the cell `[T, H, B]`.
   */
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
      const [steps, batch] = x.shape;
      const kept = [width, gates, width].map((rows): Shape => [steps, rows, batch]);
      return [[steps, batch, width], ...kept].map((shape) => ({ type: x.type, shape }));
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null, null, null, null];
      const [x, w, r, bias] = [0, 1, 2, 3].map((i) => required(node.inputs, i));
      const [y, ...kept] = node.outputs;
      const [dz, dx] = dy.graph.apply("LstmGrad", [dy, w, r, ...kept], { reverse: node.attributes.reverse });
      const [steps, batch, features] = staticShape(x.shape, "the gradient of LSTM");
      const width = staticShape(r.shape, "the gradient of LSTM")[1];
      const start = dy.graph.constant(floatTensor(new Float32Array(batch * width), [1, batch, width]));
      // The state that each frame read.
      const before = isReverse(node)
        ? concat([slice(y, 0, 1, steps), start], 0)
        : concat([start, slice(y, 0, 0, steps - 1)], 0);
      // Frames of the whole batch side by side: one product then sums over both.
      const flat = reshape(transpose(dz, [1, 0, 2]), [4 * width, steps * batch]);
      const twice = dy.graph.constant(doubling(4 * width));
      const weights = (read: Value, columns: number) =>
        mul(twice, gemm(flat, reshape(read, [steps * batch, columns])));
      const [dw, dr] = [weights(x, features), weights(before, width)];
      const db = reshape(mul(twice, reduceSum(flat, [1], true)), staticShape(bias.shape, "LSTM"));
      return [dx, dw, dr, db, null];
    },
    expand: (node, used, fresh) =>
      used.slice(1).some(Boolean) ? forwardScan(node, fresh) : fused(node, fresh),
  },
  /** Inputs dy, w, r and what Lstm kept; outputs dz `[T, 4H, B]` and dx `[T, B, I]`. */
  LstmGrad: {
    infer: (inputs) => {
      const [dy, w, , , slopes] = [0, 1, 2, 3, 4].map((i) => required(inputs, i));
      return [slopes, { type: dy.type, shape: [dy.shape[0], dy.shape[1], w.shape[1]] }];
    },
    // Second derivatives of an LSTM are not needed to train one.
    gradient: null,
    expand: (node, used, fresh) => backwardScan(node, used, fresh),
  },
} satisfies Record<string, OpRule>;
