// Tests that the cutter gives each utterance its own sound, however sound and speech arrive.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_SECONDS } from "./speech-track.ts";
import { type SpokenWindow, UtteranceCutter } from "./utterance-cutter.ts";
import { UtteranceFinder } from "./utterances.ts";

const CHUNK = CHUNK_SECONDS * 16000;
const ramp = (samples: number) => Float32Array.from({ length: samples }, (_, i) => i);

function expectOwnSound(windows: readonly SpokenWindow[]) {
  for (const { start, end, samples } of windows) {
    expect(samples[0]).toBe(Math.round(start * 16000));
    expect(samples.at(-1)).toBe(Math.round(end * 16000) - 1);
    expect(samples.length).toBe(Math.round(end * 16000) - Math.round(start * 16000));
  }
}

test("the sound of each is the recording's, though speech is known only later", () => {
  const speech = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(speech, fc.integer({ min: 1, max: 40_000 }), fc.nat(60), (lengths, block, late) => {
      const chunks = lengths.flatMap((length, i) => new Array<number>(length).fill(i % 2));
      const sound = ramp(chunks.length * CHUNK);
      const cutter = new UtteranceCutter();
      const windows: SpokenWindow[] = [];
      let known = 0;
      for (let at = 0; at < sound.length; at += block) {
        const now = Math.max(known, Math.floor(Math.min(at + block, sound.length) / CHUNK) - late);
        windows.push(...cutter.push(sound.subarray(at, at + block), chunks.slice(known, now)));
        known = now;
      }
      windows.push(...cutter.flush(chunks.slice(known)));
      expectOwnSound(windows);
      const finder = new UtteranceFinder();
      const expected = [...finder.push(chunks), ...finder.finish(sound.length / 16000)];
      expect(windows.map(({ samples, ...utterance }) => utterance)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("where nobody listens all counts as speech, to the last sample; then it begins anew", () => {
  const cutter = new UtteranceCutter();
  for (const seconds of [12.345, 4]) {
    const sound = ramp(seconds * 16000);
    const windows: SpokenWindow[] = [];
    for (let at = 0; at < sound.length; at += 10_000) {
      windows.push(...cutter.push(sound.subarray(at, at + 10_000), null));
    }
    windows.push(...cutter.flush(null));
    expectOwnSound(windows);
    expect(windows.map(({ start }) => start)).toEqual([0, ...windows.slice(0, -1).map(({ end }) => end)]);
    expect(windows.at(-1)!.end).toBe(seconds);
  }
});
