// TF.js' time for one training step (see step.py) on its WebAssembly backend: its own layers, and hand-written cells.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import tf from "@tensorflow/tfjs";
import wasm from "@tensorflow/tfjs-backend-wasm";

const [BATCH, FRAMES, FEATURES, HIDDEN, DENSE, CLASSES] = [64, 128, 40, 128, 64, 7];

/** Keras-like layers and trainOnBatch. */
function layers() {
  const net = tf.sequential({
    layers: [
      tf.layers.lstm({ units: HIDDEN, returnSequences: true, inputShape: [FRAMES, FEATURES] }),
      tf.layers.lstm({ units: HIDDEN }),
      tf.layers.dense({ units: DENSE, activation: "relu" }),
      tf.layers.dense({ units: CLASSES }),
    ],
  });
  net.compile({ optimizer: "adam", loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits) });
  const { x, labels } = batch();
  return () => net.trainOnBatch(x, labels);
}

/**
 * A matrix product whose gradient transposes first: TF.js' own gradient multiplies by a transposed matrix, for which its
 * WebAssembly kernel is some twenty times slower. Nobody finds this in its guide; it is here to be fair to the engine.
 */
const transposingProduct = tf.customGrad((a, b, save) => {
  save([a, b]);
  return {
    value: a.matMul(b),
    gradFunc: (dy, [a, b]) => [dy.matMul(b.transpose()), a.transpose().matMul(dy)],
  };
});

/**
 * The same network from plain operations, one product a frame: [input, hidden] times one matrix. (One product for the
 * inputs of all frames, as we do it, is slower here: cutting its result into frames copies all of it for each frame.)
 */
function cells(product) {
  const matrix = (rows, columns) => tf.variable(tf.randomNormal([rows, columns], 0, 1 / Math.sqrt(rows)));
  const zeros = (columns) => tf.variable(tf.zeros([columns]));
  const layer = (inputs, outputs) => ({ w: matrix(inputs, outputs), b: zeros(outputs) });
  const net = [
    layer(FEATURES + HIDDEN, 4 * HIDDEN),
    layer(HIDDEN + HIDDEN, 4 * HIDDEN),
    layer(HIDDEN, DENSE),
    layer(DENSE, CLASSES),
  ];
  const [first, second, dense, out] = net.map(
    ({ w, b }) =>
      (x) =>
        product(x, w).add(b),
  );
  const optimizer = tf.train.adam(0.001);
  const { x, labels } = batch();
  const frames = tf.unstack(x, 1);

  const run = (sequence, gates) => {
    let [h, c] = [tf.zeros([BATCH, HIDDEN]), tf.zeros([BATCH, HIDDEN])];
    return sequence.map((frame) => {
      const [i, f, o, g] = gates(tf.concat([frame, h], 1)).split(4, 1);
      c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
      h = o.sigmoid().mul(c.tanh());
      return h;
    });
  };
  const loss = () => {
    const last = run(run(frames, first), second).at(-1);
    return tf.losses.softmaxCrossEntropy(labels, out(dense(last).relu()));
  };
  const variables = net.flatMap(({ w, b }) => [w, b]);
  return async () => {
    const value = optimizer.minimize(loss, true, variables);
    const [number] = await value.data();
    value.dispose();
    return number;
  };
}

function batch() {
  const classes = tf.tensor1d(
    Array.from({ length: BATCH }, (_, index) => index % CLASSES),
    "int32",
  );
  return {
    x: tf.randomNormal([BATCH, FRAMES, FEATURES], 0, 1, "float32", 1),
    labels: tf.oneHot(classes, CLASSES),
  };
}

const CONFIGURATIONS = {
  layers,
  cells: () => cells(tf.matMul),
  "cells,transposing-product": () => cells(transposingProduct),
};
const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "3" },
    warmup: { type: "string", default: "1" },
    only: { type: "string" },
    list: { type: "boolean" },
    wait: { type: "boolean" },
  },
});
if (values.list) {
  console.log(JSON.stringify(Object.keys(CONFIGURATIONS)));
  process.exit(0);
}
if (values.only && !CONFIGURATIONS[values.only]) {
  throw new Error(
    `tfjs-step: got --only ${values.only}, expected one of ${Object.keys(CONFIGURATIONS).join(", ")}`,
  );
}
// One thread: TF.js switches its threads off in Node (its issue 3830), and forcing them fails to start a worker.
wasm.setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
if (!(await tf.setBackend("wasm"))) throw new Error(`tfjs-step: the WebAssembly backend did not start`);
tf.enableProdMode();
for (const [configuration, prepare] of Object.entries(CONFIGURATIONS)) {
  if (values.only && values.only !== configuration) continue;
  const step = prepare();
  for (let index = 0; index < Number(values.warmup); index++) await step();
  for await (const _ of values.wait ? createInterface(process.stdin) : [null]) {
    const times = [];
    let loss = Number.NaN;
    for (let index = 0; index < Number(values.steps); index++) {
      const start = performance.now();
      loss = await step();
      times.push(Number((performance.now() - start).toFixed(3)));
    }
    const about = { peer: "tfjs-wasm", version: tf.version.tfjs, configuration, threads: 1 };
    console.log(JSON.stringify({ ...about, ms_per_step: times, loss: Number(loss.toFixed(4)) }));
  }
}
process.exit(0);
