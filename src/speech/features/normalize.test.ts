// Normalisation by the utterance and by the speaker: numbers, masks, and features that do not move.
import { expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { evaluate } from "../../../test/support/evaluate.ts";
import { type Numbers, normal } from "../../../test/support/numbers.ts";
import { gradients, ops } from "../../graph/index.ts";
import { normalize, relativeLevel, utteranceStatistics } from "./index.ts";

const UNKNOWN: Numbers = { shape: [2, 4], data: new Float32Array(8) };

/** `[1, T, 2]`: mean 10 and spread 2, mean -5 and spread 0. */
const features: Numbers = { shape: [1, 4, 2], data: [8, -5, 12, -5, 8, -5, 12, -5] };

test("an utterance comes out with mean 0 and spread 1, and a constant feature as 0", async () => {
  const { mean, spread, y } = await evaluate({ x: features }, (_, { x }) => {
    const own = utteranceStatistics(x!, null);
    return { ...own, y: normalize(x!, own, null, null) };
  });
  expectClose(mean, [10, -5], { atol: 1e-6 });
  expectClose(spread, [2, 0], { atol: 2e-5 });
  expectClose(y, [-1, 0, 1, 0, -1, 0, 1, 0], { atol: 1e-3 });
});

test("padded frames do not count and come out as 0", async () => {
  const padded: Numbers = { shape: [1, 6, 2], data: [...Array.from(features.data), 99, 99, -99, 7] };
  const mask: Numbers = { shape: [1, 6, 1], data: [1, 1, 1, 1, 0, 0] };
  const alone = await evaluate({ x: features }, (_, { x }) => ({
    y: normalize(x!, utteranceStatistics(x!, null), null, null),
  }));
  const { y } = await evaluate({ x: padded, mask }, (_, { x, mask: m }) => ({
    y: normalize(x!, utteranceStatistics(x!, m!), m!, null),
  }));
  expectClose(y.slice(0, 8), alone.y, { atol: 1e-6 });
  expectClose(y.slice(8), [0, 0, 0, 0], { atol: 0 });
});

test("a known voice stands in for the utterance's own statistics, an unknown one changes nothing", async () => {
  const known: Numbers = { shape: [2, 4], data: [4, -1, 3, 2, 1, 1, 1, 1] };
  const run = (voice: Numbers) =>
    evaluate({ x: features, voice }, (_, given) => ({
      y: normalize(given.x!, utteranceStatistics(given.x!, null), null, given.voice!),
    }));
  const own = await evaluate({ x: features }, (_, { x }) => ({
    y: normalize(x!, utteranceStatistics(x!, null), null, null),
  }));
  expectClose((await run(UNKNOWN)).y, own.y, { atol: 0 });
  // (x - 4) / 3 and (x + 1) / 2, each spread widened by 1e-3.
  const expected = Array.from(features.data, (x, i) => (i % 2 ? (x + 1) / 2.001 : (x - 4) / 3.001));
  expectClose((await run(known)).y, expected, { atol: 1e-5 });
});

test("normalised features do not know how loud the clip was", async () => {
  const x = normal([1, 50, 3], 5);
  const louder = { shape: x.shape, data: x.data.map((value) => value * 2 + 30) };
  const run = (given: Numbers) =>
    evaluate({ x: given }, (_, v) => ({ y: normalize(v.x!, utteranceStatistics(v.x!, null), null, null) }));
  expectClose((await run(louder)).y, (await run(x)).y, { atol: 5e-3 });
});

test("a gradient through the statistics of a feature that does not move is a number", async () => {
  const { dx } = await evaluate({ x: features }, (_, { x }) => {
    const y = normalize(x!, utteranceStatistics(x!, null), null, null);
    const [found] = gradients(ops.reduceSum(ops.mul(y, y), [0, 1, 2]), [x!]);
    return { dx: ops.identity(found!) };
  });
  expect([...dx].every(Number.isFinite)).toBe(true);
});

test("relative to the clip's level: louder, or with silence around it, a voice is the same", async () => {
  const frames = 8;
  const voice = Array.from({ length: frames * 2 }, (_, i) => -30 + 12 * Math.sin(i * i));
  const level = async (data: number[]) =>
    (
      await evaluate({ x: { shape: [1, data.length / 2, 2], data } }, (_, { x }) => ({
        y: relativeLevel(x!, null),
      }))
    ).y;
  const alone = await level(voice);
  expectClose(await level(voice.map((db) => db + 20)), alone, { atol: 1e-4 });
  // As long a silence again halves the mean power: 3 dB, of 20 in a unit.
  const withSilence = await level([...voice, ...Array(frames * 2).fill(-100)]);
  expectClose(
    withSilence.slice(0, frames * 2),
    alone.map((value) => value + 0.15051),
    { atol: 1e-4 },
  );
  expectClose(withSilence.slice(frames * 2), Array(frames * 2).fill(-3), { atol: 1e-5 });
  const power = alone.reduce((sum, value) => sum + 10 ** (2 * value), 0) / alone.length;
  expect(power).toBeCloseTo(1, 4);
});

test("relative to the clip's level: padded frames do not count and come out as 0", async () => {
  const padded: Numbers = { shape: [1, 3, 2], data: [-20, -30, -25, -35, 40, 40] };
  const mask: Numbers = { shape: [1, 3, 1], data: [1, 1, 0] };
  const { y } = await evaluate({ x: padded, mask }, (_, { x, mask: m }) => ({ y: relativeLevel(x!, m!) }));
  const short: Numbers = { shape: [1, 2, 2], data: [-20, -30, -25, -35] };
  const alone = await evaluate({ x: short }, (_, { x }) => ({ y: relativeLevel(x!, null) }));
  expectClose(y, [...alone.y, 0, 0], { atol: 1e-5 });
});
