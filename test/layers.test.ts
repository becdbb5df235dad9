// Every layer and loss of `nn`, its gradients by inputs and parameters against finite differences. A new export
// without a case does not compile, and fails here.
import { expect, test } from "vitest";
import { floatTensor, type Graph, ops, type Value } from "../src/graph/index.ts";
import * as nn from "../src/nn/index.ts";
import { testContext } from "./support/context.ts";
import { type GradientCase, gradientError } from "./support/gradcheck.ts";
import { frameMask, type Numbers } from "./support/numbers.ts";

const NO_LAYER = "not a layer" as const;

type Forward = (context: nn.Context, inputs: Value[]) => Value;

/**
 * The gradients by the inputs and by every parameter of `network`. Those in `idle` stay 0: what the layer computes
 * does not depend on them, so that their gradient is rounding and nothing else.
 */
function layer(
  network: nn.Module,
  inputShapes: readonly (readonly number[])[],
  forward: Forward,
  idle: readonly string[] = [],
): GradientCase {
  const places = nn.parameterPlaces(network);
  const moving = places.filter(({ path }) => !idle.includes(path));
  const build = (graph: Graph, values: Value[]) => {
    const given = values.slice(inputShapes.length);
    const parameters = places.map(({ path, shape, size }) =>
      idle.includes(path) ? graph.constant(floatTensor(new Float32Array(size), shape)) : given.shift()!,
    );
    return forward(testContext(graph, network, { parameters }), values.slice(0, inputShapes.length));
  };
  return { shapes: [...inputShapes, ...moving.map(({ shape }) => shape)], build };
}

class Nothing extends nn.Module {}

/** What has no parameters: inputs only. */
function plain(inputShapes: readonly (readonly number[])[], forward: Forward): GradientCase {
  return layer(new Nothing(), inputShapes, forward);
}

function fixed(context: nn.Context, { shape, data }: Numbers): Value {
  return context.graph.constant(floatTensor(data, shape));
}

const mask = (context: nn.Context) => fixed(context, frameMask([5, 2, 4]));
/** `[B, 1, T]` of the same lengths. */
const columnMask = (context: nn.Context) => ops.transpose(mask(context), [1, 2, 0]);
/** Two examples of three classes: soft labels, and weights that differ. */
const targets = (context: nn.Context) => fixed(context, { shape: [2, 3], data: [0.7, 0.2, 0.1, 0, 0, 1] });
const weights = (context: nn.Context) => fixed(context, { shape: [2], data: [1, 0.25] });
/** `[B, T, 1]` of the same lengths. */
const rowMask = (context: nn.Context) => ops.transpose(mask(context), [1, 0, 2]);

const [uni, bi] = [new nn.Lstm(3, 4), new nn.Lstm(3, 4, { bidirectional: true })];
const [pooling, means] = [new nn.AttentivePooling(3, 4), new nn.AttentivePooling(3, 4, { deviation: false })];
/** A softmax does not see what is added to all of its scores. */
const SHIFT = ["score.bias"];
const linear = new nn.Linear(4, 3);
const norm = new nn.BatchNorm(3);
const [attention, block] = [new nn.SelfAttention(4, 2), new nn.TransformerBlock(4, 2)];
const convolutions: [nn.Conv, number[]][] = [
  [new nn.Conv(3, 4, [3]), [2, 3, 7]],
  [new nn.Conv(2, 3, [3], { strides: [2], dilations: [2] }), [2, 2, 9]],
  [new nn.Conv(4, 4, [3], { group: 4 }), [1, 4, 6]],
  [new nn.Conv(2, 3, [3, 3]), [1, 2, 4, 5]],
  [new nn.Conv(2, 4, [3, 2], { strides: [2, 1], pads: [1, 0], group: 2 }), [1, 2, 5, 4]],
];

/** With and without a mask; behind a clip's end nothing is asked. */
function attending(own: nn.SelfAttention | nn.TransformerBlock): GradientCase[] {
  return [
    layer(own, [[3, 5, 4]], (context, [x]) => own.forward(context, x!, null)),
    layer(own, [[3, 5, 4]], (context, [x]) =>
      ops.mul(own.forward(context, x!, rowMask(context)), rowMask(context)),
    ),
  ];
}

const CASES: Record<keyof typeof nn, readonly GradientCase[] | typeof NO_LAYER> = {
  Linear: [
    layer(linear, [[5, 4]], (context, [x]) => linear.forward(context, x!)),
    layer(linear, [[2, 3, 4]], (context, [x]) => linear.forward(context, x!)),
  ],
  Conv: convolutions.map(([conv, shape]) =>
    layer(conv, [shape], (context, [x]) => conv.forward(context, x!)),
  ),
  Lstm: [uni, bi].flatMap((lstm) => [
    layer(lstm, [[5, 3, 3]], (context, [x]) => lstm.forward(context, x!)),
    layer(lstm, [[5, 3, 3]], (context, [x]) =>
      ops.mul(lstm.forward(context, x!, mask(context)), mask(context)),
    ),
  ]),
  LayerNorm: [
    (() => {
      const own = new nn.LayerNorm(6);
      return layer(own, [[2, 3, 6]], (context, [x]) => own.forward(context, x!));
    })(),
  ],
  BatchNorm: [
    layer(norm, [[6, 3]], (context, [x]) => norm.forward(context, x!)),
    layer(norm, [[2, 3, 5]], (context, [x]) => norm.forward(context, x!)),
    layer(norm, [[2, 3, 2, 3]], (context, [x]) => norm.forward(context, x!)),
    layer(norm, [[3, 3, 5]], (context, [x]) => norm.forward(context, x!, columnMask(context))),
    layer(norm, [[4, 3, 2]], (context, [x]) => norm.forward({ ...context, training: false }, x!)),
  ],
  AttentivePooling: [pooling, means].flatMap((own) =>
    (
      [
        (context, [x]) => own.forward(context, x!).vector,
        (context, [x]) => own.forward(context, x!, mask(context)).vector,
        (context, [x]) => own.forward(context, x!, mask(context)).attention,
      ] satisfies Forward[]
    ).map((forward) => layer(own, [[5, 3, 3]], forward, SHIFT)),
  ),
  SelfAttention: attending(attention),
  TransformerBlock: attending(block),
  gelu: [plain([[4, 5]], (_, [x]) => nn.gelu(x!))],
  // What it says depends on how many frames there are and on nothing in them: x is added, to have a gradient.
  positions: [plain([[2, 5, 6]], (_, [x]) => ops.add(x!, nn.positions(x!, 6, 2)))],
  maskedSoftmax: [
    plain([[5, 3, 1]], (_, [x]) => nn.maskedSoftmax(x!, null, 0)),
    plain([[5, 3, 1]], (context, [x]) => nn.maskedSoftmax(x!, mask(context), 0)),
  ],
  statisticsOverTime: [
    plain([[5, 3, 2]], (_, [x]) => nn.statisticsOverTime(x!, null)),
    plain([[5, 3, 2]], (context, [x]) => nn.statisticsOverTime(x!, mask(context))),
  ],
  meanOverTime: [
    plain([[5, 3, 2]], (_, [x]) => nn.meanOverTime(x!, null)),
    plain([[5, 3, 2]], (context, [x]) => nn.meanOverTime(x!, mask(context))),
  ],
  dropout: [
    plain([[4, 5]], (context, [x]) => nn.dropout(context, x!, 0.4)),
    plain([[4, 2, 5]], (context, [x]) => nn.dropout(context, x!, 0.4, [0])),
  ],
  crossEntropy: [0, 0.1].flatMap((labelSmoothing) => [
    plain([[2, 3]], (context, [x]) =>
      nn.crossEntropy(x!, targets(context), weights(context), { labelSmoothing }),
    ),
    plain([[2, 3], [2]], (context, [x, w]) =>
      nn.crossEntropy(x!, targets(context), ops.add(w!, 2), { labelSmoothing }),
    ),
  ]),
  squaredError: [false, true].map((given) =>
    plain([[2, 3, 2], [2, 3, 1], [2]], (context, [x, frames, w]) => {
      const wanted = fixed(context, {
        shape: [2, 3, 2],
        data: Array.from({ length: 12 }, (_, i) => Math.sin(i)),
      });
      const total = given ? { total: fixed(context, { shape: [], data: [3] }) } : {};
      return nn.squaredError(x!, wanted, ops.softmax(frames!, 1), ops.add(w!, 2), total);
    }),
  ),
  Module: NO_LAYER,
  Parameter: NO_LAYER,
  Buffer: NO_LAYER,
  inferenceGraph: NO_LAYER,
  trainingModel: NO_LAYER,
  evaluationModel: NO_LAYER,
  sumModel: NO_LAYER,
  updateModel: NO_LAYER,
  learningRate: NO_LAYER,
  parameterPlaces: NO_LAYER,
  bufferPlaces: NO_LAYER,
  totalSize: NO_LAYER,
  initialParameters: NO_LAYER,
  initialBuffers: NO_LAYER,
  decayMask: NO_LAYER,
};

test("every export of nn is a layer with cases, or said not to be one", () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(nn).sort());
});

test("nothing that extends Module is said not to be a layer", () => {
  const modules = Object.entries(nn).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof nn.Module,
  );
  expect(modules.length).toBeGreaterThan(0);
  for (const [name] of modules) expect(CASES[name as keyof typeof nn]).not.toBe(NO_LAYER);
});

for (const [name, cases] of Object.entries(CASES)) {
  if (cases === NO_LAYER) continue;
  cases.forEach((example, i) => {
    test(`gradients of ${name}, case ${i + 1} of ${cases.length}`, async () => {
      expect(await gradientError(example)).toBeLessThan(1e-3);
    });
  });
}
