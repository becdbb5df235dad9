// Tests of what is kept of a clip: features, and what a teacher says, which is here one that counts its calls.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { TINY_RECIPE } from "../../test/support/tiny-recipe.ts";
import { closeDecoders } from "../audio/index.node.ts";
import { featureWidth } from "../models/index.ts";
import { type Clip, readCorpora } from "./corpora/index.ts";
import { type LoadOptions, loadDataset } from "./dataset.ts";
import type { Teacher } from "./teachers/index.ts";

const { frontEnd } = TINY_RECIPE.architecture;
const dir = mkdtempSync(join(tmpdir(), "undertone-dataset-"));
let clips: Clip[];
beforeAll(async () => {
  writeTinyCorpus(join(dir, "tess"), 1, ["angry", "sad"]);
  clips = (await readCorpora(dir)).clips;
});
afterAll(async () => {
  await closeDecoders();
  rmSync(dir, { recursive: true });
});

let heard = 0;
/** Says of each sound how many thousand samples it has, and twice as much, in one frame. */
const teacher: Teacher = {
  id: "counts",
  hear: async (audio) => {
    heard++;
    return Float16Array.of(audio.length / 1000, audio.length / 500);
  },
  close: async () => {},
};
const load = (changes: Partial<LoadOptions> = {}) =>
  loadDataset(clips, { frontEnd, speeds: [1, 2], teacher, cache: null, ...changes });

test("without a word of it: all that the teacher says, of the clip as it is and at each other speed", async () => {
  const { utterances, leftOut } = await load();
  expect(leftOut).toEqual([]);
  expect(utterances.map(({ clip }) => clip)).toEqual(clips);
  for (const { variants } of utterances) {
    const [own, fast] = variants;
    expect(variants).toHaveLength(2);
    expect(own!.features.length).toBe(own!.frames * featureWidth(frontEnd));
    expect(own!.said![0]! / fast!.said![0]!).toBeCloseTo(2, 1);
    for (const one of variants) expect(one).not.toHaveProperty("taught");
  }
});

test("scaled to bytes, in place of what was said", async () => {
  const [whole, { utterances }] = [
    await load(),
    await load({ kept: { mean: Float32Array.of(0, 0), spread: Float32Array.of(100, 200) } }),
  ];
  utterances.forEach(({ variants }, i) => {
    variants.forEach((one, k) => {
      const before = whole.utterances[i]!.variants[k]!;
      expect(one).not.toHaveProperty("said");
      expect(one.features).toEqual(before.features);
      const byte = Math.round(128 + (32 * before.said![0]!) / 100);
      expect([...one.taught!]).toEqual([byte, byte]);
    });
  });
});

test("only the features of the clip as it is", async () => {
  const { utterances } = await load({ kept: "features" });
  for (const { variants } of utterances) {
    expect(variants.map((one) => Object.keys(one).sort())).toEqual([["features", "frames"]]);
  }
});

test("a cache keeps what was said, whatever was asked for: the next call hears nothing, another teacher all", async () => {
  const cache = join(dir, "cache");
  await load({ cache, kept: "features" });
  heard = 0;
  const { utterances } = await load({ cache });
  expect(heard).toBe(0);
  expect(utterances).toEqual((await load()).utterances);
  heard = 0;
  await load({ cache, teacher: { ...teacher, id: "another" } });
  expect(heard).toBe(2 * clips.length);
});
