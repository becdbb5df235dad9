// Tests that what was recorded is a WAV file which the service's own reader reads.
import { expect, test } from "vitest";
import { openPcm } from "../../../src/audio/index.ts";
import { levelOf, meterShare } from "./level.ts";
import { Recorder } from "./wav.ts";

test("every sample comes back, and what is beyond full scale is cut", async () => {
  const recorder = new Recorder(16_000);
  recorder.add(Float32Array.of(0, 0.5, -0.5));
  recorder.add(Float32Array.of(2, -2, 0.25));
  expect(recorder.seconds).toBeCloseTo(6 / 16_000, 9);
  const bytes = new Uint8Array(await recorder.file("a.wav").arrayBuffer());
  const read = await openPcm(
    { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) },
    { sampleRate: 16_000 },
  );
  expect(read).toMatchObject({ sourceRate: 16_000, channels: 1 });
  const samples: number[] = [];
  for await (const block of read!.blocks) samples.push(...block);
  expect(samples).toHaveLength(6);
  for (const [i, expected] of [0, 0.5, -0.5, 1, -1, 0.25].entries())
    expect(samples[i]).toBeCloseTo(expected, 3);
});

test("a sine of full scale is 3 dB below it, silence is at the floor", () => {
  const sine = Float32Array.from({ length: 1600 }, (_, i) => Math.sin((2 * Math.PI * i) / 16));
  expect(levelOf(sine)).toBeCloseTo(-3.01, 2);
  expect(levelOf(new Float32Array(320))).toBe(-100);
  expect([-100, -60, -30, 0, 3].map(meterShare)).toEqual([0, 0, 0.5, 1, 1]);
});
