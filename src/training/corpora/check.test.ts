import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { closeDecoders } from "../../audio/index.node.ts";
import { checkCorpora } from "./check.ts";
import { readCorpora } from "./read.ts";

afterAll(closeDecoders);

const RATE = 16_000;
const tone = (seconds: number, hertz: number, level = 0.5) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / RATE));

/** A mono WAV file: 16-bit integers, or 32-bit floats. */
function wav(samples: Float32Array, format: "int16" | "float32" = "int16"): Buffer {
  const bytes = format === "int16" ? 2 : 4;
  const out = Buffer.alloc(44 + samples.length * bytes);
  out.write("RIFF");
  out.writeUInt32LE(36 + samples.length * bytes, 4);
  out.write("WAVEfmt ", 8);
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(format === "int16" ? 1 : 3, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(RATE, 24);
  out.writeUInt32LE(RATE * bytes, 28);
  out.writeUInt16LE(bytes, 32);
  out.writeUInt16LE(8 * bytes, 34);
  out.write("data", 36);
  out.writeUInt32LE(samples.length * bytes, 40);
  samples.forEach((sample, i) => {
    // In both, the same 16 bits of sound.
    const value = Math.round(sample * 32767);
    if (format === "int16") out.writeInt16LE(value, 44 + 2 * i);
    else out.writeFloatLE(value / 32768, 44 + 4 * i);
  });
  return out;
}

async function folder(files: Record<string, Buffer | string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "undertone-check-"));
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), content);
  }
  return dir;
}

test("what does not decode, is too short or silent, and the same sound in another form, is named", async () => {
  const dir = await folder({
    "sad/good.wav": wav(tone(1.5, 200)),
    "sad/same-as-floats.wav": wav(tone(1.5, 200), "float32"),
    "sad/short.wav": wav(tone(0.1, 300)),
    "angry/good.wav": wav(tone(1, 400)),
    "angry/silent.wav": wav(tone(1, 400, 0.00002)),
    "angry/renamed.wav": "this is a letter, no sound",
    "angry/empty.wav": "",
  });
  const seen: number[] = [];
  const { clips, corpora, problems } = await checkCorpora(dir, {
    onProgress: ({ done, total }) => {
      seen.push(done);
      expect(total).toBe(6);
    },
  });
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(clips.map(({ file, seconds }) => [file, seconds])).toEqual([
    ["angry/good.wav", 1],
    ["sad/good.wav", 1.5],
  ]);
  expect(problems.map(({ file, kind, used }) => [file, kind, used])).toEqual([
    ["angry/empty.wav", "undecodable", false],
    ["angry/renamed.wav", "undecodable", false],
    ["angry/silent.wav", "silent", false],
    ["sad/same-as-floats.wav", "duplicate", false],
    ["sad/short.wav", "too-short", false],
  ]);
  expect(problems[3]!.message).toBe("is the same recording as sad/good.wav");
  expect(problems[4]!.message).toBe("lasts 0.100 s, expected 0.25 s");
  expect(corpora).toMatchObject([{ clips: 2, seconds: 2.5, emotions: { angry: 1, sad: 1 } }]);
  await rm(dir, { recursive: true });
});

test("a check that is given up ends with the reason", async () => {
  const dir = await folder({ "sad/good.wav": wav(tone(1, 200)) });
  await expect(checkCorpora(dir, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
  await rm(dir, { recursive: true });
});

const data = new URL("../../../../shared/data/tess/", import.meta.url).pathname;

test.skipIf(!existsSync(data))(
  "real clips decode, and their seconds are the manifest's (needs ../shared/data)",
  async () => {
    const dir = await folder({});
    const { clips: all } = await readCorpora(data);
    const some = all.filter((_, i) => i % 70 === 0);
    for (const { file, path } of some) await symlink(path, join(dir, file));
    const { clips, problems } = await checkCorpora(dir);
    expect(problems).toEqual([]);
    expect(clips).toHaveLength(32);
    clips.forEach((clip, i) => {
      expect(Math.abs(clip.seconds! - some[i]!.seconds!)).toBeLessThan(0.01);
    });
    await rm(dir, { recursive: true });
  },
);
