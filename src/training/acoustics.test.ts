// Rooms, noise and lines on mel bands: the levels that were asked for, and nothing where nothing happens.
import { expect, test } from "vitest";
import { recordElsewhere } from "./acoustics.ts";
import { Random } from "./random.ts";

const hertz = Array.from({ length: 40 }, (_, i) => 100 + 195 * i);
const bands = { hertz, rate: 100 };
const frames = 200;
/** A voice: 20 frames loud at 60 dB, 20 frames of silence at -20 dB, and so on. */
const voice = Float32Array.from({ length: frames * 40 }, (_, i) => (Math.floor(i / 40 / 20) % 2 ? -20 : 60));
const power = (db: Float32Array) => db.reduce((sum, one) => sum + 10 ** (one / 10), 0) / db.length;
const loud = (t: number) => Math.floor(t / 20) % 2 === 0;

test("what does not happen changes nothing", () => {
  const acoustics = { noise: { often: 0, snr: [10, 10] }, line: { often: 0 } } as const;
  expect(recordElsewhere(voice, acoustics, bands, [], new Random(1))).toBe(voice);
});

test.each([20, 5])("noise stands %d dB below the voice", (snr) => {
  const acoustics = { noise: { often: 1, snr: [snr, snr] } } as const;
  for (let seed = 0; seed < 5; seed++) {
    const heard = recordElsewhere(voice, acoustics, bands, [], new Random(seed));
    const added = power(heard) - power(voice);
    expect(10 * Math.log10(power(voice) / added)).toBeCloseTo(snr, 0);
    // It fills the pauses, in every band.
    const quiet = heard.filter((_, i) => !loud(Math.floor(i / 40)));
    expect(Math.min(...quiet)).toBeGreaterThan(-19);
  }
});

test("a room rings on for as long as it was asked to", () => {
  const click = Float32Array.from({ length: frames * 40 }, (_, i) => (i < 40 ? 60 : -60));
  const acoustics = { room: { often: 1, seconds: [0.6, 0.6], below: [3, 3] } } as const;
  const heard = recordElsewhere(click, acoustics, bands, [], new Random(1));
  const at = (t: number) => heard[t * 40]!;
  // 60 dB in 0.6 s: 10 dB in ten frames of 10 ms.
  expect(at(11) - at(21)).toBeCloseTo(10, 1);
  expect(at(0)).toBeCloseTo(60, 1);
  const ringing = Array.from({ length: frames - 1 }, (_, t) => 10 ** (at(t + 1) / 10)).reduce(
    (a, b) => a + b,
  );
  expect(10 * Math.log10(10 ** 6 / ringing)).toBeCloseTo(3, 0);
});

test("a line takes the highest bands and leaves the middle", () => {
  for (let seed = 0; seed < 8; seed++) {
    const heard = recordElsewhere(voice, { line: { often: 1 } }, bands, [], new Random(seed));
    const [middle, top] = [hertz.findIndex((f) => f > 1000), 39];
    expect(heard[middle]!).toBeCloseTo(60, 3);
    expect(heard[top]!).toBeLessThan(60.001);
  }
});

test("other people's voices come from their clips", () => {
  const other = { features: Float32Array.from({ length: 40 }, (_, i) => (i === 7 ? 50 : -100)), frames: 1 };
  const acoustics = { noise: { often: 1, snr: [10, 10] } } as const;
  const heard = Array.from({ length: 20 }, (_, seed) =>
    recordElsewhere(voice, acoustics, bands, [other], new Random(seed)),
  );
  const pause = 25 * 40;
  const onlyThere = heard.filter((clip) => clip[pause + 7]! - clip[pause + 8]! > 60);
  expect(onlyThere.length).toBeGreaterThan(2);
  expect(onlyThere.length).toBeLessThan(15);
});
