// The LSTM layer against PyTorch, and its two forms against each other.
import { expect, test } from "vitest";
import { testContext } from "../../../test/support/context.ts";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  expectGolden,
  type GoldenTensor,
  largestDifference,
  readGolden,
} from "../../../test/support/golden.ts";
import { frameMask, type Numbers, normal } from "../../../test/support/numbers.ts";
import { createGraph, type Graph, gradients, ops, toModel, type Value } from "../../graph/index.ts";
import { Lstm } from "../index.ts";

interface LstmCase {
  name: string;
  params: { layers: number; bidirectional: boolean; hidden: number; lengths: number[] | null };
  inputs: Record<string, GoldenTensor>;
  outputs: Record<"y", GoldenTensor>;
  r: GoldenTensor;
  gradients: Record<string, GoldenTensor>;
}

/** Rows by gate: PyTorch stacks i, f, g, o; ONNX and we stack i, o, f, g. */
function toOurGates({ shape, data }: GoldenTensor): GoldenTensor {
  const block = data.length / 4;
  return { shape, data: [0, 3, 1, 2].flatMap((gate) => data.slice(gate * block, (gate + 1) * block)) };
}

/** PyTorch's names of one layer's tensors, direction by direction, in the order of our parameters. */
function torchNames(layer: number, bidirectional: boolean): string[][] {
  return ["", "_reverse"]
    .slice(0, bidirectional ? 2 : 1)
    .map((direction) =>
      ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `${name}_l${layer}${direction}`),
    );
}

for (const { name, params, inputs, outputs, r, gradients: expected } of readGolden<{ cases: LstmCase[] }>(
  "lstm",
).cases) {
  test(`the LSTM and its gradients are PyTorch's: ${name}`, async () => {
    const { layers, bidirectional, hidden, lengths } = params;
    const [frames, , width] = inputs.x!.shape as [number, number, number];
    const feeds: Record<string, Numbers> = { x: inputs.x!, r };
    if (lengths) feeds.mask = frameMask(lengths, frames);
    for (const [key, tensor] of Object.entries(inputs)) if (key !== "x") feeds[key] = toOurGates(tensor);
    const got = await evaluate(feeds, (graph, given) => {
      let y = given.x!;
      const wanted: Record<string, Value> = { x: y };
      for (let layer = 0; layer < layers; layer++) {
        const lstm = new Lstm(layer ? hidden : width, hidden, { bidirectional });
        const parameters = torchNames(layer, bidirectional).flatMap(([wx, wh, bx, bh]) => {
          const bias = ops.add(given[bx!]!, given[bh!]!);
          Object.assign(wanted, { [wx!]: given[wx!], [wh!]: given[wh!], [bx!]: bias, [bh!]: bias });
          return [given[wx!]!, given[wh!]!, bias];
        });
        y = lstm.forward(testContext(graph, lstm, { parameters }), y, given.mask ?? null);
      }
      // PyTorch gives 0 past a clip's end.
      if (given.mask) y = ops.mul(y, given.mask);
      const found = gradients(ops.reduceSum(ops.mul(y, given.r!), [0, 1, 2]), Object.values(wanted));
      const named = Object.keys(wanted).map((key, i) => [`gradient of ${key}`, ops.identity(found[i]!)]);
      return { y, ...Object.fromEntries(named) };
    });
    expectGolden(got.y!, outputs.y);
    for (const [key, gradient] of Object.entries(expected)) {
      const ours = key === "x" ? gradient : toOurGates(gradient);
      expectGolden(got[`gradient of ${key}` as "y"]!, ours);
    }
  });
}

/** One layer over `[T, B, I]`, as it stands for inference, or with a backward pass beside it. */
async function forms(bidirectional: boolean, lengths: number[] | null) {
  const [frames, batch, width, hidden] = [11, 3, 4, 6];
  const feeds: Record<string, Numbers> = { x: normal([frames, batch, width], 1) };
  for (let i = 0; i < (bidirectional ? 2 : 1); i++) {
    feeds[`w${i}`] = normal([4 * hidden, width], 2 + i);
    feeds[`r${i}`] = normal([4 * hidden, hidden], 4 + i);
    feeds[`b${i}`] = normal([4 * hidden], 6 + i);
  }
  if (lengths) feeds.mask = frameMask(lengths, frames);
  const layer = new Lstm(width, hidden, { bidirectional });
  const describe = (graph: Graph, given: Record<string, Value>): Value => {
    const parameters = ["0", "1"]
      .slice(0, bidirectional ? 2 : 1)
      .flatMap((i) => [given[`w${i}`]!, given[`r${i}`]!, given[`b${i}`]!]);
    const y = layer.forward(testContext(graph, layer, { parameters }), given.x!, given.mask ?? null);
    return given.mask ? ops.mul(y, given.mask) : y;
  };
  const fused = await evaluate(feeds, (graph, given) => ({ y: describe(graph, given) }));
  const scanned = await evaluate(feeds, (graph, given) => {
    const y = describe(graph, given);
    const [dx] = gradients(ops.reduceSum(y, [0, 1, 2]), [given.x!]);
    return { y, dx: ops.identity(dx!) };
  });
  return { fused: fused.y, scanned: scanned.y };
}

for (const bidirectional of [false, true]) {
  for (const lengths of [null, [11, 4, 7], [1, 11, 2]]) {
    const about = `${bidirectional ? "both directions" : "one direction"}, ${lengths ? `lengths ${lengths}` : "no mask"}`;
    test(`the fused LSTM of inference is the Scan of training: ${about}`, async () => {
      const { fused, scanned } = await forms(bidirectional, lengths);
      expect(largestDifference(fused, scanned)).toBeLessThan(1e-5);
      expect(Math.max(...fused)).toBeGreaterThan(0.1);
    });
  }
}

test("inference uses ONNX's LSTM, training its Scan", () => {
  const opsOf = (train: boolean) => {
    const graph = createGraph();
    const layer = new Lstm(3, 2, { bidirectional: true });
    const x = graph.input("x", [5, 1, 3]);
    const parameters = [[8, 3], [8, 2], [8], [8, 3], [8, 2], [8]].map((shape, i) =>
      graph.input(`p${i}`, shape),
    );
    const y = layer.forward(testContext(graph, layer, { parameters }), x);
    const extra = train ? gradients(ops.reduceSum(y, [0, 1, 2]), [x]) : [];
    return toModel(graph, { y, ...Object.fromEntries(extra.map((dx) => ["dx", dx])) }).graph.nodes.map(
      ({ op }) => op,
    );
  };
  expect(opsOf(false).filter((op) => op === "LSTM" || op === "Scan")).toEqual(["LSTM", "LSTM"]);
  expect(opsOf(true).filter((op) => op === "LSTM" || op === "Scan")).toEqual([
    "Scan",
    "Scan",
    "Scan",
    "Scan",
  ]);
});
