import fc from "fast-check";
import { expect, test } from "vitest";
import { WindowCutter, type WindowSize, windowStarts } from "./windows.ts";

const RATE = 100;
const size = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(
    ([a, b]): WindowSize => ({ sampleRate: RATE, window: Math.max(a, b) / RATE, hop: Math.min(a, b) / RATE }),
  );
const total = fc.integer({ min: 0, max: 500 });

test("10 s in windows of 3 s every second; a remainder gets a window that ends with the recording", () => {
  const s = { sampleRate: 10, window: 3, hop: 1 };
  expect(windowStarts(100, s)).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
  expect(windowStarts(104, s)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 74]);
  expect(windowStarts(31, s)).toEqual([0, 1]);
  expect(windowStarts(30, s)).toEqual([0]);
  expect(windowStarts(5, s)).toEqual([0]);
  expect(windowStarts(0, s)).toEqual([]);
});

test("windows leave no sample out, stay inside, step by at most a hop and end with the recording", () => {
  fc.assert(
    fc.property(size, total, (s, samples) => {
      const starts = windowStarts(samples, s);
      const length = Math.min(samples, Math.round(s.window * RATE));
      if (samples === 0) return starts.length === 0;
      const steps = starts.slice(1).map((start, i) => start - starts[i]!);
      return (
        starts[0] === 0 &&
        starts.at(-1)! + length === samples &&
        steps.every((step) => step >= 1 && step <= Math.round(s.hop * RATE))
      );
    }),
  );
});

test("sound that comes in pieces is cut as the whole is, sample for sample", () => {
  const pieces = fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 8 });
  fc.assert(
    fc.property(size, pieces, (s, lengths) => {
      const samples = lengths.reduce((a, b) => a + b, 0);
      const sound = Float32Array.from({ length: samples }, (_, i) => i);
      const cutter = new WindowCutter(s);
      for (const _recording of ["first", "second after a flush"]) {
        const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0));
        const windows = lengths.flatMap((n, i) => cutter.push(sound.subarray(ends[i]! - n, ends[i]!)));
        windows.push(...cutter.flush());
        const length = Math.min(samples, Math.round(s.window * RATE));
        const expected = windowStarts(samples, s).map((start) => ({
          start: start / RATE,
          end: (start + length) / RATE,
          samples: sound.slice(start, start + length),
        }));
        expect(windows).toEqual(expected);
      }
    }),
  );
});

test("a window is given out as soon as its last sample is there, and is the caller's to keep", () => {
  const cutter = new WindowCutter({ sampleRate: 4, window: 1, hop: 0.5 });
  expect(cutter.push(Float32Array.of(1, 2, 3))).toEqual([]);
  const [first] = cutter.push(Float32Array.of(4));
  expect(first).toEqual({ start: 0, end: 1, samples: Float32Array.of(1, 2, 3, 4) });
  cutter.push(Float32Array.of(5, 6, 7, 8));
  expect(first!.samples).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(cutter.flush()).toEqual([]);
});

test("a hop longer than the window, or nothing at all, is refused", () => {
  expect(() => new WindowCutter({ sampleRate: 16000, window: 1, hop: 2 })).toThrow(
    /hop not longer than the window/,
  );
  expect(() => windowStarts(10, { sampleRate: 16000, window: 1, hop: 0 })).toThrow(/hop of 0 s/);
  expect(() => windowStarts(10, { sampleRate: 16000, window: Number.NaN, hop: 1 })).toThrow(
    /window of NaN s/,
  );
});
