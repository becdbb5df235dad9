// Convolution and pooling with their gradients against PyTorch.
import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import { expectGolden, type GoldenTensor, readGolden } from "../../../test/support/golden.ts";
import { gradients, ops, type Value } from "../index.ts";

interface WindowCase {
  name: string;
  op: "Conv" | "MaxPool" | "AveragePool";
  params: { kernel: number[]; stride: number[]; padding: number[]; dilation?: number[]; groups?: number };
  inputs: Record<string, GoldenTensor>;
  outputs: { y: GoldenTensor };
  r: GoldenTensor;
  gradients: Record<string, GoldenTensor>;
}

function apply({ op, params }: WindowCase, { x, weight, bias }: Record<string, Value>): Value {
  const { kernel, stride: strides, padding: pads, dilation: dilations, groups: group } = params;
  if (op === "Conv") return ops.conv(x!, weight!, bias!, { strides, pads, dilations, group });
  const pool = op === "MaxPool" ? ops.maxPool : ops.averagePool;
  return pool(x!, kernel, { strides, pads });
}

const { cases } = readGolden<{ cases: WindowCase[] }>("conv");
/** Its gradient is not offered: the error says so. */
const padded = cases.filter(({ op, params }) => op === "MaxPool" && params.padding.some((n) => n > 0));

describe("convolution and pooling are PyTorch's", () => {
  test.each(cases)("$name", async (example) => {
    const { y } = await evaluate(example.inputs, (_, given) => ({ y: apply(example, given) }));
    expectGolden(y, example.outputs.y);
  });
});

describe("and so are their gradients", () => {
  test.each(cases.filter((example) => !padded.includes(example)))("$name", async (example) => {
    const names = Object.keys(example.gradients);
    const got = await evaluate({ ...example.inputs, r: example.r }, (_, given) => {
      const y = apply(example, given);
      const axes = y.shape.map((_dim, axis) => axis);
      const loss = ops.reduceSum(ops.mul(y, given.r!), axes);
      const found = gradients(
        loss,
        names.map((name) => given[name]!),
      );
      return Object.fromEntries(names.map((name, i) => [`d${name}`, ops.identity(found[i]!)]));
    });
    for (const name of names) expectGolden(got[`d${name}`]!, example.gradients[name]!);
  });

  test("but for max pooling over padding, which says that it has none", async () => {
    expect(padded.length).toBe(1);
    const [example] = padded as [WindowCase];
    const differentiate = () =>
      evaluate(example.inputs, (_, given) => {
        const [dx] = gradients(ops.reduceSum(apply(example, given), [0, 1, 2, 3]), [given.x!]);
        return { dx: dx! };
      });
    await expect(differentiate()).rejects.toThrow(/MaxPool with padding has no gradient/);
  });
});
