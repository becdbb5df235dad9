// Cross-entropy against PyTorch, and where it stays finite; the squared error against its formula in plain loops.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { evaluate } from "../../test/support/evaluate.ts";
import { expectGolden, type GoldenTensor, readGolden } from "../../test/support/golden.ts";
import { type Numbers, normal } from "../../test/support/numbers.ts";
import { gradients, ops } from "../graph/index.ts";
import { crossEntropy, squaredError } from "./index.ts";

interface LossCase {
  name: string;
  params: { labelSmoothing: number };
  inputs: Record<"logits" | "targets" | "weights", GoldenTensor>;
  outputs: { loss: number };
  gradients: { logits: GoldenTensor };
}

function run({ inputs, params }: Pick<LossCase, "inputs" | "params">) {
  return evaluate({ ...inputs }, (_, { logits, targets, weights }) => {
    const loss = crossEntropy(logits!, targets!, weights!, params);
    return { loss, gradient: ops.identity(gradients(loss, [logits!])[0]!) };
  });
}

const { cases } = readGolden<{ cases: LossCase[] }>("losses");

describe("cross-entropy and its gradient are PyTorch's", () => {
  test.each(cases)("$name", async (example) => {
    const { loss, gradient } = await run(example);
    expectClose(loss, [example.outputs.loss], { rtol: 1e-4 });
    expectGolden(gradient, example.gradients.logits);
  });
});

test("parts of a batch over one total add up to the whole batch", async () => {
  const logits = normal([4, 3], 1);
  const targets = { shape: [4, 3], data: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0] };
  const weights = { shape: [4], data: [1, 0.5, 2, 0.25] };
  const part = ({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }, half: number) => {
    const size = data.length / 2;
    return { shape: [2, ...shape.slice(1)], data: Array.from(data).slice(half * size, (half + 1) * size) };
  };
  const losses = await Promise.all(
    [0, 1].map((half) =>
      evaluate(
        {
          logits: part(logits, half),
          targets: part(targets, half),
          weights: part(weights, half),
          total: { shape: [], data: [3.75] },
        },
        (_, v) => ({ loss: crossEntropy(v.logits!, v.targets!, v.weights!, { total: v.total! }) }),
      ),
    ),
  );
  const whole = await evaluate({ logits, targets, weights }, (_, v) => ({
    loss: crossEntropy(v.logits!, v.targets!, v.weights!),
  }));
  expect(losses[0]!.loss[0]! + losses[1]!.loss[0]!).toBeCloseTo(whole.loss[0]!, 6);
});

test("logits of a thousand give a loss of about a thousand and a gradient of numbers", async () => {
  const inputs = {
    logits: { shape: [1, 3], data: [1000, -1000, 0] },
    targets: { shape: [1, 3], data: [0, 0, 1] },
    weights: { shape: [1], data: [1] },
  };
  const { loss, gradient } = await run({ inputs, params: { labelSmoothing: 0 } });
  expectClose(loss, [1000], { rtol: 1e-6 });
  expectClose(gradient, [1, 0, -1], { atol: 1e-6 });
});

describe("squared error", () => {
  const [clips, frames, width] = [3, 4, 2];
  const x = normal([clips, frames, width], 2);
  const targets = normal([clips, frames, width], 3);
  const weights = [1, 0.5, 2];
  /** The last clip has two frames only; what stands behind them does not count. */
  const counts = [0.1, 0.2, 0.3, 0.4, 0.25, 0.25, 0.25, 0.25, 0.9, 0.1, 0, 0];
  const feeds = {
    ...{ x, targets },
    frames: { shape: [clips, frames, 1], data: counts },
    weights: { shape: [clips], data: weights },
  };
  const each = weights.map((weight, clip) => {
    const rows = Array.from({ length: frames }, (_, t) => clip * frames + t);
    const apart = (i: number) => (x.data[i]! - targets.data[i]!) ** 2;
    return rows.reduce(
      (sum, row) => sum + (weight * counts[row]! * (apart(row * width) + apart(row * width + 1))) / width,
      0,
    );
  });
  const sum = each.reduce((a, b) => a + b);

  test("over the numbers of a frame its mean, frames and clips by their weights", async () => {
    const { loss } = await evaluate(feeds, (_, v) => ({
      loss: squaredError(v.x!, v.targets!, v.frames!, v.weights!),
    }));
    expectClose(loss, [sum / 3.5], { rtol: 1e-5 });
  });

  test("parts of a batch over one total add up to the whole batch", async () => {
    const of = async (clip: number) => {
      const part = ({ shape, data }: Numbers) => {
        const size = data.length / clips;
        return {
          shape: [1, ...shape.slice(1)],
          data: Array.from(data).slice(clip * size, (clip + 1) * size),
        };
      };
      const own = Object.fromEntries(Object.entries(feeds).map(([name, numbers]) => [name, part(numbers)]));
      const { loss } = await evaluate({ ...own, total: { shape: [], data: [3.5] } }, (_, v) => ({
        loss: squaredError(v.x!, v.targets!, v.frames!, v.weights!, { total: v.total! }),
      }));
      return loss[0]!;
    };
    const losses = [await of(0), await of(1), await of(2)];
    expectClose(
      losses,
      each.map((one) => one / 3.5),
      { rtol: 1e-5 },
    );
  });

  test("nothing where nothing is apart", async () => {
    const { loss } = await evaluate({ ...feeds, targets: x }, (_, v) => ({
      loss: squaredError(v.x!, v.targets!, v.frames!, v.weights!),
    }));
    expect([...loss]).toEqual([0]);
  });
});
