// Tests of the detector: voices and what is none, pieces of any size, levels, files that are something else.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { syllables, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { decodeFile } from "../audio/index.node.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { loadSpeechDetector } from "./speech-detector.ts";
import type { SpeechTrack } from "./speech-track.ts";

const detector = await loadSpeechDetector(readFileSync("models/speech.onnx"), nodeRuntime);
const words = await decodeFile("examples/sample.wav", { sampleRate: 16_000 });
/** Every 32 ms. */
const all = (track: SpeechTrack) =>
  Array.from({ length: Math.round(track.seconds / 0.032) }, (_, i) =>
    track.share(i * 0.032, (i + 1) * 0.032),
  );

test("words are speech; silence, a tone and hiss are not", async () => {
  expect((await detector.hear(words)).densest).toBeGreaterThan(0.8);
  let seed = 1;
  const hiss = new Float32Array(48_000).map(() => {
    seed = (seed * 16_807) % 2_147_483_647;
    return 0.2 * (seed / 1_073_741_823.5 - 1);
  });
  for (const sound of [new Float32Array(48_000), tone(3, 0.02), hiss]) {
    expect((await detector.hear(sound)).densest).toBeLessThan(0.05);
  }
});

test("it says where: between two phrases nobody speaks", async () => {
  const sound = new Float32Array(10 * 16_000);
  sound.set(words, 0);
  sound.set(words, 6 * 16_000);
  const track = await detector.hear(sound);
  expect([track.share(0.5, 2), track.share(6.5, 8)].every((share) => share > 0.8)).toBe(true);
  expect(track.share(3, 6)).toBeLessThan(0.05);
});

test("pieces of any size give the same numbers, over many runs", async () => {
  const sound = syllables(15, 0.01);
  const expected = all(await detector.hear(sound));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1 }), async (sizes) => {
      const stream = detector.begin();
      for (let at = 0, i = 0; at < sound.length; at += sizes[i++ % sizes.length]!) {
        await stream.push(sound.subarray(at, at + sizes[i % sizes.length]!));
      }
      await stream.finish();
      expect(all(stream.track)).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});

test("how loud a voice is makes no difference", async () => {
  const expected = all(await detector.hear(words));
  for (const gain of [0.01, 0.1, 3]) {
    const heard = all(await detector.hear(words.map((x) => x * gain)));
    for (const [i, share] of heard.entries()) expect(Math.abs(share - expected[i]!)).toBeLessThan(0.001);
  }
});

test("a piece of a chunk is heard as well: it goes as far as the sound, rounded up to 32 ms", async () => {
  const { seconds } = await detector.hear(words.subarray(0, 4_000));
  expect(seconds).toBeCloseTo(0.256, 6);
});

test("a file that is no detector is refused, with what it is", async () => {
  await expect(loadSpeechDetector(tinyModel(), nodeRuntime)).rejects.toThrow(
    "The detector of speech: the file makes probabilities, attention, embedding, voice_features of audio, voice",
  );
});
