// Self-attention against its formula in plain loops, padding that changes nothing, positions and gelu against known values.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { testContext } from "../../../test/support/context.ts";
import { evaluate } from "../../../test/support/evaluate.ts";
import { frameMask, normal } from "../../../test/support/numbers.ts";
import { floatTensor } from "../../graph/index.ts";
import { gelu, type Module, parameterPlaces, positions, SelfAttention, TransformerBlock } from "../index.ts";

const WIDTH = 6;

/** Numbers for every parameter, by path. */
function parametersOf(layer: Module): Record<string, Float32Array> {
  return Object.fromEntries(
    parameterPlaces(layer).map(({ path, shape }, i) => [path, normal(shape, 50 + i).data]),
  );
}

async function run(
  layer: SelfAttention | TransformerBlock,
  frames: number,
  data: ArrayLike<number>,
  length?: number,
): Promise<Float32Array> {
  const given = parametersOf(layer);
  const feeds = {
    x: { shape: [1, frames, WIDTH], data },
    mask: { ...frameMask([length ?? frames], frames), shape: [1, frames, 1] },
  };
  const { y } = await evaluate(feeds, (graph, { x, mask }) => {
    const parameters = parameterPlaces(layer).map(({ path, shape }) =>
      graph.constant(floatTensor(given[path]!, shape)),
    );
    const context = testContext(graph, layer, { parameters });
    return { y: layer.forward(context, x!, length === undefined ? null : mask!) };
  });
  return y;
}

describe.each([
  ["self-attention", new SelfAttention(WIDTH, 2)],
  ["a transformer block", new TransformerBlock(WIDTH, 2)],
] as const)("%s", (_, layer) => {
  const [frames, room] = [5, 8];
  const { data } = normal([1, frames, WIDTH], 1);

  test("what stands behind a clip's end changes nothing of the clip", async () => {
    const alone = await run(layer, frames, data);
    for (const padding of [0, 30]) {
      const padded = [...data, ...Array<number>((room - frames) * WIDTH).fill(padding)];
      const among = await run(layer, room, padded, frames);
      expectClose(among.subarray(0, alone.length), alone, { atol: 1e-4 });
    }
  });

  test("a frame more changes all: each hears every other", async () => {
    const alone = await run(layer, frames, data);
    const more = await run(layer, frames + 1, [...data, ...normal([WIDTH], 2).data]);
    for (let t = 0; t < frames; t++) {
      const apart = Array.from({ length: WIDTH }, (_, d) =>
        Math.abs(more[t * WIDTH + d]! - alone[t * WIDTH + d]!),
      );
      expect(Math.max(...apart)).toBeGreaterThan(1e-3);
    }
  });
});

test("attention is softmax(Q K' / sqrt(d)) V, head by head, through one more dense layer", async () => {
  const [layer, frames, heads] = [new SelfAttention(WIDTH, 2), 4, 2];
  const { data } = normal([frames, WIDTH], 3);
  const given = parametersOf(layer);
  const dense = (x: readonly (readonly number[])[], name: string) =>
    x.map((row) =>
      Array.from({ length: WIDTH }, (_, to) =>
        row.reduce(
          (sum, value, from) => sum + value * given[`${name}.weight`]![from * WIDTH + to]!,
          given[`${name}.bias`]?.[to] ?? 0,
        ),
      ),
    );
  const x = Array.from({ length: frames }, (_, t) => [...data.subarray(t * WIDTH, (t + 1) * WIDTH)]);
  const [query, key, value] = [dense(x, "query"), dense(x, "key"), dense(x, "value")];
  const each = WIDTH / heads;
  const mixed = query.map((asks) =>
    Array.from({ length: WIDTH }, (_, d) => {
      const own = Array.from({ length: each }, (_, i) => Math.floor(d / each) * each + i);
      const scores = key.map((offers) =>
        Math.exp(own.reduce((sum, i) => sum + asks[i]! * offers[i]!, 0) / Math.sqrt(each)),
      );
      const total = scores.reduce((a, b) => a + b);
      return scores.reduce((sum, score, t) => sum + (score / total) * value[t]![d]!, 0);
    }),
  );
  expectClose(await run(layer, frames, data), dense(mixed, "output").flat(), { atol: 1e-4 });
});

describe("positions", () => {
  const [width, frames] = [8, 50];
  const of = async (step?: number) => {
    const x = { shape: [2, frames, 3], data: normal([2, frames, 3], 4).data };
    return (await evaluate({ x }, (_, v) => ({ y: positions(v.x!, width, step) }))).y;
  };

  test("the first: all sines 0, all cosines 1", async () => {
    expect([...(await of()).subarray(0, width)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test.each([undefined, 2])(
    "sines, then cosines, of ever slower turns, in each clip; step %s",
    async (step) => {
      const half = width / 2;
      const row = (t: number) => {
        const angles = Array.from({ length: half }, (_, i) => t * (step ?? 1) * 10_000 ** (-i / (half - 1)));
        return [...angles.map(Math.sin), ...angles.map(Math.cos)];
      };
      const clip = Array.from({ length: frames }, (_, t) => row(t)).flat();
      expectClose(await of(step), [...clip, ...clip], { atol: 1e-4 });
    },
  );

  test("one step of two is two steps of one", async () => {
    const [one, two] = [await of(1), await of(2)];
    for (const t of [1, 7, 20]) {
      expectClose(
        two.subarray(t * width, (t + 1) * width),
        one.subarray(2 * t * width, (2 * t + 1) * width),
        { atol: 1e-5 },
      );
    }
  });
});

test("gelu: x times the share of a normal distribution that is below it", async () => {
  const x = { shape: [5], data: [-10, -1, 0, 1, 10] };
  const { y } = await evaluate({ x }, (_, v) => ({ y: gelu(v.x!) }));
  expectClose(y, [0, -0.158655254, 0, 0.841344746, 10], { atol: 1e-6 });
});
