// Tests of the network that a teacher teaches: what padding may not change, what counts, and which head answers.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { runModel } from "../../test/support/evaluate.ts";
import { largest } from "../../test/support/golden.ts";
import { tinyCard } from "../../test/support/tiny-model.ts";
import { bufferPlaces, evaluationModel, initialParameters, totalSize } from "../nn/index.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { steadied } from "../speech/index.ts";
import { Random } from "../training/index.ts";
import { exportModel, normalized, universal } from "./index.ts";

const [BANDS, CLASSES] = [80, 3];
const EMBEDDING = universal.voice!.embedding;
/** An embedding and a 1, which counts the clips. */
const VOICE = EMBEDDING + 1;
const network = universal.network(CLASSES);
const random = new Random(9);
const parameters = initialParameters(network, () => random.next());
const places = bufferPlaces(network);
const buffers = Float32Array.from({ length: totalSize(places) }, () => random.normal() / 10);

/** Mel bands in dB, `[frames, 80]`: somebody speaks up and falls silent again. */
function spoken(frames: number, seed: number): Float32Array {
  const noise = new Random(seed);
  return Float32Array.from({ length: frames * BANDS }, (_, i) => {
    const t = Math.floor(i / BANDS) / frames;
    return -70 + 60 * Math.sin(Math.PI * t) + 4 * noise.normal();
  });
}

/** What the network hears in clips that are padded to so many frames. @param voice `[2, W + 1]` */
async function hear(clips: readonly Float32Array[], frames: number, voice?: Float32Array) {
  const lengths = clips.map(({ length }) => length / BANDS);
  const padded = lengths.some((length) => length < frames);
  const model = evaluationModel(network, (context) => {
    const features = context.graph.input("features", [clips.length, frames, BANDS]);
    const mask = padded ? context.graph.input("mask", [clips.length, frames, 1]) : null;
    const whose = voice ? context.graph.input("voice", [2, VOICE]) : null;
    const normal = normalized(universal, features, mask);
    const { logits, embedding, attention } = network.forward(context, normal, mask, whose);
    return { logits, embedding, attention };
  });
  const data = new Float32Array(clips.length * frames * BANDS);
  clips.forEach((clip, i) => {
    data.set(clip, i * frames * BANDS);
  });
  const vector = (numbers: Float32Array) => ({ shape: [numbers.length], data: numbers });
  const out = await runModel(model, {
    features: { shape: [clips.length, frames, BANDS], data },
    ...(padded && {
      mask: {
        shape: [clips.length, frames, 1],
        data: lengths.flatMap((length) => Array.from({ length: frames }, (_, t) => (t < length ? 1 : 0))),
      },
    }),
    ...(voice && { voice: { shape: [2, VOICE], data: voice } }),
    ...{ parameters: vector(parameters), buffers: vector(buffers) },
  });
  const [logits, embedding, attention] = ["logits", "embedding", "attention"].map(
    (name) => out[name]!.data as Float32Array,
  ) as [Float32Array, Float32Array, Float32Array];
  return { logits, embedding, attention };
}

describe("a clip alone and padded, among longer ones, has the same embedding", () => {
  const same = async (frames: number) => {
    const clip = spoken(frames, 1);
    const [alone, among] = [await hear([clip], frames), await hear([clip, spoken(140, 2)], 140)];
    expectClose(among.embedding.subarray(0, EMBEDDING), alone.embedding, {
      atol: 1e-4 * largest(alone.embedding),
    });
  };
  test("of a length that its frames of 40 ms divide", () => same(96));
  test.each([97, 98, 99])("of any other: %i frames", same);
});

test("frames count by how loud they are; none behind the end does", async () => {
  const { attention } = await hear([spoken(96, 1), spoken(140, 2)], 140);
  const own = attention.subarray(0, 35);
  expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  expect([...own.subarray(24)]).toEqual(Array(11).fill(0));
  expect(own[12]).toBeGreaterThan(1 / 24);
  expect(Math.max(own[0]!, own[23]!)).toBeLessThan(1e-3);
});

describe("the head", () => {
  const clip = spoken(96, 1);
  const tensor = (path: string) => {
    const { offset, size } = places.find((place) => place.path === path)!;
    return buffers.subarray(offset, offset + size);
  };
  const answer = (name: string, embedding: ArrayLike<number>) => {
    const [weight, bias] = [tensor(`${name}.weight`), tensor(`${name}.bias`)];
    return bias.map((b, k) =>
      Array.from(embedding).reduce((sum, value, d) => sum + value * weight[d * CLASSES + k]!, b),
    );
  };

  test("of a voice that nobody knows is the plain one", async () => {
    const { logits, embedding } = await hear([clip], 96, new Float32Array(2 * VOICE));
    expectClose(logits, answer("plain", embedding), { atol: 1e-3 });
    expectClose((await hear([clip], 96)).logits, logits, { atol: 1e-6 });
  });

  const [mean, spread] = [0.1, 2];
  /** @param counting the steadied spread of a 1: of few clips, little less than 1 */
  const known = (counting: number) =>
    Float32Array.from({ length: 2 * VOICE }, (_, i) => {
      if (i % VOICE === EMBEDDING) return i < VOICE ? 1 : counting;
      return i < VOICE ? mean : spread;
    });
  const voiced = (embedding: Float32Array) =>
    answer(
      "voiced",
      embedding.map((value) => (value - mean) / (spread + 1e-3)),
    );

  test("of one that is known well is the other, of the embedding relative to what is usual of it", async () => {
    const { logits, embedding } = await hear([clip], 96, known(0));
    expectClose(logits, voiced(embedding), { atol: 1e-3 });
  });

  test.each([1, 4, 40])(
    "of one that is known by %i clips lies between, as if two more said nothing",
    async (clips) => {
      const { logits, embedding } = await hear([clip], 96, known(steadied(0, clips, 1)));
      const [theirs, plain] = [voiced(embedding), answer("plain", embedding)];
      const mixed = theirs.map((one, k) => (clips * one + 2 * plain[k]!) / (clips + 2));
      expectClose(logits, mixed, { atol: 1e-3 });
    },
  );
});

test("a model file answers a recording alike however quiet or loud it is", async () => {
  const trained = { architecture: universal, network, parameters, buffers, temperature: 1 };
  const program = await nodeRuntime.load(exportModel(trained, tinyCard()));
  const noise = new Random(3);
  // Bursts, and between them what is as quiet as a recorder gets.
  const audio = Float32Array.from(
    { length: 24_000 },
    (_, i) => (Math.floor(i / 4000) % 2 ? 0.03 : 1e-5) * noise.normal(),
  );
  const voice = { shape: [2, VOICE], data: new Float32Array(2 * VOICE) };
  const answer = async (gain: number) => {
    const data = audio.map((value) => gain * value);
    const { probabilities } = await program.run({ audio: { shape: [1, data.length], data }, voice });
    return probabilities!.data as Float32Array;
  };
  const usual = await answer(1);
  for (const gain of [0.001, 0.1, 10]) expectClose(await answer(gain), usual, { atol: 1e-3 });
  const silence = await answer(0);
  expect([...silence].every(Number.isFinite)).toBe(true);
  await program.dispose();
});
