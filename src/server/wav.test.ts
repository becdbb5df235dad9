// Tests of WAV as it is served: the header, and that every range is a part of the whole.
import fc from "fast-check";
import { expect, test } from "vitest";
import { openPcm, readAll } from "../audio/index.ts";
import { HEADER_BYTES, wavBytes, wavHeader, wavSamples } from "./wav.ts";

const sound = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i / 7) * 1.2);

async function* blocks(length: number) {
  for (let at = 0; at < sound.length; at += length) yield sound.subarray(at, at + length);
}

async function bytes(samples: number, range: { start: number; end: number }, block = 300): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of wavBytes(blocks(block), samples, range)) parts.push(part);
  return Buffer.concat(parts);
}

test("a reader of WAV has the sound again, cut off at full scale", async () => {
  const whole = await bytes(1000, { start: 0, end: HEADER_BYTES + 1999 });
  expect(whole.length).toBe(HEADER_BYTES + 2000);
  const read = async (offset: number, length: number) => whole.subarray(offset, offset + length);
  const raw = await openPcm({ size: whole.length, read }, { sampleRate: 16_000, close: async () => {} });
  const heard = await readAll(raw!.blocks);
  expect(heard.length).toBe(1000);
  for (const [i, value] of heard.entries())
    expect(Math.abs(value - Math.max(-1, Math.min(1, sound[i]!)))).toBeLessThan(1e-4);
});

test("any range of any blocks is that part of the whole", async () => {
  const whole = Buffer.concat([wavHeader(1000), wavSamples(sound)]);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.nat(whole.length - 1),
      fc.integer({ min: 1, max: 1200 }),
      async (a, b, block) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(await bytes(1000, { start, end }, block)).toEqual(whole.subarray(start, end + 1));
      },
    ),
  );
});

test("what was promised and is not there is silence; what was not promised is left out", async () => {
  const longer = await bytes(1500, { start: 0, end: HEADER_BYTES + 2999 });
  expect(longer.length).toBe(HEADER_BYTES + 3000);
  expect(longer.subarray(HEADER_BYTES + 2000).every((byte) => byte === 0)).toBe(true);
  const shorter = await bytes(10, { start: 0, end: HEADER_BYTES + 19 });
  expect(shorter.length).toBe(HEADER_BYTES + 20);
});

test("a header of a length that is not known says so", () => {
  expect(wavHeader(null).readUInt32LE(40)).toBe(0xffff_ffff);
  expect(wavHeader(2 ** 33).readUInt32LE(4)).toBe(0xffff_ffff);
});
