// Tests of sounds unlike what the model knows: no emotion, with the reason; by windows; after what cannot be judged.
import { describe, expect, test } from "vitest";
import { CENTRES, syllables, tinyCard, tinyModel, tinyProbabilities } from "../../test/support/tiny-model.ts";
import { decodeFile } from "../audio/index.node.ts";
import { EMOTIONS, joinTimeline, type ModelCard, windowStarts } from "../speech/index.ts";
import { loadRecognizer } from "./index.node.ts";

const WINDOW = 3 * 16000;
/** The level that is usual: that of "sad". */
const USUAL_LEVEL = CENTRES[5]!;

/** A recogniser to which a sound is as unlike as its level is far from the usual one, in units of `spread`. */
function shy(limit: number, changes: Partial<ModelCard> = {}) {
  const usual = {
    mean: CENTRES.map((centre) => USUAL_LEVEL - centre),
    spread: CENTRES.map(() => 0.5),
    limit,
  };
  return loadRecognizer(tinyModel(tinyCard({ usual, ...changes })));
}

const sounding = (level: number, seconds = 2) => syllables(seconds, Math.exp(level));

function joined(...parts: Float32Array[]): Float32Array {
  const sound = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    sound.set(part, at);
    at += part.length;
  }
  return sound;
}

describe("heard whole", () => {
  test("beyond the limit there is no emotion, and the numbers are given all the same", async () => {
    const fear = sounding(CENTRES[2]!);
    const open = await loadRecognizer(tinyModel());
    const known = await open.analyze(fear);
    expect(known).toMatchObject({ emotion: "fear", uncertain: false });
    const analysis = await (await shy(2)).analyze(fear, { timeline: true });
    expect(analysis).toMatchObject({ emotion: null, uncertain: true, because: "unlike" });
    // Three levels away, of half a level each.
    expect(analysis.reason).toBe(
      "It sounds unlike what this model knows: at a distance of 6.00, where even new voices seldom lie beyond 2.00.",
    );
    expect([analysis.confidence, analysis.probabilities]).toEqual([known.confidence, known.probabilities]);
    expect(analysis.quality).toEqual(known.quality);
    expect(analysis.timeline!.map(({ emotion }) => emotion)).toEqual([null]);
    expect(analysis.timeline![0]).not.toHaveProperty("unlikeness");
  });

  test("within the limit it is answered as without one", async () => {
    const sad = sounding(CENTRES[5]! + 0.3);
    const open = await loadRecognizer(tinyModel());
    const analysis = await (await shy(2)).analyze(sad, { timeline: true });
    expect(analysis).toEqual(await open.analyze(sad, { timeline: true }));
    expect(analysis.emotion).toBe("sad");
  });
});

test("what cannot be judged comes first, a low confidence last", async () => {
  const strict = await shy(2, { threshold: 0.7 });
  expect(await strict.analyze(new Float32Array(32_000))).toMatchObject({ because: "silence" });
  expect(await strict.analyze(sounding(-1, 0.1))).toMatchObject({
    because: "too-short",
    probabilities: null,
  });
  // Halfway between two emotions: far from the usual level, then near it.
  expect(await strict.analyze(sounding(-3.5))).toMatchObject({ because: "unlike" });
  expect(await strict.analyze(sounding(-5.5))).toMatchObject({ because: "low-confidence" });
});

test("a longer one is as unlike as what is said in it, its timeline as its windows are, by hand", async () => {
  const sound = joined(...[-6, -5.8, -6.2, -6, -3, -3].map((level) => sounding(level)));
  const farness = (from: number, to: number) => {
    const part = sound.subarray(Math.round(from * 16000), Math.round(to * 16000));
    const power = part.reduce((sum, x) => sum + x * x, 0) / part.length;
    return { power, far: Math.abs(Math.log(power) - USUAL_LEVEL) / 0.5 };
  };
  const segments = joinTimeline(
    windowStarts(sound.length, tinyCard()).map((at) => {
      const [start, end] = [at / 16000, (at + WINDOW) / 16000];
      const { power, far } = farness(start, end);
      return { start, end, probabilities: tinyProbabilities(power), unlikeness: far };
    }),
    EMOTIONS,
    1,
  );
  const seen: [number, number][] = [];
  const open = await shy(100, { threshold: null });
  await open.analyze(sound, {
    observer: { samples: async () => {}, window: (start, end) => seen.push([start, end]) },
  });
  const far = seen.reduce((sum, [start, end]) => sum + (end - start) * farness(start, end).far, 0) / 12;
  expect(far).toBeGreaterThan(1);
  for (const [limit, because] of [
    [far * 1.02, undefined],
    [far * 0.98, "unlike"],
  ] as const) {
    const analysis = await (await shy(limit, { threshold: null })).analyze(sound, { timeline: true });
    expect(analysis.because).toBe(because);
    const expected = segments.map(({ emotion, unlikeness }) => (unlikeness! > limit ? null : emotion));
    expect(analysis.timeline!.map(({ emotion }) => emotion)).toEqual(expected);
    // Some of it is like what the model knows, and some is not.
    expect(new Set(expected.map((emotion) => emotion === null)).size).toBe(2);
  }
});

test("seconds in which nobody speaks do not count, however strange they are", async () => {
  // A loud hum that is no voice, three times as long as the words, which are as usual.
  const hum = Float32Array.from(
    { length: 480_000 },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * 50 * i) / 16000),
  );
  const words = sounding(USUAL_LEVEL, 10);
  const analysis = await (await shy(3)).analyze(joined(words, hum), { timeline: true });
  expect(analysis.because).not.toBe("unlike");
  expect(
    await (await shy(3)).analyze(
      joined(
        words.map((x) => 30 * x),
        hum,
      ),
    ),
  ).toMatchObject({ because: "unlike" });
});

test("to the shipped model a voice is like what it knows, and unlike it where the line breaks off eight times a second", async () => {
  const recognizer = await loadRecognizer("models/universal.onnx");
  const voice = await decodeFile("examples/sample.wav", { sampleRate: 16_000 });
  const broken = voice.map((sample, i) => (Math.floor(i / 1000) % 2 ? sample : 0));
  // A made voice: whether it is sure enough of an emotion is not asked here.
  expect((await recognizer.analyze(voice)).because).not.toBe("unlike");
  const { emotion, because, reason } = await recognizer.analyze(broken);
  expect({ emotion, because }).toEqual({ emotion: null, because: "unlike" });
  expect(reason).toMatch(/where even new voices seldom lie beyond \d\.\d\d/);
  await recognizer.dispose();
});
