// Mixing to mono: full scale of each kind of samples, the mean of the channels, and broken numbers.

import { describe, expect, test } from "vitest";
import { MonoMixer, type Samples } from "./mono.ts";

const kinds: [string, Samples, number[]][] = [
  ["unsigned bytes", Uint8Array.of(0, 128, 192), [-1, 0, 0.5]],
  ["signed bytes", Int8Array.of(-128, 0, 64), [-1, 0, 0.5]],
  ["16 bit", Int16Array.of(-32768, 0, 16384), [-1, 0, 0.5]],
  ["32 bit", Int32Array.of(-(2 ** 31), 0, 2 ** 30), [-1, 0, 0.5]],
  ["float 32", Float32Array.of(-2, 0, 0.5), [-2, 0, 0.5]],
  ["float 64", Float64Array.of(-2, 0, 0.5), [-2, 0, 0.5]],
];

describe.each(kinds)("%s", (_, samples, expected) => {
  test("alone", () => {
    expect(Array.from(new MonoMixer().mix([samples], 1, 3))).toEqual(expected);
  });

  test("as one plane of two, the other silent", () => {
    const silent = samples.slice().fill(samples instanceof Uint8Array ? 128 : 0);
    const mixer = new MonoMixer();
    expect(Array.from(mixer.mix([samples, silent], 2, 3))).toEqual(expected.map((x) => x / 2));
    expect([mixer.total, mixer.nonFinite]).toEqual([6, 0]);
  });
});

test("interleaved and planar channels give the same mean", () => {
  const [a, b, c] = [Float32Array.of(0.5, -0.25), Float32Array.of(0.25, 0.5), Float32Array.of(-0.75, 1)];
  const woven = Float32Array.of(0.5, 0.25, -0.75, -0.25, 0.5, 1);
  const planar = new MonoMixer().mix([a, b, c], 3, 2);
  expect(planar[0]).toBeCloseTo(0, 7);
  expect(planar[1]).toBeCloseTo(1.25 / 3, 7);
  expect(new MonoMixer().mix([woven], 3, 2)).toEqual(planar);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38])(
  "%d counts as silence",
  (bad) => {
    for (const planes of [
      [Float32Array.of(0.5, bad, bad, 0.5)],
      [Float32Array.of(0.5, bad), Float32Array.of(bad, 0.5)],
    ]) {
      const mixer = new MonoMixer();
      expect(Array.from(mixer.mix(planes, 2, 2))).toEqual([0.25, 0.25]);
      expect([mixer.total, mixer.nonFinite]).toEqual([4, 2]);
    }
  },
);
