// Graphs while they are described, differentiated and turned into models.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { evaluate, runModel } from "../../test/support/evaluate.ts";
import { normal } from "../../test/support/numbers.ts";
import {
  createGraph,
  floatTensor,
  GraphError,
  gradients,
  intTensor,
  ops,
  toModel,
  type Value,
} from "./index.ts";

const opsOf = (outputs: Record<string, Value>) =>
  toModel(Object.values(outputs)[0]!.graph, outputs).graph.nodes.map(({ op }) => op);

function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("errors", () => {
  const graph = createGraph();
  const x = graph.input("x", [3, 4]);
  const frames = graph.input("frames", ["batch", 5]);

  test.each<[string, () => unknown, RegExp]>([
    ["shapes that do not broadcast", () => ops.add(x, graph.input("a", [2, 4])), /\[3, 4\].*\[2, 4\]/],
    ["inner dimensions", () => ops.matmul(x, graph.input("b", [3, 4])), /4 and 3.*x \[3, 4\], b \[3, 4\]/],
    [
      "a bias that does not stretch",
      () => ops.gemm(x, graph.input("c", [4, 2]), graph.input("d", [3])),
      /\[3\].*\[3, 2\]/,
    ],
    ["a reshape", () => ops.reshape(x, [5, -1]), /\[3, 4\].*\[5, -1\]/],
    ["a squeeze", () => ops.squeeze(x, [0]), /axis 0 of \[3, 4\]/],
    ["a permutation", () => ops.transpose(x, [0, 0]), /\[0,0\].*\[3, 4\]/],
    ["parts of a split", () => ops.split(x, [1, 1], 1), /1,1.*4.*x \[3, 4\]/],
    ["a concatenation", () => ops.concat([x, graph.input("e", [2, 4])], 1), /\[3, 4\].*\[2, 4\].*axis 1/],
    ["an axis", () => ops.reduceSum(x, [2]), /axis 2 .* rank 2/],
    [
      "channels",
      () => ops.conv(graph.input("f", [1, 3, 8]), graph.input("w", [2, 4, 3]), null),
      /3 channels.*4.*f \[1, 3, 8\]/,
    ],
    ["a window wider than its input", () => ops.maxPool(graph.input("g", [1, 1, 2]), [3]), /\[3\].*\[2\]/],
    [
      "an LSTM",
      () =>
        ops.lstm(
          graph.input("h", [5, 2, 3]),
          graph.input("i", [8, 4]),
          graph.input("j", [8, 2]),
          graph.input("k", [8]),
        ),
      /x \[T, B, I\].*\[5, 2, 3\] \[8, 4\]/,
    ],
    ["types", () => ops.add(x, graph.constant(intTensor([1]))), /float32 and int64/],
    [
      "a mean over a dimension known by name only",
      () => gradients(ops.reduceMean(frames, [0, 1]), [frames]),
      /\[batch, 5\]/,
    ],
    ["an operator that is not in the table", () => graph.apply("Einsum", [x]), /Einsum.*src\/graph\/ops/],
    ["values of two graphs", () => ops.add(x, createGraph().input("other", [3, 4])), /other.*another graph/],
    ["two inputs of one name", () => graph.input("x", [1]), /"x"/],
    ["a constant with too few numbers", () => floatTensor([1, 2], [3]), /\[3\].*2 numbers/],
  ])("name the shapes: %s", (_, body, message) => {
    const error = thrown(body);
    expect(error).toBeInstanceOf(GraphError);
    expect((error as GraphError).message).toMatch(message);
  });

  test("an output that has the name of another value is an error", () => {
    expect(() => toModel(graph, { x: ops.neg(x) })).toThrow(/"x"/);
  });

  test("an output that no node makes is an error, and its copy is not", () => {
    expect(() => toModel(graph, { y: x })).toThrow(/identity/);
    expect(opsOf({ y: ops.identity(x) })).toEqual(["Identity", "Identity"]);
  });
});

describe("models", () => {
  test("hold what their outputs need, and nothing else", () => {
    const graph = createGraph();
    const [x, unused] = [graph.input("x", [2]), graph.input("unused", [2])];
    const kept = ops.mul(x, 2);
    ops.exp(ops.add(unused, 3));
    ops.log(kept);
    const model = toModel(graph, { y: kept });
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Mul", "Identity"]);
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(Object.keys(model.graph.initializers).length).toBe(1);
  });

  test("keep every part of a split, since the sizes are of all parts", async () => {
    const { y } = await evaluate({ x: { shape: [4], data: [1, 2, 3, 4] } }, (_, { x }) => ({
      y: ops.identity(ops.split(x!, [1, 2, 1], 0)[1]!),
    }));
    expect([...y]).toEqual([2, 3]);
  });

  test("leave out optional outputs that nobody reads", () => {
    const graph = createGraph();
    const weights = [graph.input("s", [3]), graph.input("b", [3])] as const;
    const y = ops.layerNorm(graph.input("x", [2, 3]), ...weights);
    const node = toModel(graph, { y }).graph.nodes.find(({ op }) => op === "LayerNormalization")!;
    expect(node.outputs.length).toBe(1);
  });

  test("of one graph can be made several times", async () => {
    const graph = createGraph();
    const x = graph.input("x", [3, 1, 2]);
    const weights = [8, 8, 8].map((rows, i) =>
      graph.constant(floatTensor(normal([rows * 2], i).data, [rows, 2])),
    );
    const bias = ops.reduceSum(weights[2]!, [1]);
    const states = ops.lstm(x, weights[0]!, weights[1]!, bias);
    const [dx] = gradients(ops.reduceSum(states, [0, 1, 2]), [x]);
    // Names that the inside of an LSTM would like to have, too.
    const feeds = { x: normal([3, 1, 2], 4) };
    const once = await runModel(toModel(graph, { y: states, c: dx! }), feeds);
    const twice = await runModel(toModel(graph, { y: states, c: dx! }), feeds);
    const alone = await runModel(toModel(graph, { h: states }), feeds);
    expect(twice).toEqual(once);
    expectClose(alone.h!.data as Float32Array, once.y!.data as Float32Array, { atol: 1e-6 });
  });

  test("with named dimensions run at any size", async () => {
    const graph = createGraph();
    const x = graph.input("x", ["batch", 2, "samples"]);
    const kernel = graph.constant(floatTensor([1, -1, 0.5, 2, 0, 1], [1, 2, 3]));
    const wave = ops.conv(x, kernel, null, { strides: [2], pads: [1] });
    const pooled = ops.maxPool(wave, [2]);
    const model = toModel(graph, {
      wave,
      mean: ops.reduceMean(ops.concat([wave, ops.slice(wave, 2, 1, 3)], 2), [2]),
      flat: ops.reshape(ops.transpose(pooled, [2, 0, 1]), [0, -1]),
    });
    for (const [batch, samples] of [
      [1, 9],
      [3, 16],
    ] as const) {
      const fed = normal([batch, 2, samples], samples);
      const static_ = await evaluate({ x: fed }, (g, given) => {
        const w = g.constant(floatTensor([1, -1, 0.5, 2, 0, 1], [1, 2, 3]));
        return { wave: ops.conv(given.x!, w, null, { strides: [2], pads: [1] }) };
      });
      const { wave: got, mean, flat } = await runModel(model, { x: fed });
      const out = Math.floor((samples + 2 - 3) / 2) + 1;
      expect(got!.shape).toEqual([batch, 1, out]);
      expect([...(got!.data as Float32Array)]).toEqual([...static_.wave]);
      expect(mean!.shape).toEqual([batch, 1]);
      expect(flat!.shape).toEqual([Math.floor(out / 2), batch]);
    }
  });

  test("equal small constants are one, large ones are not looked at", () => {
    const graph = createGraph();
    expect(graph.scalar(0.5)).toBe(graph.scalar(0.5));
    expect(graph.scalar(0.5)).not.toBe(graph.scalar(0.25));
    expect(graph.ints([1])).not.toBe(graph.constant(floatTensor([1], [1])));
    expect(graph.constant(floatTensor([1, 2], [2]))).not.toBe(graph.constant(floatTensor([1, 2], [1, 2])));
    // 0 and -0 are two numbers: 1 / x tells them apart.
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
    const large = new Float32Array(100);
    expect(graph.constant(floatTensor(large, [100]))).not.toBe(graph.constant(floatTensor(large, [100])));
  });

  test("nodes carry the scopes they were added in, and no two values share a name", () => {
    const graph = createGraph();
    const x = graph.input("x", [2]);
    const inner = graph.scope("encoder", () => graph.scope("layer", () => ops.neg(x)));
    const again = graph.scope("encoder", () => graph.scope("layer", () => ops.neg(x)));
    expect(inner.name).toBe("encoder/layer/Neg");
    expect(again.name).toBe("encoder/layer/Neg_2");
    expect(() => graph.scope("broken", () => ops.add(x, graph.input("y", [3])))).toThrow("broken/Add");
    expect(ops.neg(x).name).toBe("Neg");
    const names = [...graph.inputs, ...graph.nodes.flatMap(({ outputs }) => outputs)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("gradients", () => {
  test("of a value that is used twice add up", async () => {
    const { dx } = await evaluate({ x: { shape: [3], data: [1, -2, 3] } }, (_, { x }) => {
      const loss = ops.reduceSum(ops.add(ops.mul(x!, x!), ops.add(ops.mul(x!, 5), x!)), [0]);
      return { dx: ops.identity(gradients(loss, [x!])[0]!) };
    });
    expectClose(dx, [8, 2, 12], { atol: 1e-6 });
  });

  test("of a value in the middle, and of an input behind it", async () => {
    const { dm, dx } = await evaluate({ x: { shape: [2], data: [0.5, 2] } }, (_, { x }) => {
      const middle = ops.exp(x!);
      const [dm, dx] = gradients(ops.reduceSum(ops.mul(middle, middle), [0]), [middle, x!]);
      return { dm: ops.identity(dm!), dx: ops.identity(dx!) };
    });
    expectClose(dm, [2 * Math.exp(0.5), 2 * Math.exp(2)], { rtol: 1e-6 });
    expectClose(dx, [2 * Math.exp(1), 2 * Math.exp(4)], { rtol: 1e-6 });
  });

  test("of the loss itself are 1", () => {
    const graph = createGraph();
    const loss = ops.reduceSum(graph.input("x", [2]), [0]);
    const [own] = gradients(loss, [loss]);
    expect(own!.constant).toEqual(floatTensor([1], []));
  });

  test("do not reach past what is wanted", () => {
    const graph = createGraph();
    const [x, w] = [graph.input("x", [2, 3]), graph.input("w", [3, 4])];
    const [dw] = gradients(ops.reduceSum(ops.matmul(ops.exp(x), w), [0, 1]), [w]);
    // The forward pass needs one Exp, and the gradient by x is not made.
    expect(opsOf({ dw: ops.identity(dw!) }).filter((op) => op === "Exp" || op === "Gemm")).toEqual([
      "Exp",
      "Gemm",
    ]);
  });

  test("are refused where the loss does not depend on a value, is no scalar, or passes what has none", () => {
    const graph = createGraph();
    const [x, other] = [graph.input("x", [2]), graph.input("other", [2])];
    const loss = ops.reduceSum(x, [0]);
    expect(() => gradients(loss, [x, other])).toThrow(/does not depend on other/);
    expect(() => gradients(x, [x])).toThrow(/scalar.*\[2\]/);
    const rounded = ops.reduceSum(ops.cast(ops.greater(x, 0), "float32"), [0]);
    expect(() => gradients(rounded, [x])).toThrow(/Cast.*no gradient/);
  });
});
