// Tests of the tables: the right number in the right column, in the unit of its head.
import { expect, test } from "vitest";
import type { AnalyzeRow, ConditionsRow, HourRow, MemoryRow, StepRow, VoicesRow } from "../bench/index.ts";
import { summary, table } from "./bench-tables.ts";

/** The cells of a table's lines under its title, by head. */
function read(lines: readonly string[]): Record<string, string>[] {
  const [head, ...rows] = lines.slice(lines.indexOf("") + 1).map((line) => line.trim().split(/ {2,}/));
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [head![i], cell])));
}

const step = (engine: string, configuration: string, ms: number): StepRow => ({
  bench: "step",
  engine,
  configuration,
  threads: 2,
  timing: { median: ms, min: ms / 2, runs: 10 },
  toOurs: { median: ms / 40, min: ms / 80 },
  toFloor: { median: ms / 25, min: ms / 50 },
  gigaflops: 123.4,
});

test("a step's times and ratios", () => {
  const [ours, peer] = read(table([step("undertone", "2 workers", 40), step("Peer 1.0", "fast", 60)]));
  expect(ours).toMatchObject({
    engine: "undertone",
    "ms median": "40.0",
    "ms min": "20.0",
    "x ours": "1.00",
  });
  expect(peer).toMatchObject({ "x ours": "1.50", "x floor": "2.40", "GFLOP/s": "123" });
});

test("each peer is summed up by its fastest configuration; we and the floor are no peers", () => {
  const rows = [
    step("undertone", "2 workers", 40),
    step("its products alone", "2 workers", 25),
    step("Peer 1.0", "slow", 90),
    step("Peer 1.0", "fast", 60),
  ];
  expect(summary(rows)).toEqual(["Peer 1.0 at its fastest (fast) takes 1.50 times as long as ours."]);
});

test("an hour in minutes and seconds, memory in megabytes of a million bytes", () => {
  const hour: HourRow = {
    bench: "hour",
    format: "WAV",
    audioSeconds: 3600,
    seconds: 9,
    realTime: 400,
    split: { decode: 1, quality: 0.5, network: 7.5 },
    oneCore: true,
  };
  expect(read(table([hour]))).toEqual([
    {
      format: "WAV",
      minutes: "60.0",
      seconds: "9.00",
      "x real time": "400",
      "decode s": "1.00",
      "quality s": "0.50",
      "network s": "7.50",
      cores: "1",
    },
  ]);
  const memory: MemoryRow = {
    bench: "memory",
    format: "MP3",
    minute: { process: 150e6, decoders: null },
    hour: { process: 180e6, decoders: null },
    growth: 30e6,
  };
  expect(read(table([memory]))[0]).toMatchObject({
    "minute MB": "150.0",
    "hour MB": "180.0",
    "growth MB": "30.0",
  });
});

test("conditions in percent and points, the change where the level is another, and on what it was measured", () => {
  const part = (corpus: string) => ({ model: "m.onnx", corpus, clips: 50, uar: 0.5, wa: 0.5 });
  const row = (condition: string, uar: number, largestChange?: number): ConditionsRow => ({
    ...{
      bench: "conditions",
      condition,
      models: 1,
      clips: 100,
      uar,
      wa: 0.625,
      lossPoints: 100 * (0.7 - uar),
    },
    ...(largestChange !== undefined && { largestChange }),
    parts: [part("a"), part("b")],
  });
  const rows = [row("clean", 0.7), row("level -20 dB", 0.654, 0.123456)];
  expect(table(rows).slice(-2)).toEqual([
    "  clean         70.0 %  62.5 %   0.0",
    "  level -20 dB  65.4 %  62.5 %   4.6    0.12",
  ]);
  expect(summary(rows)).toEqual(["Measured on 100 clips of 2 corpora, 1 model."]);
  const time: AnalyzeRow = {
    ...{ bench: "analyze", model: "m@1", detector: true, seconds: 3, ms: 12.34, leastMs: 11.05, runs: 50 },
  };
  expect(read(table([time]))).toEqual([
    { model: "m@1", seconds: "3", "speech detector": "with", "ms median": "12.3", "ms min": "11.1" },
  ]);
});

test("how many clips know a voice: what calibrates by name, seconds, percent and points", () => {
  const row = (by: "any" | "neutral", clips: number, gain: number): VoicesRow => ({
    ...{ bench: "voice", by, clips, seconds: 3.26 * clips, models: 1, speakers: 2, measured: 48 },
    ...{ uar: 0.5 + gain / 100, gain },
  });
  const rows = [row("any", 0, 0), row("any", 1, 3.84), row("neutral", 0, 0), row("neutral", 2, -1.25)];
  expect(read(table(rows)).map((cells) => Object.values(cells))).toEqual([
    ["nothing", "0.0", "2", "48", "50.0 %", "0.0"],
    ["1 clip", "3.3", "2", "48", "53.8 %", "3.8"],
    ["nothing, neutral clips apart", "0.0", "2", "48", "50.0 %", "0.0"],
    ["2 neutral clips", "6.5", "2", "48", "48.8 %", "-1.3"],
  ]);
  expect(summary(rows)).toEqual([]);
});
