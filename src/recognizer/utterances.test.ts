// Tests of utterances: pauses and cuts by hand, and what is always so.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_SECONDS } from "./speech-track.ts";
import { type Utterance, UtteranceFinder } from "./utterances.ts";

/** Speech and silence by turns, beginning with silence; how many chunks of each. */
const turns = (...lengths: number[]) => lengths.flatMap((chunks, i) => new Array<number>(chunks).fill(i % 2));

function find(speech: readonly number[], step = speech.length): Utterance[] {
  const finder = new UtteranceFinder();
  const found: Utterance[] = [];
  for (let at = 0; at < speech.length; at += step) found.push(...finder.push(speech.slice(at, at + step)));
  return [...found, ...finder.finish(speech.length * CHUNK_SECONDS)];
}

/** In chunks. */
const found = (...lengths: number[]) =>
  find(turns(...lengths)).map((utterance) =>
    [utterance.start, utterance.end, utterance.spoken].map((seconds) =>
      Number((seconds / CHUNK_SECONDS).toFixed(6)),
    ),
  );

/** A second. */
const MARGIN = 31;

test("a pause of a second ends an utterance, half a second does not; half of it belongs to either side", () => {
  expect(found(10, 40, 16, 40, 32, 40, 10)).toEqual([
    [0, 122, 96],
    [122, 188, 40],
  ]);
});

test("of a long silence one second is heard; a click is nothing, and no speech has no utterance", () => {
  expect(found(100, 40, 100)).toEqual([[100 - MARGIN, 140 + MARGIN, 40]]);
  expect(found(100, 3, 100, 40, 20)).toEqual([[203 - MARGIN, 263, 40]]);
  expect(found(20, 40, 30, 3, 30, 40, 20)).toEqual([
    [0, 60 + 31, 40],
    [123 - 31, 183, 40],
  ]);
  expect(found(200)).toEqual([]);
  expect(found(50, 3, 50)).toEqual([]);
});

test("six seconds are heard whole; what lasts longer is cut at its longest silences", () => {
  expect(found(0, 187)).toEqual([[0, 187, 187]]);
  // 2 s, half a second of silence, 4 s with a shorter one after 2 s.
  expect(found(0, 62, 16, 60, 8, 70, 100)).toEqual([
    [0, 70, 70],
    [70, 142, 72],
    [142, 216 + MARGIN, 74],
  ]);
});

test("speech without any silence is cut every two and a half seconds, and its rest is no scrap", () => {
  const parts = found(0, 1000);
  expect(parts[0]).toEqual([0, 78, 78]);
  expect(parts.at(-1)![1]).toBe(1000);
  expect(parts.reduce((sum, [, , spoken]) => sum + spoken!, 0)).toBe(1000);
  for (const [, , spoken] of parts) {
    expect(spoken).toBeGreaterThanOrEqual(47);
    expect(spoken).toBeLessThanOrEqual(125);
  }
});

const recordings = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 400 })), {
    minLength: 1,
    maxLength: 9,
  })
  .map((lengths) => ({ lengths, speech: turns(...lengths) }));

test("utterances follow one another within the recording and have all speech of a quarter second", () => {
  fc.assert(
    fc.property(recordings, ({ lengths, speech }) => {
      const said = find(speech);
      let at = 0;
      for (const { start, end, spoken } of said) {
        expect(start).toBeGreaterThanOrEqual(at - 1e-9);
        expect(end - start).toBeGreaterThanOrEqual(spoken - 1e-9);
        expect(spoken).toBeGreaterThanOrEqual(0.25);
        expect(spoken).toBeLessThanOrEqual(6.1);
        at = end;
      }
      expect(at).toBeLessThanOrEqual(speech.length * CHUNK_SECONDS + 1e-9);
      let chunk = 0;
      lengths.forEach((length, i) => {
        const middle = (chunk + length / 2) * CHUNK_SECONDS;
        if (i % 2 && length >= 8)
          expect(said.some(({ start, end }) => start <= middle && middle <= end)).toBe(true);
        chunk += length;
      });
    }),
  );
});

test("however probabilities arrive, the utterances are the same, and none is known later than it can be", () => {
  fc.assert(
    fc.property(recordings, fc.integer({ min: 1, max: 50 }), ({ speech }, step) => {
      expect(find(speech, step)).toEqual(find(speech));
      const finder = new UtteranceFinder();
      for (const [i, p] of speech.entries()) {
        const now = (i + 1) * CHUNK_SECONDS;
        for (const { end } of finder.push([p])) expect(end).toBeGreaterThanOrEqual(now - 11);
        expect(finder.since).toBeGreaterThanOrEqual(now - 11);
      }
    }),
  );
});
