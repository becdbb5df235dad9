// Layer and batch normalisation against PyTorch, and masks in the statistics of a batch.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { testContext } from "../../../test/support/context.ts";
import { evaluate } from "../../../test/support/evaluate.ts";
import { expectGolden, type GoldenTensor, readGolden } from "../../../test/support/golden.ts";
import { normal } from "../../../test/support/numbers.ts";
import { gradients, ops, type Value } from "../../graph/index.ts";
import { BatchNorm, LayerNorm } from "../index.ts";

interface NormCase {
  name: string;
  op: "LayerNorm" | "BatchNorm";
  params: { training?: boolean };
  inputs: Record<string, GoldenTensor>;
  outputs: Record<string, GoldenTensor>;
  r: GoldenTensor;
  gradients: Record<"x" | "weight" | "bias", GoldenTensor>;
}

describe("normalisation, its gradients and running statistics are PyTorch's", () => {
  test.each(readGolden<{ cases: NormCase[] }>("norm").cases)("$name", async (example) => {
    const { op, params, inputs, outputs, r } = example;
    const width = inputs.weight!.shape[0]!;
    const got: Record<string, Float32Array> = await evaluate({ ...inputs, r }, (graph, given) => {
      const { x, weight, bias, running_mean: mean, running_var: variance } = given as Record<string, Value>;
      const layer = op === "LayerNorm" ? new LayerNorm(width) : new BatchNorm(width);
      const context = testContext(graph, layer, {
        training: params.training ?? true,
        parameters: [weight!, bias!],
        buffers: mean && variance ? [mean, variance] : [],
      });
      const y = layer.forward(context, x!);
      const loss = ops.reduceSum(
        ops.mul(y, given.r!),
        y.shape.map((_, axis) => axis),
      );
      const [dx, dWeight, dBias] = gradients(loss, [x!, weight!, bias!]).map((found) => ops.identity(found));
      const updates = Object.fromEntries(context.updates);
      return { y, dx: dx!, dWeight: dWeight!, dBias: dBias!, ...updates };
    });
    expectGolden(got.y!, outputs.y!);
    expectGolden(got.dx!, example.gradients.x);
    expectGolden(got.dWeight!, example.gradients.weight);
    expectGolden(got.dBias!, example.gradients.bias);
    if (op === "BatchNorm" && params.training) {
      expectGolden(got.mean!, outputs.running_mean!);
      expectGolden(got.variance!, outputs.running_var!);
    } else {
      expect(Object.keys(got)).toEqual(["y", "dx", "dWeight", "dBias"]);
    }
  });
});

test("the statistics of a padded batch are those of the frames that are there", async () => {
  const [channels, frames, lengths] = [3, 6, [6, 2, 4]];
  const x = normal([lengths.length, channels, frames], 11);
  // Padding holds numbers that would show.
  const padded = {
    ...x,
    data: x.data.map((value, i) => (i % frames < lengths[Math.floor(i / 18)]! ? value : 50)),
  };
  const mask = lengths.flatMap((length) => Array.from({ length: frames }, (_, t) => (t < length ? 1 : 0)));
  const there = lengths.flatMap((length, clip) => Array.from({ length }, (_, t) => ({ clip, t })));
  const place = (clip: number, channel: number, t: number) => (clip * channels + channel) * frames + t;
  const packed = there.flatMap(({ clip, t }) => [0, 1, 2].map((c) => padded.data[place(clip, c, t)]!));
  const parameters = { scale: normal([channels], 12), bias: normal([channels], 13) };
  const run = (given: Parameters<typeof evaluate>[0]): Promise<Record<string, Float32Array>> =>
    evaluate({ ...given, ...parameters }, (graph, v) => {
      const layer = new BatchNorm(channels);
      const context = testContext(graph, layer, { parameters: [v.scale!, v.bias!] });
      const y = layer.forward(context, v.x!, v.mask ?? null);
      return { y, ...Object.fromEntries(context.updates) };
    });
  const whole = await run({ x: padded, mask: { shape: [lengths.length, 1, frames], data: mask } });
  const alone = await run({ x: { shape: [there.length, channels], data: packed } });
  expectClose(whole.mean!, alone.mean!, { atol: 1e-6 });
  expectClose(whole.variance!, alone.variance!, { atol: 1e-6 });
  const valid = there.flatMap(({ clip, t }) => [0, 1, 2].map((c) => whole.y![place(clip, c, t)]!));
  expectClose(valid, alone.y!, { atol: 1e-5 });
});

test("a channel far from zero keeps its digits", async () => {
  // Mean 1000, spread 1: scale and shift folded into one product would cost four digits.
  const near = normal([64, 1], 14);
  const run = async (offset: number) =>
    (
      await evaluate(
        { x: { ...near, data: near.data.map((value) => Math.round(value * 64) / 64 + offset) } },
        (graph, v) => {
          const layer = new BatchNorm(1);
          const one = graph.constant({
            type: "float32",
            shape: [1],
            data: new Uint8Array(Float32Array.of(1).buffer),
          });
          return {
            y: layer.forward(testContext(graph, layer, { parameters: [one, ops.sub(one, 1)] }), v.x!),
          };
        },
      )
    ).y;
  expectClose(await run(1000), await run(0), { atol: 1e-5 });
});
