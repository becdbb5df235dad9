// Tests of evidence: tones in their rows, peaks, where the model listened; the same however the sound arrives; bounded.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { syllables, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { FINEST_COLUMN, MOST_COLUMNS } from "./columns.ts";
import { FeatureStream, loadFeatures } from "./feature-stream.ts";
import { createEvidence, type Evidence, loadEvidence, loadRecognizer, type Sound } from "./index.node.ts";

const recognizer = await loadRecognizer(tinyModel());
const maker = await loadEvidence();

async function evidenceOf(sound: Float32Array | Sound): Promise<Evidence> {
  const observer = maker.begin();
  await recognizer.analyze(sound, { observer });
  return observer.finish();
}

async function* blocks(sound: Float32Array, size: number): Sound {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

function joined(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** The column that a second falls into. */
const columnAt = ({ columns, seconds: all }: Evidence, seconds: number) =>
  Math.floor((seconds / all) * columns);

function loudestRow({ spectrogram: { rows, data } }: Evidence, column: number): number {
  const values = data.subarray(column * rows, (column + 1) * rows);
  return values.indexOf(Math.max(...values));
}

describe("pictures", () => {
  test("a tone lies in the row whose centre is nearest, full scale, with its own peaks", async () => {
    const evidence = await evidenceOf(tone(2, 0.125, 1000)); // its peak is 0.5
    expect(evidence).toMatchObject({ seconds: 2, columns: 32_000 / FINEST_COLUMN });
    const { hertz, data, rows, low, high } = evidence.spectrogram;
    const nearest = hertz
      .map((h, row) => [Math.abs(h - 1000), row] as const)
      .reduce((a, b) => (b[0] < a[0] ? b : a))[1];
    for (let column = 4; column < evidence.columns - 4; column++) {
      expect(loudestRow(evidence, column)).toBe(nearest);
      expect(data[column * rows + nearest]).toBeGreaterThan(255 * 0.97);
      // An octave and more away nothing is left of it.
      expect(data[column * rows + 60]).toBeLessThan(60);
      expect([evidence.peaks[2 * column], evidence.peaks[2 * column + 1]]).toEqual([-63, 64]);
    }
    expect(high - low).toBe(80);
  });

  test("what comes later stands later: two tones, then a click of one sample", async () => {
    const sound = joined(tone(3, 0.01, 400), tone(3, 0.01, 3000));
    sound[80_000] = 1;
    const evidence = await evidenceOf(sound);
    const { hertz } = evidence.spectrogram;
    for (const [from, to, expected] of [
      [0.1, 2.9, 400],
      [3.1, 4.9, 3000],
    ] as const) {
      for (let column = columnAt(evidence, from); column < columnAt(evidence, to); column++) {
        expect(Math.abs(hertz[loudestRow(evidence, column)]! / expected - 1)).toBeLessThan(0.1);
      }
    }
    const loud = [...evidence.peaks.keys()].filter((i) => evidence.peaks[i] === 127);
    expect(loud).toEqual([2 * Math.floor(80_000 / FINEST_COLUMN) + 1]);
  });

  test("a minute looks like a second: columns that were joined say what they said before", async () => {
    const evidence = await evidenceOf(tone(61, 0.125, 1000));
    const short = await evidenceOf(tone(1, 0.125, 1000));
    expect(evidence.columns).toBe(Math.ceil((61 * 16_000) / (4 * FINEST_COLUMN)));
    const row = loudestRow(short, 50);
    const expected = short.spectrogram.data[50 * 64 + row]!;
    expect([evidence.spectrogram.low, evidence.spectrogram.high]).toEqual([
      short.spectrogram.low,
      short.spectrogram.high,
    ]);
    for (let column = 4; column < evidence.columns - 4; column++) {
      expect(loudestRow(evidence, column)).toBe(row);
      expect(Math.abs(evidence.spectrogram.data[column * 64 + row]! - expected)).toBeLessThanOrEqual(1);
    }
    // Nobody speaks in it, so nobody was listened to.
    expect(evidence.attention.every((value) => value === 0)).toBe(true);
  });

  test("each coefficient spans its own range", async () => {
    const { mfcc } = await evidenceOf(joined(tone(1, 0.1, 300), tone(1, 0.001, 2000)));
    expect(mfcc.rows).toBe(20);
    for (let k = 0; k < mfcc.rows; k++) {
      const values = [...mfcc.data].filter((_, i) => i % mfcc.rows === k);
      expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255]);
      expect(mfcc.low[k]).toBeLessThan(mfcc.high[k]!);
    }
    // The louder half has the greater energy, which is the first coefficient.
    expect(mfcc.data[10 * mfcc.rows]).toBeGreaterThan(mfcc.data.at(-10 * mfcc.rows)!);
  });

  test("a broken file's huge numbers give numbers all the same", async () => {
    const { spectrogram, mfcc } = await evidenceOf(tone(1, 1e30));
    expect(spectrogram.high).toBeLessThan(100);
    expect([spectrogram.low, ...mfcc.low, ...mfcc.high].every(Number.isFinite)).toBe(true);
  });

  test("sound above full scale is cut off, silence and no sound at all are shown too", async () => {
    const loud = await evidenceOf(tone(1, 2));
    expect([Math.min(...loud.peaks), Math.max(...loud.peaks)]).toEqual([-127, 127]);
    const silent = await evidenceOf(new Float32Array(16_000));
    expect(new Set(silent.peaks)).toEqual(new Set([0]));
    expect(silent.columns).toBe(125);
    expect(await evidenceOf(new Float32Array(0))).toMatchObject({ seconds: 0, columns: 0 });
    for (const samples of [1, 100, 255, 256, 511, 513]) {
      const { columns, mfcc, spectrogram } = await evidenceOf(tone(samples / 16_000, 0.1));
      expect(columns).toBe(Math.ceil(samples / FINEST_COLUMN));
      expect([spectrogram.data.length, mfcc.data.length]).toEqual([64 * columns, 20 * columns]);
      expect(spectrogram.data.subarray(-64).some((value) => value > 0)).toBe(true);
    }
  });
});

describe("attention", () => {
  test("255 where the model listened most: the tiny one listens to what is loud", async () => {
    const evidence = await evidenceOf(joined(tone(1, 0.001), tone(1, 0.1), tone(0.5, 0.01)));
    const at = (seconds: number) => evidence.attention[columnAt(evidence, seconds)]!;
    expect(at(1.5)).toBeGreaterThan(220); // a frame holds no whole number of periods
    expect(at(0.5)).toBeLessThan(5);
    expect(Math.abs(at(2.2) - 255 / 10)).toBeLessThan(4);
    // Summed over time, what was loud has all but a little of it.
    const total = evidence.attention.reduce((a, b) => a + b, 0);
    const loud = evidence.attention.subarray(125, 250).reduce((a, b) => a + b, 0);
    expect(loud / total).toBeCloseTo(0.1 / (0.001 + 0.1 + 0.01 / 2), 1);
  });

  test("each utterance against its own even share, and a pause is hardly listened to", async () => {
    const evidence = await evidenceOf(
      joined(syllables(3, 0.1), new Float32Array(32_000), syllables(4, 0.001)),
    );
    const mean = (from: number, to: number) => {
      const part = evidence.attention.subarray(columnAt(evidence, from), columnAt(evidence, to));
      return part.reduce((a, b) => a + b, 0) / part.length;
    };
    // A hundredth of the power, and a quarter of it is the silence around the words: as much of either utterance.
    const [loud, pause, quiet] = [mean(0, 2.8), mean(3.2, 4.8), mean(5.2, 8.8)];
    expect(loud).toBeGreaterThan(50);
    expect(Math.abs(quiet / loud - 5 / 4 / (4 / 3))).toBeLessThan(0.1);
    expect(pause / loud).toBeLessThan(0.01);
  });
});

describe("streams", () => {
  const long = joined(syllables(7, 0.02), tone(6, 0.001, 2500), syllables(8.03, 0.1));

  test("however a sound arrives, its evidence is the same", async () => {
    const expected = await evidenceOf(long);
    expect(expected.columns).toBeGreaterThan(MOST_COLUMNS / 2);
    expect(expected.columns).toBeLessThanOrEqual(MOST_COLUMNS);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 50, max: 400_000 }), async (size) => {
        const { attention, ...rest } = await evidenceOf(blocks(long, size));
        const { attention: expectedAttention, ...expectedRest } = expected;
        expect(rest).toEqual(expectedRest);
        attention.forEach((value, i) => {
          expect(Math.abs(value - expectedAttention[i]!)).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 15 },
    );
  });

  test("one recording after another leaves nothing of itself; two at once do not mix", async () => {
    const short = tone(0.7, 0.1, 500);
    const fresh = await loadEvidence();
    const begin = async (sound: Float32Array) => {
      const observer = fresh.begin();
      await recognizer.analyze(sound, { observer });
      return observer.finish();
    };
    const expected = await begin(short);
    const expectedLong = await begin(long);
    expect(await begin(short)).toEqual(expected);
    expect(await Promise.all([begin(long), begin(short), begin(short)])).toEqual([
      expectedLong,
      expected,
      expected,
    ]);
    // Given up on the way: it is not used again.
    await fresh.begin().samples(long);
    expect(await begin(short)).toEqual(expected);
  });

  test("frames of a long sound are those of one run over the whole", async () => {
    const features = await loadFeatures(readFileSync("models/features.onnx"), nodeRuntime);
    const whole = await features.program.run({ audio: { shape: [1, long.length], data: long } });
    const expected = whole.log_mel!.data as Float32Array;
    const stream = new FeatureStream(features);
    const frames = [...(await stream.push(long)), await stream.finish()];
    expect(frames.length).toBeGreaterThan(4);
    const got = frames.flatMap(({ logMel }) => [...logMel]);
    expect(got.length).toBe(expected.length);
    got.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(0.05);
    });
    expect(frames.map(({ first }) => first)).toEqual(
      frames.map((_, i) => frames.slice(0, i).reduce((sum, { count }) => sum + count, 0)),
    );
  });

  test("an hour has no more columns and no more memory than ten minutes", async () => {
    const second = syllables(1, 0.01);
    async function* seconds(count: number): Sound {
      for (let i = 0; i < count; i++) yield second;
    }
    await evidenceOf(seconds(600));
    const before = process.memoryUsage.rss();
    const { seconds: all, columns, attention } = await evidenceOf(seconds(3600));
    expect(all).toBe(3600);
    expect(columns).toBe(Math.ceil((3600 * 16_000) / (FINEST_COLUMN * 2 ** 8)));
    expect(attention.length).toBe(columns);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(60);
  });
});

test("a file that holds no features is refused by name", async () => {
  await expect(createEvidence(tinyModel(), nodeRuntime)).rejects.toThrow("make-features.ts");
});
