// Adam, AdamW and clipping against PyTorch; decay, workers and the average of weights.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { type Feeds, runModel } from "../../test/support/evaluate.ts";
import { expectGolden, type GoldenTensor, readGolden } from "../../test/support/golden.ts";
import { type OptimizerOptions, sumModel, updateModel } from "./index.ts";

type Tensors = Record<"matrix" | "vector", GoldenTensor>;

interface Golden {
  start: Tensors;
  gradients: Tensors[];
  cases: {
    name: string;
    kind: OptimizerOptions["kind"];
    params: { lr: number; betas: [number, number]; eps: number; weightDecay: number };
    after: Tensors[];
  }[];
  clip: {
    name: string;
    params: { maxNorm: number };
    gradients: Tensors;
    totalNorm: number;
    clipped: Tensors;
  }[];
}

const golden = readGolden<Golden>("optimizers");
const flat = ({ matrix, vector }: Tensors) => [...matrix.data, ...vector.data];
const size = flat(golden.start).length;

const vector = (data: ArrayLike<number>) => ({ shape: [data.length], data });
const filled = (value: number) => vector(new Float32Array(size).fill(value));

/** All inputs of an update at its first step, from all zeros; the test says what is otherwise. */
function feeds(given: Feeds): Feeds {
  return {
    parameters: filled(0),
    gradient: filled(0),
    first: filled(0),
    second: filled(0),
    average: filled(0),
    decay: filled(1),
    learning_rate: { shape: [], data: [0.1] },
    step: { shape: [], data: [1] },
    ...given,
  };
}

interface Updated {
  parameters: Float32Array;
  first: Float32Array;
  second: Float32Array;
  /** Null where none is kept. */
  average: Float32Array | null;
  norm: number;
}

async function update(options: OptimizerOptions, given: Feeds): Promise<Updated> {
  const all = feeds(given);
  const { square } = await runModel(sumModel(1), { gradient_0: all.gradient! });
  const norm = Math.sqrt(square!.data[0] as number);
  const out = await runModel(updateModel(options), { ...all, square: { shape: [], data: [norm ** 2] } });
  const numbers = (name: string) => out[name]!.data as Float32Array;
  return {
    parameters: numbers("new_parameters"),
    first: numbers("new_first"),
    second: numbers("new_second"),
    average: options.averageDecay ? numbers("new_average") : null,
    norm,
  };
}

describe("after every step, the parameters are PyTorch's", () => {
  test.each(golden.cases)("$name", async ({ kind, params, after }) => {
    const options = { kind, betas: params.betas, epsilon: params.eps, weightDecay: params.weightDecay };
    const start = flat(golden.start);
    let state: Pick<Updated, "parameters" | "first" | "second"> = {
      parameters: Float32Array.from(start),
      first: new Float32Array(size),
      second: new Float32Array(size),
    };
    for (const [i, gradient] of golden.gradients.entries()) {
      state = await update(options, {
        parameters: vector(state.parameters),
        first: vector(state.first),
        second: vector(state.second),
        gradient: vector(flat(gradient)),
        learning_rate: { shape: [], data: [params.lr] },
        step: { shape: [], data: [i + 1] },
      });
      // What moved is compared, not where it stands: a step is a thousandth of a parameter.
      const moved = flat(after[i]!).map((value, j) => value - start[j]!);
      expectClose(
        state.parameters.map((value, j) => value - start[j]!),
        moved,
        { rtol: 1e-4, atol: 2e-7 },
      );
    }
  });
});

describe("clipping by the global norm is PyTorch's", () => {
  test.each(golden.clip)("$name", async ({ params, gradients, totalNorm, clipped }) => {
    // With betas of 0, the first moment is the clipped gradient itself.
    const { first, norm } = await update(
      { kind: "adam", clipNorm: params.maxNorm, betas: [0, 0] },
      { gradient: vector(flat(gradients)) },
    );
    expect(norm / totalNorm).toBeCloseTo(1, 5);
    expectGolden(first, { shape: [size], data: flat(clipped) });
  });
});

test("decay acts only where the mask says so", async () => {
  const decay = vector(Array.from({ length: size }, (_, i) => (i < 6 ? 1 : 0)));
  for (const kind of ["adam", "adamw"] as const) {
    const { parameters } = await update({ kind, weightDecay: 0.5 }, { parameters: filled(2), decay });
    expect(parameters.slice(0, 6).every((value) => value < 1.95)).toBe(true);
    expect([...parameters.slice(6)]).toEqual(Array(size - 6).fill(2));
  }
});

test("the gradients of workers add up", async () => {
  const each = [1, 2, -0.5].map((value, worker) => [`gradient_${worker}`, filled(value)] as const);
  const { gradient, square } = await runModel(sumModel(3), Object.fromEntries(each));
  expect([...gradient!.data]).toEqual(Array(size).fill(2.5));
  expect(square!.data[0]).toBeCloseTo(2.5 ** 2 * size, 4);
});

test("the average of weights follows them by its decay, and without a decay none is kept", async () => {
  const given = {
    parameters: filled(1),
    average: filled(5),
    gradient: filled(1),
  };
  const slow = await update({ kind: "adam", averageDecay: 0.9 }, given);
  expectClose(
    slow.average!,
    slow.parameters.map((value) => 0.9 * 5 + 0.1 * value),
    { rtol: 1e-6 },
  );
  const none = await update({ kind: "adam" }, given);
  expect(none.average).toBe(null);
});

test("a gradient of zero with clipping moves nothing", async () => {
  const { parameters, norm } = await update({ kind: "adam", clipNorm: 1 }, { parameters: filled(3) });
  expect([...parameters]).toEqual(Array(size).fill(3));
  expect(norm).toBe(0);
});
