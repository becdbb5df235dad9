// Tests of what is kept of a clip: its features, at every speed or as it is, and in a cache.
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { TINY_RECIPE } from "../../test/support/tiny-recipe.ts";
import { closeDecoders } from "../audio/index.node.ts";
import { featureWidth } from "../models/index.ts";
import { type Clip, readCorpora } from "./corpora/index.ts";
import { type LoadOptions, loadDataset } from "./dataset.ts";

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

const load = (changes: Partial<LoadOptions> = {}) =>
  loadDataset(clips, { frontEnd, speeds: [1, 2], cache: null, ...changes });

test("a clip is heard as it is and at each other speed", async () => {
  const { utterances, leftOut } = await load();
  expect(leftOut).toEqual([]);
  expect(utterances.map(({ clip }) => clip)).toEqual(clips);
  for (const { variants } of utterances) {
    const [own, fast] = variants;
    expect(variants).toHaveLength(2);
    expect(own!.features.length).toBe(own!.frames * featureWidth(frontEnd));
    expect(Math.abs(own!.frames - 2 * fast!.frames)).toBeLessThanOrEqual(2);
  }
});

test("or only as it is", async () => {
  const whole = await load();
  const { utterances } = await load({ asItIs: true });
  utterances.forEach(({ variants }, i) => {
    expect(variants).toEqual(whole.utterances[i]!.variants.slice(0, 1));
  });
});

test.each([0, 0.4, 0.999])(
  "clips stay in their order wherever a cache begins to be filled: at %f",
  async (place) => {
    const random = vi.spyOn(Math, "random").mockReturnValue(place);
    // The second of them is not there.
    const asked = clips.map((clip, i) => (i === 1 ? { ...clip, path: join(dir, "gone.wav") } : clip));
    const { utterances, leftOut } = await loadDataset(asked, {
      ...{ frontEnd, speeds: [1], cache: join(dir, `begun at ${place}`) },
    });
    random.mockRestore();
    expect(utterances.map(({ clip }) => clip)).toEqual(asked.filter((_, i) => i !== 1));
    expect(leftOut.map(({ clip }) => clip)).toEqual([asked[1]]);
  },
);

test("a cache keeps all of it, whatever was asked for: the next call decodes nothing, other speeds do", async () => {
  const cache = join(dir, "cache");
  const { utterances } = await load();
  const then = new Date(0);
  for (const { path } of clips) utimesSync(path, then, then);
  await load({ cache, asItIs: true });
  for (const { path } of clips) {
    writeFileSync(path, new Uint8Array(statSync(path).size));
    utimesSync(path, then, then);
  }
  expect((await load({ cache })).utterances).toEqual(utterances);
  const { leftOut } = await load({ cache, speeds: [3] });
  expect(leftOut.map(({ clip }) => clip)).toEqual(clips);
});
