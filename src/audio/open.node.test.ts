// Every format, by every decoder that is here, to the same sound: the files are made by test/audio/make.sh.

import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasFfmpeg } from "./ffmpeg-command.node.ts";
import { closeDecoders, type DecoderName, decodeFile, openAudio } from "./index.node.ts";
import { fitTone } from "./test-sounds.ts";

const folder = fileURLToPath(new URL("../../test/audio/", import.meta.url));
const hasNodeAv = (() => {
  try {
    return Boolean(createRequire(import.meta.url).resolve("node-av/lib"));
  } catch {
    return false;
  }
})();

/** File, its rate, its channels, how clean its tone must be (dB), and whether our own reader takes it. */
const files: [name: string, rate: number, channels: number, snr: number, own: boolean][] = [
  ["pcm-u8.wav", 8000, 1, 35, true],
  ["pcm-s16.wav", 16000, 1, 75, true],
  ["pcm-s24-extensible.wav", 8000, 1, 75, true],
  ["pcm-s32.wav", 8000, 1, 75, true],
  ["float32.wav", 8000, 1, 75, true],
  ["float64.wav", 8000, 1, 75, true],
  ["alaw.wav", 8000, 1, 30, true],
  ["mulaw.wav", 8000, 1, 30, true],
  ["rf64.wav", 8000, 1, 75, true],
  ["adpcm.wav", 8000, 1, 20, false],
  ["pcm-s16.aiff", 11025, 2, 75, true],
  ["pcm-s16-sowt.aifc", 8000, 1, 75, true],
  ["float32.aifc", 8000, 1, 75, true],
  ["mono.mp3", 44100, 1, 25, false],
  ["stereo.mp3", 22050, 2, 25, false],
  ["mono.flac", 16000, 1, 75, false],
  ["rate192k.flac", 192000, 1, 75, false],
  ["eight-channels.flac", 8000, 8, 75, false],
  ["vorbis.ogg", 44100, 1, 20, false],
  ["opus.opus", 48000, 1, 20, false],
  ["aac.m4a", 44100, 1, 25, false],
  ["opus.webm", 48000, 2, 20, false],
  ["film.mp4", 44100, 1, 20, false],
  ["amr.amr", 8000, 1, 8, false],
];

const decoders: [DecoderName, boolean][] = [
  ["own", true],
  ["node-av", hasNodeAv],
  ["ffmpeg", hasFfmpeg()],
];

afterAll(() => closeDecoders());

describe.each(decoders)("by %s", (decoder, here) => {
  const mine = files.filter(([, , , , own]) => own || decoder !== "own");
  const note = here ? "" : ` (not run: ${decoder} is not on this machine)`;

  test.skipIf(!here).each(mine)(`%s${note}`, async (name, rate, channels, snr) => {
    const stream = await openAudio(join(folder, name), { decoder });
    expect([stream.sourceRate, stream.channels]).toEqual([rate, channels]);
    const samples = Float32Array.from((await Array.fromAsync(stream)).flatMap((block) => Array.from(block)));
    const seconds = name.startsWith("rate192k") ? 0.1 : 0.3;
    // Codecs that work in frames may end a frame late (2,041 samples in ADPCM); none may begin late (the tone's fit would show it).
    expect(samples.length / 16000).toBeGreaterThan(seconds - 0.005);
    expect(samples.length / 16000).toBeLessThan(seconds + (name === "adpcm.wav" ? 0.25 : 0.04));
    const inside = samples.subarray(800, Math.round((seconds - 0.04) * 16000));
    const tone = fitTone(inside, 440, 16000);
    expect(tone.snr).toBeGreaterThan(snr);
    expect(Math.abs(20 * Math.log10(tone.amplitude / 0.25))).toBeLessThan(name === "amr.amr" ? 3 : 0.6);
  });
});

describe.skipIf(!hasNodeAv)(`whichever can${hasNodeAv ? "" : " (not run: node-av is not installed)"}`, () => {
  test("our own reader and FFmpeg's agree to the bit on PCM", async () => {
    for (const [name] of files.filter(([, , , , own]) => own)) {
      const path = join(folder, name);
      const [a, b] = [
        await decodeFile(path, { decoder: "own" }),
        await decodeFile(path, { decoder: "node-av" }),
      ];
      expect(a.length, name).toBe(b.length);
      const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
      expect(worst, name).toBeLessThan(1e-6);
    }
  });

  test("the delay of the encoder is cut off: the tone begins where it began", async () => {
    const truth = await decodeFile(join(folder, "pcm-s16.wav"));
    for (const name of ["mono.mp3", "aac.m4a", "opus.opus", "opus.webm", "vorbis.ogg", "film.mp4"]) {
      const got = await decodeFile(join(folder, name));
      const error = got.subarray(0, 4000).map((x, i) => x - truth[i]);
      const power = truth.subarray(0, 4000).reduce((sum, x) => sum + x * x, 0);
      const left = error.reduce((sum, x) => sum + x * x, 0);
      expect(10 * Math.log10(power / left), name).toBeGreaterThan(10);
    }
  });

  test("another rate can be asked for", async () => {
    const samples = await decodeFile(join(folder, "mono.flac"), { sampleRate: 48000 });
    expect(samples.length).toBe(14400);
    expect(fitTone(samples.subarray(2000, 12000), 440, 48000).amplitude).toBeCloseTo(0.25, 3);
  });

  test("two hundred files at once come back each as itself", async () => {
    const names = ["opus.opus", "mono.flac", "pcm-u8.wav", "amr.amr"];
    const alone = await Promise.all(names.map((name) => decodeFile(join(folder, name))));
    const many = await Promise.all(
      Array.from({ length: 200 }, (_, i) => decodeFile(join(folder, names[i % names.length]))),
    );
    for (const [i, samples] of many.entries()) expect(samples).toEqual(alone[i % names.length]);
  });
});

describe("odd names", () => {
  let place = "";
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "undertone-names-"));
  });
  afterAll(() => rm(place, { recursive: true }));

  const names = [
    'it\'s "quoted"',
    "two\nlines",
    "Zoë 声音 🎙",
    "-i",
    "http:__x",
    "a:b",
    "100% %d %s",
    "file:x",
  ];
  const usable = decoders.filter(([name, here]) => here && name !== "own");
  test.each(names)("%j is read by every decoder", async (name) => {
    const path = join(place, `${name}.flac`);
    await copyFile(join(folder, "mono.flac"), path);
    expect(existsSync(path)).toBe(true);
    for (const [decoder] of usable) expect((await decodeFile(path, { decoder })).length).toBe(4800);
    await expect(decodeFile(path, { decoder: "own" })).rejects.toMatchObject({
      code: "decoder-missing",
      message: expect.stringContaining(JSON.stringify(path)),
    });
  });
});
