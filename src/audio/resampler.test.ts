// The resampler: what it lets through, what it keeps out, and that streaming changes nothing.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Resampler, resample } from "./resampler.ts";
import { fitTone, noise, rms, tone } from "./test-sounds.ts";

const decibels = (ratio: number) => 20 * Math.log10(ratio);
/** Without the edges, where the filter sees the silence around the clip. */
const middle = (samples: Float32Array) => samples.subarray(400, samples.length - 400);

// 44,056, 47,999 and 191,999 Hz share no useful factor with 16 kHz: their phases are interpolated.
const rates = [22050, 24000, 32000, 44056, 44100, 47999, 48000, 88200, 96000, 191999, 192000];

describe.each(rates)("from %i Hz to 16 kHz", (rate) => {
  test.each([100, 1000, 4000, 6000])("a tone of %i Hz keeps its amplitude, 120 dB clean", (hertz) => {
    const { amplitude, snr } = fitTone(middle(resample(tone(hertz, rate, 0.5), rate, 16000)), hertz, 16000);
    expect(Math.abs(decibels(amplitude / 0.5))).toBeLessThan(0.01);
    expect(snr).toBeGreaterThan(120);
  });

  test("a tone of 7 kHz loses little more than 0.1 dB", () => {
    const { amplitude } = fitTone(middle(resample(tone(7000, rate, 0.5), rate, 16000)), 7000, 16000);
    expect(decibels(amplitude / 0.5)).toBeGreaterThan(-0.13);
    expect(decibels(amplitude / 0.5)).toBeLessThan(-0.05);
  });

  test.each([8500, 8700, 9000, 10000, 10900])("a tone of %i Hz does not alias: -110 dB", (hertz) => {
    const alias = middle(resample(tone(hertz, rate, 0.5), rate, 16000));
    expect(decibels(rms(alias) / (0.5 / Math.SQRT2))).toBeLessThan(-110);
  });
});

test.each([8000, 11025, 12000])("from %i Hz up to 16 kHz no image appears", (rate) => {
  const { amplitude, snr } = fitTone(middle(resample(tone(3000, rate, 0.5), rate, 16000)), 3000, 16000);
  expect(Math.abs(decibels(amplitude / 0.5))).toBeLessThan(0.01);
  expect(snr).toBeGreaterThan(110);
});

test("cutting the input anywhere changes no bit of the output", () => {
  const rate = fc.constantFrom(8000, 11025, 16000, 22050, 44100, 47999, 48000, 192000);
  const property = fc.property(rate, rate, fc.array(fc.integer({ min: 0, max: 9000 })), (from, to, cuts) => {
    const samples = noise(20_000);
    const resampler = new Resampler(from, to);
    const parts: Float32Array[] = [];
    let at = 0;
    for (const cut of [...cuts, samples.length]) {
      parts.push(resampler.push(samples.subarray(at, at + cut)));
      at += cut;
    }
    parts.push(resampler.flush());
    const streamed = Float32Array.from(parts.flatMap((part) => Array.from(part)));
    expect(streamed).toEqual(resample(samples, from, to));
  });
  fc.assert(property, { numRuns: 25, seed: 7 });
});

test("two resamplers at work at once do not disturb each other", () => {
  const [a, b] = [new Resampler(44100, 16000), new Resampler(48000, 16000)];
  const samples = noise(30_000);
  const out: [number[], number[]] = [[], []];
  for (let at = 0; at < samples.length; at += 1000) {
    out[0].push(...a.push(samples.subarray(at, at + 1000)));
    out[1].push(...b.push(samples.subarray(at, at + 1000)));
  }
  out[0].push(...a.flush());
  out[1].push(...b.flush());
  expect(Float32Array.from(out[0])).toEqual(resample(samples, 44100, 16000));
  expect(Float32Array.from(out[1])).toEqual(resample(samples, 48000, 16000));
});

test("after a flush the next clip is not touched by the last", () => {
  const resampler = new Resampler(44100, 16000);
  resampler.push(noise(5000));
  resampler.flush();
  const [body, tail] = [resampler.push(tone(440, 44100, 0.1)), resampler.flush()];
  expect(Float32Array.of(...body, ...tail)).toEqual(resample(tone(440, 44100, 0.1), 44100, 16000));
});

test.each([
  [48000, 16000, 4800],
  [44100, 16000, 4410],
  [8000, 16000, 800],
  [47999, 16000, 47999],
])("an impulse is not shifted (%i to %i Hz)", (from, to, at) => {
  const clip = new Float32Array(3 * at);
  clip[at] = 1;
  const out = resample(clip, from, to);
  const peak = out.reduce((best, x, i) => (Math.abs(x) > Math.abs(out[best]) ? i : best), 0);
  expect(peak).toBe((at * to) / from);
  // Linear phase: the same on both sides.
  for (let k = 1; k < 30; k++) expect(out[peak + k]).toBeCloseTo(out[peak - k], 5);
});

test("the length is round(n * to / from), for any n and any rates", () => {
  const rate = fc.integer({ min: 8000, max: 192_000 });
  const property = fc.property(fc.integer({ min: 0, max: 3000 }), rate, rate, (n, from, to) => {
    expect(resample(new Float32Array(n), from, to).length).toBe(Math.round((n * to) / from));
  });
  fc.assert(property, { numRuns: 40, seed: 3 });
});

test("sixty seconds stay whole to the end", () => {
  const out = resample(tone(1000, 44100, 60), 44100, 16000);
  expect(out.length).toBe(960_000);
  expect(fitTone(out.subarray(959_000 - 16_000, 959_000), 1000, 16000).amplitude).toBeCloseTo(0.5, 4);
});

test("equal rates pass through", () => {
  const samples = noise(100);
  expect(resample(samples, 16000, 16000)).toEqual(samples);
});

test.each([0, 999, 22050.5, 768_001, Number.NaN])("a rate of %d Hz is refused by name", (rate) => {
  expect(() => new Resampler(rate, 16000)).toThrow(`${rate} Hz is not a sample rate`);
});
