// Tests of classify: numbers worked out by hand, batches, voices, and clips that are none.
import { expect, test } from "vitest";
import { CENTRES, tinyCard, tinyModel, tinyProbabilities, tone } from "../../test/support/tiny-model.ts";
import { loadRecognizer, VoiceError } from "./index.node.ts";

const recognizer = await loadRecognizer(tinyModel());
const close = (got: Float32Array, expected: readonly number[]) => {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 5);
  });
};

test("clips of mixed lengths get their own answers, in their order, as alone", async () => {
  const clips = [-3, -5.2, -2, -6.5, -3.3].map((level, i) => tone([1, 2, 1, 0.25, 1][i]!, Math.exp(level)));
  const together = await recognizer.classify(clips);
  for (const [i, clip] of clips.entries()) {
    const power = clip.reduce((sum, x) => sum + x * x, 0) / clip.length;
    close(together[i]!.probabilities, tinyProbabilities(power));
    expect(together[i]!.voiceFeatures[0]).toBeCloseTo(Math.log(power), 4);
    expect(together[i]!.attention.length).toBe(Math.floor(clip.length / 160));
    expect(together[i]!.attention.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const [alone] = await recognizer.classify([clip]);
    for (const part of ["probabilities", "attention", "embedding", "voiceFeatures"] as const) {
      close(together[i]![part], [...alone![part]]);
    }
  }
});

test("how far a clip lies from what is usual, by hand; not known without a card that says it", async () => {
  const usual = { mean: CENTRES.map((centre) => -4 - centre), spread: CENTRES.map(() => 2), limit: 1 };
  const shy = await loadRecognizer(tinyModel(tinyCard({ usual })));
  const clips = [-4, -1, -7.5].map((level) => tone(1, Math.exp(level)));
  const far = (await shy.classify(clips)).map(({ unlikeness }) => unlikeness);
  [0, 1.5, 1.75].forEach((expected, i) => {
    expect(far[i]).toBeCloseTo(expected, 4);
  });
  for (const answer of await recognizer.classify(clips)) expect(answer).not.toHaveProperty("unlikeness");
});

test("more clips than fit one run", async () => {
  const clips = Array.from({ length: 40 }, (_, i) => tone(3, Math.exp(-1 - (i % 7))));
  const answers = await recognizer.classify(clips);
  expect(answers.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)))).toEqual(
    clips.map((_, i) => i % 7),
  );
});

test("a voice's mean and spread reach the network", async () => {
  const clip = tone(1, Math.exp(-10));
  const [answer] = await recognizer.classify([clip], { voice: { mean: [-4], spread: [2] } });
  // (-10 + 4) / 2: a level of -3.
  close(answer!.probabilities, tinyProbabilities(Math.exp(-3)));
});

test("a voice of another width, a clip that is too short, and one with NaN are refused by name", async () => {
  const clip = tone(1, 0.01);
  const voice = { mean: [1, 2], spread: [1, 2] };
  await expect(recognizer.classify([clip], { voice })).rejects.toThrow(VoiceError);
  await expect(recognizer.classify([clip, tone(0.2, 0.01)])).rejects.toThrow("clip 1 has 3200 samples");
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const broken = clip.slice();
    broken[77] = bad;
    await expect(recognizer.classify([broken])).rejects.toThrow(`clip 0: sample 77 is ${bad}`);
  }
});
