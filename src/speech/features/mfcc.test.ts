// MFCC and its slopes in the graph against librosa's.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { evaluate } from "../../../test/support/evaluate.ts";
import { type GoldenTensor, readGolden } from "../../../test/support/golden.ts";
import { goldenSound } from "../../../test/support/sound.ts";
import { ops, type Value } from "../../graph/index.ts";
import { delta, type MfccOptions, mfcc } from "./index.ts";

interface MfccCase {
  params: MfccOptions;
  mfcc: GoldenTensor;
  delta?: GoldenTensor;
  deltaDelta?: GoldenTensor;
}

const { cases } = readGolden<{ cases: MfccCase[] }>("mfcc");
const sound = goldenSound();
/** librosa's are written frame by frame. */
const byFrame = (features: Value) => ops.transpose(features, [0, 2, 1]);

describe("MFCC are librosa's", () => {
  test.each(cases)(
    "$params.mel $params.norm $params.windowSamples $params.padding $params.log",
    async (example) => {
      const { y } = await evaluate({ audio: sound }, (_, { audio }) => ({
        y: mfcc(audio!, example.params),
      }));
      expectClose(y, example.mfcc.data, { atol: 1e-4 });
    },
  );
});

const sloped = cases.filter((example) => example.delta && example.deltaDelta);

test("there are golden slopes", () => expect(sloped.length).toBe(2));

describe("slopes over time are librosa's", () => {
  test.each(sloped)("$params.log", async ({ params, delta: first, deltaDelta: second }) => {
    const { d1, d2 } = await evaluate({ audio: sound }, (_, { audio }) => {
      const features = ops.transpose(mfcc(audio!, params), [0, 2, 1]);
      return { d1: byFrame(delta(features, 1)), d2: byFrame(delta(features, 2)) };
    });
    expectClose(d1, first!.data, { atol: 1e-4 });
    expectClose(d2, second!.data, { atol: 1e-4 });
  });
});

test("the slope of a line is its slope, the second derivative of a parabola is its curvature", async () => {
  const frames = 20;
  const line = Array.from({ length: frames }, (_, t) => 3 * t - 7);
  const parabola = Array.from({ length: frames }, (_, t) => 2 * t * t);
  const { d1, d2 } = await evaluate(
    { x: { shape: [1, 2, frames], data: [...line, ...parabola] } },
    (_, { x }) => ({
      d1: ops.slice(delta(x!, 1), 2, 4, -4),
      d2: ops.slice(delta(x!, 2), 2, 4, -4),
    }),
  );
  const inner = frames - 8;
  expectClose(d1.slice(0, inner), Array(inner).fill(3), { atol: 1e-4 });
  expectClose(d2, [...Array(inner).fill(0), ...Array(inner).fill(4)], { atol: 1e-3 });
});
