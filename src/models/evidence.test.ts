// Tests of the features that people look at: the shipped file is the script's, its numbers are those of the features.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { goldenSound } from "../../test/support/sound.ts";
import { createGraph, toModel } from "../graph/index.ts";
import { readModel, writeModel } from "../onnx/index.ts";
import { nodeRuntime } from "../runtime/index.node.ts";
import { type LogMelOptions, logMel, type MfccOptions, mfcc } from "../speech/features/index.ts";
import { evidenceModel } from "./index.ts";

test("models/features.onnx is what examples/make-features.ts makes, and small", () => {
  const shipped = readFileSync(new URL("../../models/features.onnx", import.meta.url));
  expect(shipped.equals(evidenceModel())).toBe(true);
  expect(shipped.length).toBeLessThan(2 ** 20);
});

test("its log-mel and MFCC are those of the features, frame by frame", async () => {
  const options: LogMelOptions & MfccOptions = {
    ...{ sampleRate: 16_000, nFft: 512, windowSamples: 512, hopSamples: 256, nMels: 64, nMfcc: 20, fMin: 0 },
    ...{ fMax: 8_000, mel: "slaney", norm: "slaney", padding: "reflect", log: "db", floor: 1e-10 },
  };
  const graph = createGraph();
  const input = graph.input("audio", [1, "samples"]);
  const direct = await nodeRuntime.load(
    writeModel(toModel(graph, { mel: logMel(input, options), cepstrum: mfcc(input, options) })),
  );
  const audio = goldenSound();
  const { mel, cepstrum } = await direct.run({ audio: audio as never });
  const got = await (await nodeRuntime.load(evidenceModel())).run({ audio: audio as never });
  const frames = mel!.shape[2]!;
  const byFrame = (data: Float32Array, t: number, row: number) => data[row * frames + t]!;
  for (const [name, rows, expected] of [
    ["log_mel", 64, (t: number, row: number) => byFrame(mel!.data as Float32Array, t, row)],
    ["mfcc", 20, (t: number, row: number) => (cepstrum!.data as Float32Array)[t * 20 + row]!],
  ] as const) {
    expect(got[name]!.shape).toEqual([frames, rows]);
    for (let row = 0; row < rows; row++) {
      for (let t = 0; t < frames; t++) {
        expect((got[name]!.data as Float32Array)[t * rows + row]).toBeCloseTo(expected(t, row), 2);
      }
    }
  }
});

test("its metadata say where the bands lie: rising, at the tips of the mel triangles", () => {
  const { hertz, ...rest } = JSON.parse(readModel(evidenceModel()).metadata["undertone.features"]!);
  expect(rest).toEqual({ sampleRate: 16_000, hopSamples: 256, windowSamples: 512 });
  expect(hertz.length).toBe(64);
  // Slaney's scale is linear below 1 kHz: the bands' tips lie evenly.
  const step = hertz[1] - hertz[0];
  for (let i = 1; hertz[i] < 950; i++) expect(hertz[i] - hertz[i - 1]).toBeCloseTo(step, 0);
  expect(hertz.at(-1)).toBeLessThan(8_000);
});
