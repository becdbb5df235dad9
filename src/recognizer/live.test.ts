// Tests of live listening: what analyze says of the same window, one estimate a hop, silence, pauses, wrong samples.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CENTRES, syllables, tinyCard, tinyModel } from "../../test/support/tiny-model.ts";
import { loadRecognizer } from "./index.node.ts";

const recognizer = await loadRecognizer(tinyModel());
/** Two seconds each of what the tiny model takes for fear, then for sad. */
const sound = new Float32Array(64_000 * 2);
sound.set(syllables(4, Math.exp(CENTRES[2]!)));
sound.set(syllables(4, Math.exp(CENTRES[5]!)), 64_000);

test("an estimate is what analyze says of the last window, however the samples arrive", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 30, maxLength: 60 }),
      async (sizes) => {
        const listener = recognizer.live();
        const estimates = [];
        let pushed = 0;
        for (const size of sizes) {
          const block = sound.subarray(pushed, pushed + size);
          pushed += block.length;
          estimates.push(...(await listener.push(block)));
        }
        expect(estimates.map(({ time }) => time)).toEqual(
          Array.from({ length: Math.floor(pushed / 1600) }, (_, i) => ((i + 1) * 1600) / 16_000),
        );
        for (const i of [3, 17, estimates.length - 1]) {
          const estimate = estimates[i];
          if (!estimate) continue;
          const end = Math.round(estimate.time * 16_000);
          const expected = await recognizer.analyze(sound.slice(Math.max(0, end - 48_000), end));
          expect(estimate.probabilities).toEqual(expected.probabilities);
          expect(estimate.confidence).toBe(expected.confidence);
          expect([estimate.emotion, estimate.because]).toEqual([expected.emotion, expected.because]);
        }
      },
    ),
    { numRuns: 10 },
  );
});

test("it follows the voice: one emotion, then the other", async () => {
  const estimates = await recognizer.live().push(sound);
  const emotions = estimates.map(({ emotion }) => emotion);
  expect(emotions[20]).toBe("fear");
  expect(emotions[79]).toBe("sad");
});

test("at the start there is too little to say anything, then an answer as soon as there is voice enough", async () => {
  const estimates = await recognizer.live().push(sound.subarray(0, 8_000));
  expect(estimates.slice(0, 2)).toMatchObject([
    { time: 0.1, emotion: null, probabilities: null, confidence: 0, because: "too-short" },
    { time: 0.2, emotion: null, probabilities: null, because: "too-short" },
  ]);
  expect(estimates[4]).toMatchObject({ speech: true, emotion: "fear" });
  expect(estimates[4]!.probabilities).not.toBeNull();
});

test("the level is that of the last hop; silence is no emotion and no speech", async () => {
  const listener = recognizer.live({ hop: 0.2 });
  const [tone] = await listener.push(new Float32Array(3_200).fill(0.1));
  expect(tone!.level).toBeCloseTo(-20, 3);
  const estimates = await recognizer.live().push(new Float32Array(48_000));
  for (const estimate of estimates.slice(2)) {
    expect(estimate).toMatchObject({ level: -120, speech: false, emotion: null, because: "silence" });
  }
});

test("who is behind hears of all that has come at once: one estimate, the last of those there would be", async () => {
  const [listener, every] = [recognizer.live(), recognizer.live()];
  const [first, last] = [
    await listener.push(sound.subarray(0, 8_000), true),
    await every.push(sound.subarray(0, 8_000)),
  ];
  expect(first).toEqual(last.slice(-1));
  expect(await listener.push(sound.subarray(8_000, 9_000), true)).toEqual([]);
  expect(await listener.push(sound.subarray(9_000, 20_100), true)).toMatchObject([{ time: 20_100 / 16_000 }]);
});

test("a pause between words goes unnoticed; a second after the last word nothing is said any more", async () => {
  const listener = recognizer.live();
  await listener.push(sound.subarray(0, 32_000 - 1_600)); // ends with the voice
  const quiet = await listener.push(new Float32Array(32_000));
  expect(quiet[0]).toMatchObject({ speech: false, emotion: expect.any(String) });
  expect(quiet[7]!.because).not.toBe("silence");
  expect(quiet.slice(11).map(({ emotion, because }) => [emotion, because])).toEqual(
    quiet.slice(11).map(() => [null, "silence"]),
  );
  const [first, second] = await listener.push(syllables(0.2, Math.exp(CENTRES[2]!)));
  expect([first!.speech, second!.speech]).toEqual([true, true]);
  expect(second!.because).not.toBe("silence");
});

test("a steady hiss behind the voice is not taken for speech", async () => {
  let seed = 1;
  const hiss = (amplitude: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return amplitude * (seed / 1_073_741_823.5 - 1);
  };
  const listener = recognizer.live();
  const voice = syllables(2, 0.02).map((x) => x + hiss(0.01));
  const spoken = await listener.push(voice);
  expect(spoken.slice(10).every(({ speech }) => speech)).toBe(true);
  // A detector hears the end of a word a little later than it is there.
  const after = await listener.push(new Float32Array(24_000).map(() => hiss(0.01)));
  expect(after.slice(3).some(({ speech }) => speech)).toBe(false);
  expect(after.at(-1)).toMatchObject({ emotion: null, because: "no-speech" });
});

test("below the card's threshold there is no answer, with its reason", async () => {
  const strict = await loadRecognizer(tinyModel(tinyCard({ threshold: 0.99 })));
  const between = syllables(1, Math.exp(-4.5));
  const estimate = (await strict.live().push(between)).at(-1)!;
  expect(estimate).toMatchObject({ emotion: null, because: "low-confidence", speech: true });
  expect(estimate.confidence).toBeGreaterThan(0.4);
});

test("a voice unlike what the model knows has no answer, with its reason, until it is like it again", async () => {
  // What is usual is as loud as sad.
  const usual = { mean: CENTRES.map((c) => CENTRES[5]! - c), spread: CENTRES.map(() => 1), limit: 1 };
  const shy = await loadRecognizer(tinyModel(tinyCard({ usual })));
  const estimates = await shy.live().push(sound);
  expect(estimates[20]).toMatchObject({ emotion: null, because: "unlike", speech: true });
  expect(estimates[20]!.confidence).toBe(estimates[20]!.probabilities!.fear);
  expect(estimates[79]).toMatchObject({ emotion: "sad" });
  expect(estimates[79]).not.toHaveProperty("because");
});

test("a sample that is no number is refused with its place, and the rest can go on", async () => {
  const listener = recognizer.live();
  await listener.push(sound.subarray(0, 1_000));
  const broken = sound.slice(1_000, 2_000);
  broken[7] = Number.NaN;
  await expect(listener.push(broken)).rejects.toThrow("live: sample 1007 is NaN");
  expect((await listener.push(sound.subarray(1_000, 2_000)))[0]).toMatchObject({ time: 0.1 });
});

test.each([0, 0.001, 4, Number.NaN])("a hop of %s s is refused", (hop) => {
  expect(() => recognizer.live({ hop })).toThrow(`a hop of ${hop} s`);
});
