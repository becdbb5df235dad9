// Tests of what a worse recording does to a sound, each by the number that it is named after.
import { describe, expect, test } from "vitest";
import { syllables, tone } from "../../test/support/tiny-model.ts";
import { Random } from "../training/index.ts";
import { centred, convolve } from "./convolve.ts";
import { scaled } from "./disguises.ts";
import {
  inNoise,
  inRoom,
  muLaw,
  pinkNoise,
  power,
  ROOM_SECONDS,
  room,
  stretchOf,
  telephone,
  telephoneBand,
} from "./distortions.ts";

const db = (ratio: number) => 10 * Math.log10(ratio);
const white = (length: number, seed = 1) => {
  const random = new Random(seed, "white");
  return Float32Array.from({ length }, () => 0.1 * random.normal());
};

const FRAME = 1024;
const COSINES = Float64Array.from({ length: FRAME }, (_, i) => Math.cos((2 * Math.PI * i) / FRAME));
/** Mean power of a hertz between two frequencies: a periodogram of frames under Hann's window, bins of 15.6 Hz. */
function density(sound: Float32Array, low: number, high: number): number {
  const [from, to] = [Math.ceil((low * FRAME) / 16_000), Math.floor((high * FRAME) / 16_000)];
  let sum = 0;
  for (let at = 0; at + FRAME <= sound.length; at += FRAME) {
    const frame = sound.subarray(at, at + FRAME).map((x, i) => x * (0.5 - 0.5 * COSINES[i]!));
    for (let k = from; k <= to; k++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < FRAME; i++) {
        re += frame[i]! * COSINES[(k * i) % FRAME]!;
        // A sine is a cosine a quarter later.
        im += frame[i]! * COSINES[(k * i + FRAME - FRAME / 4) % FRAME]!;
      }
      sum += re * re + im * im;
    }
  }
  return sum / (to - from + 1);
}

describe("a filter by the Fourier transform", () => {
  test("gives the sums of products that a convolution is", () => {
    const [sound, filter] = [white(50), white(7, 2)];
    const naive = Float32Array.from({ length: 56 }, (_, i) =>
      filter.reduce((sum, h, j) => sum + h * (sound[i - j] ?? 0), 0),
    );
    const heard = convolve(sound, filter);
    expect(heard.length).toBe(56);
    heard.forEach((x, i) => {
      expect(x).toBeCloseTo(naive[i]!, 7);
    });
    expect(convolve(Float32Array.of(2), Float32Array.of(3))).toEqual(Float32Array.of(6));
  });

  test("delays nothing where its middle stands on each sample", () => {
    const sound = white(50);
    const heard = centred(sound, Float32Array.of(0, 0, 1, 0, 0));
    heard.forEach((x, i) => {
      expect(x).toBeCloseTo(sound[i]!, 7);
    });
  });
});

describe("a telephone", () => {
  const noise = white(16_384);

  test("lets 300 to 3400 Hz through as they are, and nothing below and above", () => {
    const band = telephoneBand(noise);
    expect(band.length).toBe(noise.length);
    const change = (low: number, high: number) => db(density(band, low, high) / density(noise, low, high));
    expect(change(420, 3280)).toBeCloseTo(0, 1);
    for (const [low, high] of [
      [0, 180],
      [3550, 8000],
    ] as const)
      expect(change(low, high)).toBeLessThan(-70);
    const edge = (hertz: number) => db(power(telephoneBand(tone(1, 0.01, hertz))) / 0.01);
    expect(edge(300)).toBeCloseTo(-6, 0);
    expect(edge(3400)).toBeCloseTo(-6, 0);
  });

  test("as a whole leaves its own hiss in the band of 4 kHz, and above that nothing", () => {
    const heard = telephone(noise);
    expect(heard.length).toBe(noise.length);
    const inside = density(heard, 420, 3280);
    expect(db(density(heard, 0, 180) / inside)).toBeLessThan(-30);
    expect(db(density(heard, 3550, 3950) / inside)).toBeLessThan(-30);
    expect(db(density(heard, 4300, 8000) / inside)).toBeLessThan(-80);
    // Nothing is delayed: what is in the band is where it was.
    const difference = telephoneBand(noise).map((x, i) => x - heard[i]!);
    expect(db(power(difference) / power(telephoneBand(noise)))).toBeLessThan(-30);
  });

  test("has the 255 steps of G.711, and no other", () => {
    const steps = new Set<number>();
    for (let x = -32_768; x <= 32_768; x++) steps.add(muLaw(x / 32_768) * 32_768 || 0);
    const positive = [...steps].filter((x) => x >= 0).sort((a, b) => a - b);
    expect(steps.size).toBe(255);
    expect(positive.slice(0, 4)).toEqual([0, 8, 16, 24]);
    expect(positive.slice(-2)).toEqual([31_100, 32_124]);
    for (const step of positive) expect(muLaw(-step / 32_768) * 32_768 || 0).toBe(-step || 0);
    expect(muLaw(7) * 32_768).toBe(32_124);
  });
});

describe("noise", () => {
  test("lies as many dB below the clip as was asked, whatever the levels", () => {
    for (const [level, snr] of [
      [0.02, 15],
      [1e-5, 5],
    ] as const) {
      const clip = syllables(2, level);
      const added = inNoise(clip, white(clip.length), snr).map((x, i) => x - clip[i]!);
      expect(db(power(clip) / power(added))).toBeCloseTo(snr, 2);
    }
    const silence = new Float32Array(8000);
    expect(inNoise(silence, white(8000), 15)).toEqual(silence);
  });

  test("a stretch of a recording is as long as it has to be, and none of its silences", () => {
    const recorded = new Float32Array(8000);
    recorded.set(white(800), 3000);
    for (let seed = 0; seed < 20; seed++) {
      const stretch = stretchOf(recorded, 1600, new Random(seed));
      expect(stretch.length).toBe(1600);
      expect(power(stretch)).toBeGreaterThan(power(recorded) / 10);
    }
    const long = stretchOf(white(1000), 4000, new Random(1));
    expect(long.subarray(0, 1000)).toEqual(long.subarray(3000));
  });

  test("pink is as strong in every octave", () => {
    const noise = pinkNoise(64_000, new Random(1));
    const octaves = [125, 250, 500, 1000, 2000, 4000].map((low) => db(low * density(noise, low, 2 * low)));
    const middle = octaves.reduce((a, b) => a + b) / octaves.length;
    for (const octave of octaves) expect(Math.abs(octave - middle)).toBeLessThan(1);
  });
});

describe("a room", () => {
  /** Seconds to fall by 60 dB, by Schroeder's integration (1965, doi:10.1121/1.1909343): ISO 3382's T30, -5 to -35 dB. */
  function decay(response: Float32Array): number {
    const energy = Float64Array.from(response, (x) => x * x);
    for (let i = energy.length - 2; i >= 0; i--) energy[i]! += energy[i + 1]!;
    const levels = Array.from(energy, (left, i) => ({ t: i / 16_000, level: db(left / energy[0]!) }));
    const part = levels.filter(({ level }) => level <= -5 && level >= -35);
    const mean = (of: (point: { t: number; level: number }) => number) =>
      part.reduce((sum, point) => sum + of(point), 0) / part.length;
    const [t, level] = [mean((p) => p.t), mean((p) => p.level)];
    const slope = mean((p) => (p.t - t) * (p.level - level)) / mean((p) => (p.t - t) ** 2);
    return -60 / slope;
  }

  test("falls by 60 dB in 0.6 s, as strong as the direct sound, and each is another", () => {
    const rooms = [1, 2, 3].map((seed) => room(new Random(seed)));
    for (const response of rooms) {
      expect(Math.abs(decay(response) / ROOM_SECONDS - 1)).toBeLessThan(0.15);
      expect(response[0]).toBe(1);
      const tail = response.subarray(1);
      expect(power(tail) * tail.length).toBeCloseTo(1, 4);
    }
    expect(rooms[0]).not.toEqual(rooms[1]);
    expect(room(new Random(1))).toEqual(rooms[0]);
  });

  test("a click in it is its response; a clip stays as long and as strong", () => {
    const response = room(new Random(1));
    const click = new Float32Array(response.length);
    click[0] = 1;
    const heard = inRoom(click, response);
    // Direct sound and tail have equal shares of the click's power.
    const apart = heard.reduce((most, x, i) => Math.max(most, Math.abs(x - response[i]! / Math.SQRT2)), 0);
    expect(apart).toBeLessThan(1e-5);
    const clip = syllables(1, 0.02);
    expect(inRoom(clip, response).length).toBe(clip.length);
    expect(power(inRoom(clip, response))).toBeCloseTo(power(clip), 6);
    expect(power(inRoom(new Float32Array(800), response))).toBe(0);
  });
});

test("a level is exact, and nothing is cut off", () => {
  const clip = syllables(1, 0.05);
  expect(scaled(clip, 20)).toEqual(clip.map((x) => 10 * x));
  expect(scaled(clip, -20)).toEqual(clip.map((x) => 0.1 * x));
  expect(Math.max(...scaled(clip, 20))).toBeGreaterThan(1);
});
