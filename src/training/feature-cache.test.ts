// What is kept of a clip comes back as it was, and only for what it was computed from.
import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
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

test("half a file is none", async () => {
  const place = join(folder, "half");
  const cache = new FeatureCache(place, "these");
  await cache.write(clip, variants);
  const [inner] = await readdir(place);
  const [file, ...more] = await readdir(join(place, inner!));
  expect(more).toEqual([]);
  await truncate(join(place, inner!, file!), 20);
  expect(await cache.read(clip)).toBe(null);
});
