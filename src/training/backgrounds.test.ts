// Backgrounds: what is heard behind a voice is a sound, of many kinds, and the same again from the same seed.
import { expect, test } from "vitest";
import { background } from "./backgrounds.ts";
import { Random } from "./random.ts";

const hertz = Array.from({ length: 40 }, (_, i) => 100 + 195 * i);
const frames = 200;
const draw = (seed: number) => background({ hertz, rate: 100 }, frames * 40, [], new Random(seed, "behind"));
const loudness = (heard: Float32Array) =>
  Array.from({ length: frames }, (_, t) =>
    heard.subarray(40 * t, 40 * t + 40).reduce((sum, one) => sum + one),
  );
const decibels = (a: number, b: number) => 10 * Math.log10(a / b);
const all = Array.from({ length: 60 }, (_, seed) => draw(seed));

test("every frame of every background has some power, and none without end", () => {
  for (const heard of all) expect(heard.every((one) => one > 0 && Number.isFinite(one))).toBe(true);
  expect(draw(3)).toEqual(all[3]);
});

test("some are steady, some swell, some come in strokes", () => {
  const swings = all.map((heard) => {
    const levels = loudness(heard).sort((a, b) => a - b);
    return decibels(levels[190]!, levels[10]!);
  });
  expect(swings.filter((swing) => swing < 5).length).toBeGreaterThan(15);
  expect(swings.filter((swing) => swing > 10).length).toBeGreaterThan(10);
});

test("some have a pitch of their own: a band that stands out", () => {
  const peaks = all.map((heard) => {
    const bands = hertz.map((_, band) =>
      heard.reduce((sum, one, i) => (i % 40 === band ? sum + one : sum), 0),
    );
    const beside = bands.map((one, i) => decibels(one, ((bands[i - 4] ?? one) + (bands[i + 4] ?? one)) / 2));
    return Math.max(...beside.slice(4, -4));
  });
  expect(peaks.filter((peak) => peak > 6).length).toBeGreaterThan(5);
  expect(peaks.filter((peak) => peak < 3).length).toBeGreaterThan(15);
});

test("other people's voices, where there are any", () => {
  const other = { features: Float32Array.from({ length: 40 }, (_, i) => (i === 7 ? 50 : -100)), frames: 1 };
  const heard = Array.from({ length: 20 }, (_, seed) =>
    background({ hertz, rate: 100 }, frames * 40, [other], new Random(seed)),
  );
  const voices = heard.filter((one) => decibels(one[7]!, one[8]!) > 60).length;
  expect(voices).toBeGreaterThan(1);
  expect(voices).toBeLessThan(15);
});
