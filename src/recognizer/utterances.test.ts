// Tests of utterances: pauses by hand, and what is always so.
import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_SECONDS, SpeechTrack } from "./speech-track.ts";
import { utterancesOf } from "./utterances.ts";

/** Speech and silence by turns, beginning with silence; how many chunks of each. */
function heard(...turns: number[]): { track: SpeechTrack; seconds: number } {
  const track = new SpeechTrack();
  turns.forEach((chunks, i) => {
    track.add(new Array(chunks).fill(i % 2));
  });
  return { track, seconds: track.seconds };
}

const found = ({ track, seconds }: ReturnType<typeof heard>) =>
  utterancesOf(track, seconds).map(({ start, end }) => [start / CHUNK_SECONDS, end / CHUNK_SECONDS]);

test("a pause of a second ends an utterance, half a second does not; half of it belongs to either side", () => {
  expect(found(heard(10, 40, 16, 40, 32, 40, 10))).toEqual([
    [0, expect.closeTo(122)],
    [expect.closeTo(122), expect.closeTo(188)],
  ]);
});

test("of a long silence one second is heard; a click is nothing, and no speech has no utterance", () => {
  const second = 1 / CHUNK_SECONDS;
  expect(found(heard(100, 40, 100))).toEqual([[expect.closeTo(100 - second), expect.closeTo(140 + second)]]);
  expect(found(heard(100, 3, 100, 40, 20))).toEqual([[expect.closeTo(203 - second), expect.closeTo(263)]]);
  expect(found(heard(200))).toEqual([]);
  expect(found(heard(50, 3, 50))).toEqual([]);
});

test("whatever is said, utterances follow one another within the recording and have all speech of a quarter second", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 }), (turns) => {
      const { track, seconds } = heard(...turns);
      const said = utterancesOf(track, seconds);
      let at = 0;
      for (const { start, end } of said) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(at).toBeLessThanOrEqual(seconds);
      let chunk = 0;
      turns.forEach((length, i) => {
        const middle = (chunk + length / 2) * CHUNK_SECONDS;
        if (i % 2 && length >= 8)
          expect(said.some(({ start, end }) => start <= middle && middle <= end)).toBe(true);
        chunk += length;
      });
    }),
  );
});
