// Tests of calibrate: which windows count, their numbers by hand, streams, sounds that break off, memory.
import fc from "fast-check";
import { expect, test } from "vitest";
import { syllables, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import {
  type CalibrationSound,
  createRecognizer,
  loadRecognizer,
  type Sound,
  VoiceError,
} from "./index.node.ts";

const recognizer = await loadRecognizer(tinyModel());

const power = (sound: Float32Array) => sound.reduce((sum, x) => sum + x * x, 0) / sound.length;
/** Seconds of a sound, from and to. */
const part = (sound: Float32Array, from: number, to: number) => sound.subarray(from * 16_000, to * 16_000);
const levels = (...of: number[]) => join(...of.map((level) => syllables(3, Math.exp(level))));

function join(...parts: Float32Array[]): Float32Array {
  const sound = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    sound.set(part, at);
    at += part.length;
  }
  return sound;
}

async function* blocks(sound: Float32Array, size: number): Sound {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

/** What the tiny model's voice is of these windows: the mean and the spread of the logarithm of their power. */
function expectVoice(got: { mean: ArrayLike<number>; spread: ArrayLike<number> }, windows: Float32Array[]) {
  const heard = windows.map((window) => Math.log(power(window)));
  const mean = heard.reduce((a, b) => a + b) / heard.length;
  const spread = Math.sqrt(heard.reduce((sum, x) => sum + (x - mean) ** 2, 0) / heard.length);
  expect([got.mean.length, got.spread.length]).toEqual([1, 1]);
  expect(got.mean[0]).toBeCloseTo(mean, 4);
  expect(got.spread[0]).toBeCloseTo(spread, 4);
}

test("windows side by side, over all sounds; a short sound is heard whole", async () => {
  const long = levels(-3, -5, -4, -2);
  const short = syllables(1.2, Math.exp(-6));
  const voice = await recognizer.calibrate([long, short]);
  expect(voice).toMatchObject({ clips: 5, seconds: expect.closeTo(13.2, 6) });
  expectVoice(voice, [...[0, 3, 6, 9].map((from) => part(long, from, from + 3)), short]);
});

test("the end is heard in a window that ends with it; if that is mostly heard already, it is left", async () => {
  const sound = levels(-3, -5, -4, -2, -6);
  const windows = [0, 3, 6, 9].map((from) => part(sound, from, from + 3));
  const most = await recognizer.calibrate([part(sound, 0, 14)]);
  expect(most).toMatchObject({ clips: 5, seconds: 14 });
  expectVoice(most, [...windows, part(sound, 11, 14)]);
  const little = await recognizer.calibrate([part(sound, 0, 13)]);
  expect(little).toMatchObject({ clips: 4, seconds: 12 });
  expectVoice(little, windows);
});

test("windows in which nobody speaks, or hardly, do not count", async () => {
  const word = new Float32Array(48_000);
  word.set(syllables(0.4, Math.exp(-3)), 20_000);
  const spoken = [-3, -5, -4, -2].map((level) => levels(level));
  const between = [new Float32Array(48_000), tone(3, 0.01), word];
  const sound = join(spoken[0]!, ...between, ...spoken.slice(1));
  const voice = await recognizer.calibrate([sound]);
  expect(voice).toMatchObject({ clips: 4, seconds: 12 });
  expectVoice(voice, spoken);
});

test("without a detector, what stands out of the background counts", async () => {
  const deaf = await createRecognizer(tinyModel(), nodeRuntime);
  const sound = join(levels(-3, -5), new Float32Array(48_000), levels(-4, -2));
  expect(await deaf.calibrate([sound])).toMatchObject({ clips: 4, seconds: 12 });
});

test("however a sound arrives, the voice is the same", async () => {
  const sound = levels(-3, -5, -4, -2, -6).subarray(0, 220_001);
  const expected = await recognizer.calibrate([sound]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 100, max: 230_000 }), async (size) => {
      expect(await recognizer.calibrate([blocks(sound, size)])).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});

test("the voice makes the person's usual sound the model's middle", async () => {
  const voice = await recognizer.calibrate([levels(-2, -3, -4, -5)]);
  const clip = syllables(2, Math.exp(-6));
  const [unknown, known] = await Promise.all([
    recognizer.classify([clip]),
    recognizer.classify([clip], { voice }),
  ]);
  // -6 is 2.2 spreads below the mean of -3.5: nearest to the centre of -2.
  expect(unknown[0]!.probabilities.indexOf(Math.max(...unknown[0]!.probabilities))).toBe(5);
  expect(known[0]!.probabilities.indexOf(Math.max(...known[0]!.probabilities))).toBe(1);
});

test("each sound is told what of it counts, and why where nothing does", async () => {
  const told: [number, CalibrationSound][] = [];
  const sounds = [
    levels(-3, -4, -5, -6),
    new Float32Array(48_000),
    syllables(0.05, 0.1),
    new Float32Array(0),
  ];
  await recognizer.calibrate(sounds, {
    onSound: (i, { clips, seconds, reason }) => told.push([i, { clips, seconds, reason }]),
  });
  expect(told.map(([i, { clips, seconds }]) => [i, clips, seconds])).toEqual([
    [0, 4, 12],
    [1, 0, 0],
    [2, 0, 0],
    [3, 0, 0],
  ]);
  expect(told.map(([, { reason }]) => reason)).toEqual([
    undefined,
    expect.stringContaining("silence"),
    expect.stringContaining("It lasts 0.05 s"),
    expect.stringContaining("no sound"),
  ]);
});

test("too little speech is refused, and what to do is said", async () => {
  const refused = recognizer.calibrate([levels(-3, -4, -5), new Float32Array(480_000)]);
  await expect(refused).rejects.toThrow(VoiceError);
  await expect(refused).rejects.toThrow(/3 stretches .* expected 4 or more\. Record 20 to 60 s/);
  await expect(recognizer.calibrate([])).rejects.toThrow("0 stretches");
});

test("of a sound that breaks off nothing counts; it is thrown, or told to who wants to go on", async () => {
  async function* broken(): Sound {
    yield levels(-1, -1);
    throw new Error("the disk is gone");
  }
  const sound = levels(-3, -5, -4, -2);
  await expect(recognizer.calibrate([broken(), sound])).rejects.toThrow("the disk is gone");
  const failures: [number, string][] = [];
  const onFailure = (i: number, error: unknown) => failures.push([i, (error as Error).message]);
  expect(await recognizer.calibrate([broken(), sound], { onFailure })).toEqual(
    await recognizer.calibrate([sound]),
  );
  expect(failures).toEqual([[0, "the disk is gone"]]);
  const odd = sound.slice();
  odd[70_000] = Number.NaN;
  await expect(recognizer.calibrate([odd])).rejects.toThrow("calibrate: sample 70000 is NaN");
});

test("a signal ends it with its reason, whoever is told of failures, and the source is let go", async () => {
  let ended = false;
  async function* endless(): Sound {
    try {
      for (;;) yield syllables(1, 0.01);
    } finally {
      ended = true;
    }
  }
  const told: unknown[] = [];
  const calibrating = recognizer.calibrate([endless()], {
    signal: AbortSignal.timeout(50),
    onFailure: (_, error) => told.push(error),
  });
  await expect(calibrating).rejects.toThrow(/timeout/);
  expect([ended, told]).toEqual([true, []]);
});

test("an hour takes no more memory than a minute, given in blocks or at once", async () => {
  // The detector's memory is the concern of its own tests, and an hour of it takes a minute.
  const deaf = await createRecognizer(tinyModel(), nodeRuntime);
  const second = syllables(1, 0.01);
  async function* seconds(count: number): Sound {
    for (let i = 0; i < count; i++) yield second;
  }
  const whole = join(...Array.from({ length: 3600 }, () => second));
  await deaf.calibrate([seconds(60)]);
  const before = process.memoryUsage.rss();
  expect(await deaf.calibrate([seconds(3600)])).toMatchObject({ clips: 1200, seconds: 3600 });
  expect(await deaf.calibrate([whole])).toMatchObject({ clips: 1200, seconds: 3600 });
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(100);
});
