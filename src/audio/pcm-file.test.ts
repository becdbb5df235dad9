// The built-in reader: every encoding to the sample, and headers that lie.

import { describe, expect, test } from "vitest";
import { openPcm } from "./pcm-file.ts";
import { audioStream, readAll } from "./stream.ts";
import { be, bytes, le, noise, raw, sourceOf, wav } from "./test-sounds.ts";

async function read(file: Uint8Array, sampleRate = 16000): Promise<number[] | undefined> {
  const pcm = await openPcm(sourceOf(file), { sampleRate });
  return pcm && Array.from(await readAll(audioStream(pcm, { name: "test.wav", sampleRate })));
}

const s16 = (...values: number[]) => raw(Int16Array.from(values));

describe("WAV encodings", () => {
  test.each([
    ["8 bit", { bits: 8 }, Uint8Array.of(0, 128, 192, 255), [-1, 0, 0.5, 127 / 128]],
    ["16 bit", { bits: 16 }, s16(-32768, 0, 16384, 32767), [-1, 0, 0.5, 32767 / 32768]],
    [
      "24 bit",
      { bits: 24 },
      Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 0, 0x40, 0xff, 0xff, 0xff),
      [-1, 0, 0.5, -(2 ** -23)],
    ],
    ["32 bit", { bits: 32 }, raw(Int32Array.of(-(2 ** 31), 0, 2 ** 30)), [-1, 0, 0.5]],
    ["float 32", { tag: 3, bits: 32 }, raw(Float32Array.of(-1.5, 0, 0.25)), [-1.5, 0, 0.25]],
    ["float 64", { tag: 3, bits: 64 }, raw(Float64Array.of(-1.5, 0, 0.25)), [-1.5, 0, 0.25]],
    // ITU-T G.711 tables 1a and 2a: the largest value, the smallest, and one between, of each sign.
    ["A-law", { tag: 6, bits: 8 }, Uint8Array.of(0xaa, 0x2a, 0xd5, 0x55), [32256, -32256, 8, -8].map(of16)],
    ["mu-law", { tag: 7, bits: 8 }, Uint8Array.of(0x80, 0x00, 0xff, 0x7f), [32124, -32124, 0, -0].map(of16)],
  ])("%s", async (_, format, data, expected) => {
    const got = await read(wav(data, format));
    expect(got).toHaveLength(expected.length);
    for (const [i, x] of (got ?? []).entries()) expect(x).toBeCloseTo(expected[i], 7);
  });

  function of16(value: number): number {
    return value / 32768;
  }

  test("channels are averaged", async () => {
    expect(await read(wav(s16(16384, 0, -16384, -16384), { channels: 2 }))).toEqual([0.25, -0.5]);
    const eight = s16(8192, 0, 0, 0, 0, 0, 0, 0);
    expect(await read(wav(eight, { channels: 8 }))).toEqual([0.25 / 8]);
  });

  test("extensible: the sub-format decides, the container says how wide", async () => {
    const guid = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    const format = [
      ...le(0xfffe, 2),
      ...le(1, 2),
      ...le(16000, 4),
      ...le(64000, 4),
      ...le(4, 2),
      ...le(32, 2),
    ];
    const extension = [...le(22, 2), ...le(20, 2), ...le(4, 4), ...guid];
    const data = raw(Int32Array.of(2 ** 30, -(2 ** 30)));
    const file = bytes(
      "RIFF",
      le(0, 4),
      "WAVE",
      "fmt ",
      le(40, 4),
      format,
      extension,
      "data",
      le(8, 4),
      data,
    );
    expect(await read(file)).toEqual([0.5, -0.5]);
  });

  test.each(["RF64", "BW64"])("%s: the size stands in ds64", async (container) => {
    const plain = wav(s16(16384, -16384, 8192), { promised: 0xffffffff });
    const ds64 = bytes("ds64", le(28, 4), le(100, 8), le(4, 8), le(2, 8), le(0, 4));
    const file = bytes(container, le(0xffffffff, 4), "WAVE", ds64, plain.subarray(12));
    expect(await read(file)).toEqual([0.5, -0.5]);
  });

  test("chunks before the samples are stepped over, odd lengths padded", async () => {
    const list = [...bytes("LIST", le(3, 4), [1, 2, 3, 0])];
    expect(await read(wav(s16(16384), { before: list }))).toEqual([0.5]);
  });

  test("what is no plain PCM is left to another decoder", async () => {
    expect(await read(wav(s16(1, 2), { tag: 0x11, bits: 4 }))).toBeUndefined();
    expect(await read(wav(s16(1, 2), { channels: 0 }))).toBeUndefined();
    expect(await read(wav(s16(1, 2), { rate: 4_000_000_000 }))).toBeUndefined();
    expect(await read(bytes("This is text, whatever its name says."))).toBeUndefined();
    expect(await read(bytes("RIFF"))).toBeUndefined();
    expect(await read(bytes("RIFF", le(4, 4), "WAVE"))).toBeUndefined();
  });
});

describe("headers that lie", () => {
  test.each([0, 0xffffffff, 4_000_000_000])("a data size of %i: what is there is read", async (promised) => {
    expect(await read(wav(s16(16384, -16384), { promised }))).toEqual([0.5, -0.5]);
  });

  test("a data size of 0 with a chunk behind it is an empty sound", async () => {
    const file = bytes(wav(new Uint8Array(0)), "LIST", le(4, 4), "abcd");
    await expect(read(file)).rejects.toMatchObject({ code: "empty-audio" });
  });

  test("no samples at all", async () => {
    const file = wav(new Uint8Array(0), { promised: 4_000_000_000 });
    await expect(read(file)).rejects.toMatchObject({
      code: "empty-audio",
      message: expect.stringContaining('"test.wav"'),
    });
  });

  test("a last sample that is cut in two is dropped", async () => {
    expect(await read(wav(Uint8Array.of(0, 0x40, 7)))).toEqual([0.5]);
  });
});

describe("numbers that are none", () => {
  test("are silence, and counted", async () => {
    const data = raw(Float32Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY, -1e30, -0.5));
    const pcm = await openPcm(sourceOf(wav(data, { tag: 3, bits: 32 })), { sampleRate: 16000 });
    const stream = audioStream(pcm!, { name: "nan.wav", sampleRate: 16000 });
    expect(Array.from(await readAll(stream))).toEqual([0.5, 0, 0, 0, -0.5]);
    expect(stream.nonFinite).toBe(3);
  });

  test("one does not poison the filter", async () => {
    const clean = new Float32Array(48000).map((_, i) => Math.sin(i / 20) / 2);
    const holed = clean.slice();
    holed[24000] = Number.NaN;
    const format = { tag: 3, bits: 32, rate: 48000 };
    const [a, b] = [await read(wav(raw(clean), format)), await read(wav(raw(holed), format))];
    const touched = b!.flatMap((x, i) => (x === a![i] ? [] : [i]));
    expect(touched.length).toBeGreaterThan(0);
    expect(touched[0]).toBeGreaterThan(8000 - 40);
    expect(touched.at(-1)).toBeLessThan(8000 + 40);
  });

  test("a file of nothing else is unreadable", async () => {
    const data = raw(new Float32Array(1000).fill(Number.NaN));
    await expect(read(wav(data, { tag: 3, bits: 32 }))).rejects.toMatchObject({
      code: "unreadable-audio",
      message: expect.stringContaining("1000 samples"),
    });
  });
});

describe("AIFF", () => {
  // 16,000 = 0x400C FA00 0000 0000 0000: exponent 13, mantissa 0xFA00 << 48.
  const rate = [0x40, 0x0c, 0xfa, 0, 0, 0, 0, 0, 0, 0];
  const common = (bits: number, kind = "") =>
    bytes("COMM", be(kind ? 22 : 18, 4), be(1, 2), be(2, 4), be(bits, 2), rate, kind);
  const sound = (data: Uint8Array, offset = 0) =>
    bytes("SSND", be(8 + offset + data.length, 4), be(offset, 4), be(0, 4), new Uint8Array(offset), data);
  const form = (kind: string, ...chunks: Uint8Array[]) => bytes("FORM", be(0, 4), kind, ...chunks);

  test.each([
    ["16 bit", form("AIFF", common(16), sound(bytes(be(0x4000, 2), be(0xc000, 2)))), [0.5, -0.5]],
    ["8 bit is signed", form("AIFF", common(8), sound(Uint8Array.of(0x40, 0xc0))), [0.5, -0.5]],
    ["24 bit", form("AIFF", common(24), sound(bytes(be(0x400000, 3), be(0xc00000, 3)))), [0.5, -0.5]],
    ["sound before format", form("AIFF", sound(bytes(be(0x4000, 2))), common(16)), [0.5]],
    ["an offset in the sound chunk", form("AIFF", common(16), sound(bytes(be(0x4000, 2)), 6)), [0.5]],
    ["sowt is little-endian", form("AIFC", common(16, "sowt"), sound(bytes(le(0x4000, 2)))), [0.5]],
    ["fl32", form("AIFC", common(32, "fl32"), sound(bytes([0x3e, 0x80, 0, 0]))), [0.25]],
    ["ulaw", form("AIFC", common(16, "ulaw"), sound(Uint8Array.of(0x80))), [32124 / 32768]],
  ])("%s", async (_, file, expected) => {
    expect(await read(file)).toEqual(expected);
  });

  test("a compression that is not ours is left to another decoder", async () => {
    expect(await read(form("AIFC", common(16, "ima4"), sound(new Uint8Array(34))))).toBeUndefined();
  });
});

test("a long file comes in blocks, and whole", async () => {
  const samples = noise(400_000);
  const pcm = await openPcm(sourceOf(wav(raw(samples), { tag: 3, bits: 32 })), { sampleRate: 16000 });
  const lengths: number[] = [];
  for await (const block of pcm!.blocks) lengths.push(block.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(16384);
  expect(await read(wav(raw(samples), { tag: 3, bits: 32 }))).toEqual(Array.from(samples));
});
