// Tests of what a model loses where the recording is worse: a model that hears loudness alone, so that its losses are known.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { syllables, tinyCard, tinyModel } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";
import type { AnalyzeRow } from "./analyze-time.ts";
import { type ConditionsRow, conditionsBench } from "./conditions.ts";
import { notSpeech } from "./not-speech.ts";
import { UnseenError } from "./unseen.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);

/** The logarithm of the power that the model takes for each. */
const LEVELS = { happy: -4, neutral: -5, sad: -6 };

function model(name: string, voices: string[]): string {
  const mine = { name: "mine", licence: "none", speakers: 1, clips: 3, languages: ["en"], voices };
  writeFileSync(at(name), tinyModel(tinyCard({ corpora: [mine] })));
  return at(name);
}

beforeAll(() => {
  mkdirSync(at("data", "mine"), { recursive: true });
  const rows = ["ann", "bo"].flatMap((speaker, s) =>
    Object.entries(LEVELS).map(([emotion, level], i) => {
      const file = `${speaker}-${emotion}.wav`;
      writeFileSync(at("data", "mine", file), wavBytes(syllables(0.8 + 0.4 * s + i / 100, Math.exp(level))));
      return `${file},${emotion},${speaker}`;
    }),
  );
  // Too short to be heard.
  writeFileSync(at("data", "mine", "short.wav"), wavBytes(syllables(0.1, 0.01)));
  rows.push("short.wav,sad,bo");
  writeFileSync(at("data", "mine", "manifest.csv"), ["path,emotion,speaker", ...rows].join("\n"));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function measure(models: string[], clips = 400) {
  const missing: string[] = [];
  const rows: (ConditionsRow | AnalyzeRow)[] = [];
  const bench = conditionsBench({
    ...{ models, data: at("data"), clips, seed: 1, onProgress: () => {} },
    onMissing: (why) => missing.push(why),
  });
  for await (const row of bench) rows.push(row);
  const conditions = rows.filter((row) => row.bench === "conditions");
  return { missing, conditions, times: rows.filter((row) => row.bench === "analyze") };
}

test("each condition is measured on the unseen voice alone, and what is lost is counted", async () => {
  const { missing, conditions, times } = await measure([model("knows-ann.onnx", ["mine/ann"])]);
  const of = (name: string) => conditions.find(({ condition }) => condition === name)!;
  expect(missing.filter((why) => why.includes("short.wav"))).toHaveLength(1);
  const named = conditions.map(({ condition }) => condition).filter((name) => !/MP3|Opus/.test(name));
  expect(named).toEqual([
    ...["clean", "telephone band", "pink noise at 15 dB", "room of 0.6 s", "level -20 dB", "level +20 dB"],
  ]);
  expect(of("clean")).toMatchObject({ models: 1, clips: 3, uar: 1, wa: 1, lossPoints: 0 });
  expect(of("clean").parts).toEqual([
    { model: at("knows-ann.onnx"), corpus: "mine", clips: 3, uar: 1, wa: 1 },
  ]);
  // 20 dB are 4.6 in the logarithm: quieter, all three are nearest to sad; louder, to happy.
  for (const level of ["level -20 dB", "level +20 dB"]) {
    expect(of(level)).toMatchObject({ wa: 1 / 3, uar: 1 / 3 });
    expect(of(level).lossPoints).toBeCloseTo(200 / 3, 6);
    expect(of(level).largestChange).toBeGreaterThan(0.9);
  }
  // As strong as before, and of 15 dB less noise 3 % more: the model hears no difference.
  expect(of("room of 0.6 s")).toMatchObject({ uar: 1, lossPoints: 0 });
  expect(of("pink noise at 15 dB")).toMatchObject({ uar: 1, lossPoints: 0 });
  expect(of("pink noise at 15 dB").largestChange).toBeUndefined();
  expect(times.map(({ detector, seconds, runs }) => ({ detector, seconds, runs }))).toEqual([
    { detector: true, seconds: 3, runs: 50 },
    { detector: false, seconds: 3, runs: 50 },
  ]);
  for (const { ms, leastMs } of times) {
    expect(leastMs).toBeGreaterThan(0);
    expect(ms).toBeGreaterThanOrEqual(leastMs);
  }
});

test("several models: each on its own unseen voices, averaged; with noise that was recorded", async () => {
  mkdirSync(at("data", "noise", "taps"), { recursive: true });
  writeFileSync(at("data", "noise", "taps", "a.wav"), wavBytes(notSpeech("clicks", 1)));
  writeFileSync(at("data", "noise", "taps", "silence.wav"), wavBytes(new Float32Array(16_000)));
  writeFileSync(at("data", "noise", "taps", "notes.txt"), "no sound");
  const models = [model("knows-ann.onnx", ["mine/ann"]), model("knows-bo.onnx", ["mine/bo"])];
  const { conditions } = await measure(models);
  expect(conditions.map(({ condition }) => condition)).toContain("recorded noise at 15 dB");
  for (const row of conditions) {
    expect(row).toMatchObject({ models: 2, clips: 6 });
    expect(row.parts.map((part) => part.model)).toEqual(models);
    expect(row.uar).toBeCloseTo((row.parts[0]!.uar + row.parts[1]!.uar) / 2, 9);
  }
  expect((await measure(models)).conditions).toEqual(conditions);
  expect((await measure(models, 1)).conditions[0]).toMatchObject({ clips: 2 });
});

test("a model that has heard everybody: an error that says so", async () => {
  const all = model("knows-all.onnx", ["mine/ann", "mine/bo"]);
  await expect(measure([all])).rejects.toThrow(UnseenError);
  await expect(measure([all])).rejects.toThrow("7 of voices it was trained on");
});
