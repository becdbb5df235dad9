// The meter against recordings whose level, clipping and noise are known because they were made so.

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { closeDecoders, decodeFile } from "./index.node.ts";
import { QualityMeter, type QualityNumbers } from "./quality-meter.ts";
import { noise, rms, tone } from "./test-sounds.ts";

const rate = 16000;

function measure(samples: Float32Array, block = samples.length): QualityNumbers {
  const meter = new QualityMeter(rate);
  for (let at = 0; at < samples.length; at += block) meter.push(samples.subarray(at, at + block));
  return meter.result();
}

/** Four syllables a second, each a smooth swell, with a pause after every eighth when asked for. */
function babble(seconds: number, pauses: boolean): Float32Array {
  return tone(150, rate, seconds, 1).map((x, i) => {
    const t = i / rate;
    if (pauses && Math.floor(t * 4) % 8 > 5) return 0;
    return 0.3 * Math.max(0.03, Math.sin(Math.PI * ((t * 4) % 1))) * x;
  });
}

function withNoise(clean: Float32Array, snr: number): Float32Array {
  const hiss = noise(clean.length, 5);
  const active = clean.filter((x) => x !== 0);
  const gain = rms(active) / rms(hiss) / 10 ** (snr / 20);
  return clean.map((x, i) => x + gain * hiss[i]);
}

describe("snr", () => {
  test.each([10, 15, 20, 30, 40])("%i dB, speech with pauses: within 2.5 dB", (snr) => {
    expect(Math.abs(measure(withNoise(babble(20, true), snr)).snr - snr)).toBeLessThan(2.5);
  });

  test("falls as noise rises, and is low in loud noise", () => {
    const found = [30, 20, 10, 5, 0].map((snr) => measure(withNoise(babble(20, true), snr)).snr);
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    expect(found.at(-1)).toBeLessThan(8);
  });

  test("loud speech without one pause is not taken for noise", () => {
    const { snr, speech } = measure(babble(10, false));
    expect(snr).toBeGreaterThan(15);
    expect(speech).toBeGreaterThan(0.8);
  });

  test("a sound that keeps one level has no speech in it", () => {
    for (const steady of [noise(rate * 5), tone(440, rate, 5)]) {
      expect(measure(steady)).toMatchObject({ snr: 0, speech: 0 });
    }
  });

  test("digital silence between words counts as 60 dB, no more", () => {
    expect(measure(babble(10, true)).snr).toBeLessThanOrEqual(60);
  });

  test("the same recording 20 dB quieter measures the same", () => {
    const loud = withNoise(babble(10, true), 25);
    const [a, b] = [measure(loud), measure(loud.map((x) => x / 10))];
    expect(b.level).toBeCloseTo(a.level - 20, 2);
    expect(Math.abs(b.snr - a.snr)).toBeLessThan(0.6);
    expect(Math.abs(b.speech - a.speech)).toBeLessThan(0.03);
  });
});

describe("level, peak, clipping", () => {
  test("a tone of amplitude 0.5 is at -9.03 dBFS", () => {
    const { level, peak } = measure(tone(400, rate, 2));
    expect(level).toBeCloseTo(20 * Math.log10(0.5 / Math.SQRT2), 2);
    expect(peak).toBeCloseTo(0.5, 4);
  });

  test("pauses do not lower the level of the speech", () => {
    const speech = babble(8, false);
    const halfSilent = new Float32Array(speech.length * 2);
    halfSilent.set(speech);
    expect(Math.abs(measure(halfSilent).level - measure(speech).level)).toBeLessThan(0.5);
    expect(measure(halfSilent).speech).toBeCloseTo(measure(speech).speech / 2, 1);
  });

  test("an overloaded tone: the fraction that is cut", () => {
    const cut = tone(400, rate, 2, 2).map((x) => Math.max(-1, Math.min(1, x)));
    // |2 sin x| is at least 0.985 for 1 - 2 asin(0.4925) / pi of the time.
    expect(measure(cut).clipped).toBeCloseTo(1 - (2 * Math.asin(0.985 / 2)) / Math.PI, 1);
    expect(measure(tone(400, rate, 2, 0.98)).clipped).toBe(0);
  });

  test("silence is at the bottom, with nothing in it", () => {
    expect(measure(new Float32Array(rate))).toEqual({
      ...{ seconds: 1, level: -120, peak: 0, clipped: 0, snr: 0, speech: 0, nonFinite: 0 },
    });
  });

  test("nothing at all is no NaN", () => {
    expect(Object.values(measure(new Float32Array(0))).every(Number.isFinite)).toBe(true);
  });

  test("broken numbers are counted and change nothing else", () => {
    const clean = babble(2, true);
    const holed = clean.slice();
    for (const i of [0, 1, 2]) holed[i] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][i];
    expect(measure(holed)).toMatchObject({ nonFinite: 3, peak: measure(clean).peak });
  });
});

test("blocks of any size give the same numbers", () => {
  const samples = withNoise(babble(3, true), 20);
  for (const block of [1, 7, 160, 161, 5000]) expect(measure(samples, block)).toEqual(measure(samples));
});

const tess = fileURLToPath(new URL("../../../shared/data/tess/", import.meta.url));
const hasTess = existsSync(tess);

describe.skipIf(!hasTess)(
  `real speech (TESS)${hasTess ? "" : " (not run: ../shared/data/tess is not here)"}`,
  () => {
    afterAll(() => closeDecoders());
    const names = hasTess
      ? readdirSync(tess)
          .filter((name) => name.endsWith(".opus"))
          .filter((_, i) => i % 100 === 0)
      : [];
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

    test("studio recordings are clean, and mostly speech", async () => {
      const found = await Promise.all(names.map(async (name) => measure(await decodeFile(tess + name))));
      expect(Math.min(...found.map(({ snr }) => snr))).toBeGreaterThan(15);
      expect(median(found.map(({ snr }) => snr))).toBeGreaterThan(25);
      expect(Math.min(...found.map(({ speech }) => speech))).toBeGreaterThan(0.5);
    });

    test.each([10, 20])("with hiss at %i dB the median is within 3 dB", async (snr) => {
      const clips = await Promise.all(names.map((name) => decodeFile(tess + name)));
      const found = clips.map((clip) => measure(withNoise(clip, snr)).snr);
      expect(Math.abs(median(found) - snr)).toBeLessThan(3);
    });
  },
);
