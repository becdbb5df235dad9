// Tests that the sound which is measured is the sound that was meant.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decodeFile } from "../audio/index.node.ts";
import { repeated, SAMPLE_RATE, writeMinutes, writeWav } from "./sound.ts";

const folder = mkdtempSync(join(tmpdir(), "undertone-sound-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tone = Float32Array.from(
  { length: SAMPLE_RATE },
  (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE),
);

test("a sound is repeated, and cut, to so many samples", () => {
  expect([...repeated(Float32Array.of(1, 2, 3), 7)]).toEqual([1, 2, 3, 1, 2, 3, 1]);
  expect([...repeated(Float32Array.of(1, 2, 3), 2)]).toEqual([1, 2]);
});

test("a WAV file holds the repetitions, to 16 bits", async () => {
  const path = join(folder, "tone.wav");
  await writeWav(path, tone, 3);
  const read = await decodeFile(path);
  expect(read).toHaveLength(3 * SAMPLE_RATE);
  for (const i of [0, 9, 100, 15_999, 16_009, 47_000]) {
    expect(Math.abs(read[i]! - tone[i % SAMPLE_RATE]!)).toBeLessThan(2 ** -14);
  }
});

test("every file that is written lasts so many minutes; what cannot be written is named", {
  timeout: 60_000,
}, async () => {
  const missing: string[] = [];
  const files = await writeMinutes(folder, repeated(tone, 60 * SAMPLE_RATE), 2, (why) => missing.push(why));
  expect(files.length + missing.length).toBe(3);
  for (const { format, path } of files) {
    const seconds = (await decodeFile(path)).length / SAMPLE_RATE;
    expect(Math.abs(seconds - 120), format).toBeLessThan(0.5);
  }
});
