// Tests of the codecs: what comes back is the sound, at the same place, as few bits as was asked.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { syllables } from "../../test/support/tiny-model.ts";
import { closeDecoders } from "../audio/index.node.ts";
import { CODECS, encoderOf, libraryEncoder, programEncoder, throughFile } from "./codecs.ts";

const folder = mkdtempSync(join(tmpdir(), "undertone-"));
afterAll(async () => {
  await closeDecoders();
  rmSync(folder, { recursive: true });
});

const SECONDS = 3;
const clip = syllables(SECONDS, 0.02);

describe.each([
  ["node-av", libraryEncoder],
  ["ffmpeg", programEncoder],
])("by %s", (_, by) => {
  test.each(CODECS)("$name", async (codec) => {
    const encode = await by(codec);
    // Not every machine has both.
    if ("missing" in encode) return;
    const heard = await throughFile(encode, codec, clip, folder);
    expect(heard.length).toBe(clip.length);
    expect(heard).not.toEqual(clip);
    const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
    const like = product(clip, heard) / Math.sqrt(product(clip, clip) * product(heard, heard));
    expect(like).toBeGreaterThan(0.9);
    const bits = (8 * statSync(join(folder, `sound.${codec.extension}`)).size) / SECONDS;
    expect(bits / codec.bitsPerSecond).toBeGreaterThan(0.6);
    expect(bits / codec.bitsPerSecond).toBeLessThan(1.4);
    expect(await throughFile(encode, codec, clip, folder)).toEqual(heard);
  });
});

test("an encoder that is nowhere is named, with where it was looked for", async () => {
  const found = await encoderOf({ ...CODECS[0]!, encoder: "libnone" });
  expect(found).toEqual({ missing: expect.stringMatching(/node-av .*, and .*ffmpeg/) });
});
