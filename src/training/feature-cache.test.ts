// What is kept of a clip comes back as it was, and only for what it was computed from.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FeatureCache } from "./feature-cache.ts";

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "undertone-cache-"));
  clip = join(folder, "a.wav");
  await writeFile(clip, "sound");
});
afterAll(() => rm(folder, { recursive: true }));

const variants = [
  { features: Float32Array.of(1, 2.5, -3, 4), frames: 2 },
  { features: Float32Array.of(0.1, 0.2), frames: 1 },
];

test("what was written is read, number by number", async () => {
  const cache = new FeatureCache(join(folder, "cache"), "these");
  expect(await cache.read(clip)).toBe(null);
  await cache.write(clip, variants);
  expect(await cache.read(clip)).toEqual(variants);
});

test("other features, or another clip under the same name, are not there", async () => {
  const cache = new FeatureCache(join(folder, "cache"), "these");
  await cache.write(clip, variants);
  expect(await new FeatureCache(join(folder, "cache"), "others").read(clip)).toBe(null);
  await writeFile(clip, "another sound");
  expect(await cache.read(clip)).toBe(null);
});

test("a file cut off anywhere but between speeds is none: by a full disk or a lost write, say", async () => {
  const place = join(folder, "half");
  const cache = new FeatureCache(place, "these");
  await cache.write(clip, variants);
  const [inner] = await readdir(place);
  const [file, ...more] = await readdir(join(place, inner!));
  expect(more).toEqual([]);
  const whole = await readFile(join(place, inner!, file!));
  const first = 8 + 4 * variants[0]!.features.length;
  for (let length = 0; length < whole.length; length++) {
    if (length === first) continue;
    await writeFile(join(place, inner!, file!), whole.subarray(0, length));
    expect(await cache.read(clip)).toBe(null);
  }
});
