// Every operator of the table, its gradient against finite differences. A new operator without a case does not compile.
import { expect, test } from "vitest";
import { type Graph, OPS, type OpName, ops, type Value } from "../src/graph/index.ts";
import { type GradientCase, gradientError } from "./support/gradcheck.ts";

const NO_GRADIENT = "no gradient" as const;

const unary = (op: (x: Value) => Value, range?: [number, number]): GradientCase[] => [
  { shapes: [[3, 4]], build: (_, [x]) => op(x), range },
];
const binary = (op: (a: Value, b: Value) => Value, range?: [number, number]): GradientCase[] => [
  {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (_, [a, b]) => op(a, b),
    range,
  },
  {
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    build: (_, [a, b]) => op(a, b),
    range,
  },
  { shapes: [[4], [2, 1, 4]], build: (_, [a, b]) => op(a, b), range },
];
const reduction = (op: typeof ops.reduceSum): GradientCase[] => [
  { shapes: [[3, 4, 2]], build: (_, [x]) => op(x, [1]) },
  { shapes: [[3, 4, 2]], build: (_, [x]) => op(x, [0, -1], true) },
];
const slices: [number, number, number, number][] = [
  [0, 1, 4, 1],
  [1, 0, 7, 3],
  [1, 1, -1, 2],
  [1, -1, Number.MIN_SAFE_INTEGER, -1],
  [1, 6, 0, -2],
];
const lstm = (reverse: boolean, masked: boolean): GradientCase => ({
  shapes: [[5, 2, 3], [16, 3], [16, 4], [16]],
  build: (graph: Graph, [x, w, r, b]) => {
    const mask = masked ? graph.constant(frames([5, 3], 5)) : null;
    return ops.lstm(x, w, r, b, { reverse, mask });
  },
});

/** A mask `[T, B, 1]` of sequences of the given lengths. */
function frames(lengths: number[], steps: number) {
  const data = Float32Array.from({ length: steps * lengths.length }, (_, i) =>
    Math.floor(i / lengths.length) < lengths[i % lengths.length] ? 1 : 0,
  );
  return { type: "float32" as const, shape: [steps, lengths.length, 1], data: new Uint8Array(data.buffer) };
}

const CASES: Record<OpName, readonly GradientCase[] | typeof NO_GRADIENT> = {
  Add: binary(ops.add),
  Sub: binary(ops.sub),
  Mul: binary(ops.mul),
  Div: binary(ops.div, [0.5, 2]),
  Pow: binary(ops.pow, [0.5, 2]),
  Max: [{ shapes: [[3, 4], [4]], build: (_, [a, b]) => ops.max(a, ops.add(b, 0.037)) }],
  Min: [{ shapes: [[3, 4], [4]], build: (_, [a, b]) => ops.min(a, ops.add(b, 0.037)) }],
  Greater: NO_GRADIENT,
  Equal: NO_GRADIENT,
  Cast: NO_GRADIENT,
  LstmGrad: NO_GRADIENT,
  MaxUnpool: NO_GRADIENT,
  Hops: NO_GRADIENT,
  Where: [
    { shapes: [[3, 4], [4]], build: (_, [a, b]) => ops.where(ops.greater(a, 0.011), ops.mul(a, 3), b) },
  ],
  Neg: unary(ops.neg),
  Exp: unary(ops.exp),
  Log: unary(ops.log, [0.5, 2]),
  Sqrt: unary(ops.sqrt, [0.5, 2]),
  Abs: unary(ops.abs),
  Tanh: unary(ops.tanh),
  Sigmoid: unary(ops.sigmoid, [-3, 3]),
  Relu: unary(ops.relu),
  Sin: unary(ops.sin),
  Cos: unary(ops.cos),
  Erf: unary(ops.erf),
  Identity: unary(ops.identity),
  ReduceSum: reduction(ops.reduceSum),
  ReduceMean: reduction(ops.reduceMean),
  ReduceMax: reduction(ops.reduceMax),
  CumSum: [
    { shapes: [[3, 4]], build: (_, [x]) => ops.cumSum(x, 1) },
    { shapes: [[3, 4]], build: (_, [x]) => ops.cumSum(x, 0, true) },
  ],
  Softmax: [
    { shapes: [[3, 4]], build: (_, [x]) => ops.softmax(x) },
    { shapes: [[3, 4, 2]], build: (_, [x]) => ops.softmax(x, 1) },
  ],
  LogSoftmax: [{ shapes: [[3, 4]], build: (_, [x]) => ops.logSoftmax(x) }],
  LayerNormalization: [{ shapes: [[2, 3, 8], [8], [8]], build: (_, [x, s, b]) => ops.layerNorm(x, s, b) }],
  MatMul: [
    {
      shapes: [
        [3, 4],
        [4, 2],
      ],
      build: (_, [a, b]) => ops.matmul(a, b),
    },
    {
      shapes: [
        [2, 3, 4],
        [4, 2],
      ],
      build: (_, [a, b]) => ops.matmul(a, b),
    },
    {
      shapes: [
        [2, 3, 4],
        [2, 4, 2],
      ],
      build: (_, [a, b]) => ops.matmul(a, b),
    },
    {
      shapes: [
        [3, 4],
        [2, 4, 2],
      ],
      build: (_, [a, b]) => ops.matmul(a, b),
    },
  ],
  Gemm: [false, true].flatMap((transA) =>
    [false, true].map((transB) => ({
      shapes: [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2], [2]],
      build: (_: Graph, [a, b, c]: Value[]) => ops.gemm(a, b, c, { transA, transB }),
    })),
  ),
  Transpose: [{ shapes: [[2, 3, 4]], build: (_, [x]) => ops.transpose(x, [2, 0, 1]) }],
  Reshape: [{ shapes: [[2, 6]], build: (_, [x]) => ops.reshape(x, [3, -1]) }],
  Unsqueeze: [{ shapes: [[2, 3]], build: (_, [x]) => ops.unsqueeze(x, [0, 2]) }],
  Squeeze: [{ shapes: [[2, 1, 3]], build: (_, [x]) => ops.squeeze(x, [1]) }],
  Concat: [
    {
      shapes: [
        [2, 3],
        [2, 1],
      ],
      build: (_, [a, b]) => ops.concat([a, b, a], 1),
    },
  ],
  Split: [{ shapes: [[2, 5]], build: (_, [x]) => ops.split(x, [2, 3], 1)[1] }],
  Slice: slices.map(([axis, start, end, step]) => ({
    shapes: [[5, 7]],
    build: (_: Graph, [x]: Value[]) => ops.slice(x, axis, start, end, step),
  })),
  Expand: [{ shapes: [[3, 1]], build: (_, [x]) => ops.expand(x, [2, 3, 4]) }],
  Pad: [{ shapes: [[2, 3]], build: (_, [x]) => ops.pad(x, [0, 2], [1, 1]) }],
  Conv: [
    { shapes: [[2, 3, 9], [4, 3, 3], [4]], build: (_, [x, w, b]) => ops.conv(x, w, b, { pads: [1] }) },
    {
      shapes: [
        [2, 2, 10],
        [3, 2, 3],
      ],
      build: (_, [x, w]) => ops.conv(x, w, null, { strides: [2], dilations: [2], pads: [3] }),
    },
    {
      shapes: [
        [1, 2, 11],
        [3, 2, 2],
      ],
      build: (_, [x, w]) => ops.conv(x, w, null, { strides: [3], pads: [1] }),
    },
    {
      shapes: [[1, 2, 5, 6], [3, 2, 3, 2], [3]],
      build: (_, [x, w, b]) => ops.conv(x, w, b, { strides: [2, 1], pads: [1, 0] }),
    },
    {
      shapes: [
        [2, 4, 7],
        [4, 2, 3],
      ],
      build: (_, [x, w]) => ops.conv(x, w, null, { group: 2, pads: [1] }),
    },
    {
      shapes: [
        [1, 3, 6],
        [3, 1, 3],
      ],
      build: (_, [x, w]) => ops.conv(x, w, null, { group: 3 }),
    },
  ],
  MaxPool: [
    { shapes: [[1, 2, 9]], build: (_, [x]) => ops.maxPool(x, [2]) },
    { shapes: [[1, 2, 9]], build: (_, [x]) => ops.maxPool(x, [3], { strides: [2] }) },
    { shapes: [[1, 1, 5, 6]], build: (_, [x]) => ops.maxPool(x, [2, 2]) },
  ],
  AveragePool: [
    { shapes: [[1, 2, 9]], build: (_, [x]) => ops.averagePool(x, [3], { strides: [2], pads: [1] }) },
    { shapes: [[1, 1, 5, 6]], build: (_, [x]) => ops.averagePool(x, [2, 3]) },
  ],
  Lstm: [lstm(false, false), lstm(true, false), lstm(true, true)],
};

for (const op of Object.keys(OPS) as OpName[]) {
  const cases = CASES[op];
  if (cases === NO_GRADIENT) {
    test(`${op} says that it has no gradient`, () => expect(OPS[op].gradient).toBeNull());
    continue;
  }
  cases.forEach((example, i) => {
    test(`gradient of ${op}, case ${i + 1} of ${cases.length}`, async () => {
      expect(await gradientError(example)).toBeLessThan(1e-3);
    });
  });
}
