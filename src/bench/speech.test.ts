// Tests of what is measured of speech and of what is none: every kind and every corpus once, in small.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { syllables, tinyModel } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";
import { DISGUISES } from "./disguises.ts";
import { NOT_SPEECH, notSpeech } from "./not-speech.ts";
import { type SpeechRow, speechBench } from "./speech.ts";

const power = (sound: Float32Array) => sound.reduce((sum, x) => sum + x * x, 0) / sound.length;

test("every kind is a sound of 5 s at a level of speech, the same each time, and no two are alike", () => {
  for (const kind of NOT_SPEECH) {
    const [sound, again, other] = [notSpeech(kind, 3), notSpeech(kind, 3), notSpeech(kind, 4)];
    expect(sound.length).toBe(80_000);
    expect(sound).toEqual(again);
    expect(sound).not.toEqual(other);
    const level = 10 * Math.log10(power(sound));
    expect(level).toBeGreaterThan(-30.1);
    expect(level).toBeLessThan(-8);
  }
});

test("a disguise changes what it says it does", () => {
  const clip = syllables(2, 0.01);
  const heard = Object.fromEntries(
    Object.entries(DISGUISES).map(([name, disguise]) => [name, disguise(clip, -18.75, 1)]),
  );
  expect(heard["as it is"]).toBe(clip);
  expect(10 * Math.log10(power(heard["at -45 dBFS"]!) / power(clip))).toBeCloseTo(-26.25, 1);
  expect(Math.max(...heard["overloaded by 12 dB"]!)).toBe(1);
  for (const snr of [15, 5]) {
    const noise = heard[`noise at ${snr} dB`]!.map((x, i) => x - clip[i]!);
    expect(10 * Math.log10(power(noise))).toBeCloseTo(-18.75 - snr, 1);
  }
  // The vocal folds repeat themselves after 114.3 samples, noise does not.
  const repeats = (sound: Float32Array) => {
    const steady = sound.subarray(1_000, 4_000);
    return steady.reduce((sum, x, i) => sum + x * sound[1_000 + i + 114]!, 0) / power(steady) / 3_000;
  };
  expect(repeats(clip)).toBeGreaterThan(0.8);
  expect(Math.abs(repeats(heard.whispered!))).toBeLessThan(0.3);
});

test("formulas, noises and a corpus: a row for each, with what was said of them", async () => {
  const data = mkdtempSync(join(tmpdir(), "undertone-"));
  const model = join(data, "tiny.onnx");
  writeFileSync(model, tinyModel());
  for (const folder of ["noise/taps", "mine"]) mkdirSync(join(data, folder), { recursive: true });
  writeFileSync(join(data, "noise/taps/a.wav"), wavBytes(notSpeech("clicks", 1)));
  writeFileSync(join(data, "mine/a.wav"), wavBytes(syllables(2, 0.02)));
  writeFileSync(join(data, "mine/manifest.csv"), "path,emotion,speaker\na.wav,sad,ann\n");
  const rows: SpeechRow[] = [];
  for await (const row of speechBench({ model, data, clips: 1, seed: 1, onProgress: () => {} }))
    rows.push(row);
  const of = (as: string) => rows.filter((row) => row.as === as);
  expect(of("made by a formula").map(({ sound }) => sound)).toEqual(NOT_SPEECH);
  expect(of("recorded")).toEqual([
    { bench: "speech", sound: "taps", as: "recorded", clips: 1, noSpeech: 1, answered: 0 },
  ]);
  expect(rows.filter(({ sound }) => sound === "mine").map(({ as }) => as)).toEqual(Object.keys(DISGUISES));
  expect(of("as it is")).toMatchObject([{ sound: "mine", clips: 1, noSpeech: 0 }]);
});
