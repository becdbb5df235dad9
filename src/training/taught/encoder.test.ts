// Tests of encoders and of what they hear: when two are the same, and that nothing is done twice. Runs with the teacher's
// weights where they are.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expectClose } from "../../../test/support/allclose.ts";
import { writeTinyCorpus } from "../../../test/support/tiny-corpus.ts";
import { closeDecoders } from "../../audio/index.node.ts";
import { readCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import { type Clip, CorpusError, readCorpora } from "../corpora/index.ts";
import type { Recipe } from "../recipe.ts";
import { universalRecipe } from "../recipes/universal.ts";
import { type Embeddings, embeddingsFor, type HeardClip, viewsOf } from "./embeddings.ts";
import { type Encoder, type EncoderOptions, encoderHash, encoderKey, trainEncoder } from "./encoder.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../../../shared/teacher/whisper-base-encoder-4.safetensors", import.meta.url),
);
const there = existsSync(WEIGHTS);

const recipe: Recipe = {
  ...universalRecipe,
  ...{ epochs: 1, epochClips: 8, batchSize: 4 },
  augmentation: {
    ...{ speeds: [1], crop: 0.64 },
    acoustics: { noise: { often: 1, snr: [5, 5] } },
  },
};

/** What is heard in a view. */
const seen = ({ views }: HeardClip, view: string) => views[view]!;

const dir = mkdtempSync(join(tmpdir(), "undertone-encoder-"));
let clips: Clip[];
let options: EncoderOptions;
beforeAll(async () => {
  writeTinyCorpus(join(dir, "tess"), 1);
  clips = (await readCorpora(dir)).clips;
  options = {
    ...{ recipe, clips, seed: 1, epochs: 1, workers: 1, teacher: WEIGHTS },
    ...{ folder: join(dir, "encoder"), cache: join(dir, "cache") },
  };
});
afterAll(async () => {
  await closeDecoders();
  rmSync(dir, { recursive: true });
});

/** Of millions of numbers a test shows no difference. */
function digestOf({ weights }: Encoder): string {
  return createHash("sha256").update(weights.parameters).update(weights.buffers).digest("hex");
}

describe("its key", () => {
  const keyOf = (of: EncoderOptions) => encoderKey(encoderHash(of.recipe), of);

  test("is the same whatever the classes are: an encoder sees none", () => {
    const key = keyOf(options);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(keyOf({ ...options, recipe: { ...recipe, emotions: ["angry", "sad"] } })).toBe(key);
    const relabelled = clips.map((clip) => ({ ...clip, emotion: "sad" as const }));
    expect(keyOf({ ...options, clips: relabelled })).toBe(key);
  });

  test("is what it was: it takes hours to learn again what is not found", () => {
    const named = [{ file: "tess/a.wav" }, { file: "tess/b.wav" }].map((one) => ({ ...clips[0]!, ...one }));
    const key = encoderKey("hash", { clips: named, seed: 1, epochs: 2, workers: 3 });
    expect(key).toBe("254fe306f1fcc0b1");
    expect(
      encoderKey("hash", {
        clips: named.map((clip) => ({ ...clip, bytes: 1 })),
        seed: 1,
        epochs: 2,
        workers: 3,
      }),
    ).toBe(key);
  });

  test("is another where anything else is that decides its weights", () => {
    const changes: Partial<EncoderOptions>[] = [
      ...[{ seed: 2 }, { epochs: 2 }, { workers: 2 }, { clips: clips.slice(1) }],
      { recipe: { ...recipe, batchSize: 5 } },
    ];
    const keys = changes.map((change) => keyOf({ ...options, ...change }));
    expect(new Set([keyOf(options), ...keys]).size).toBe(1 + changes.length);
  });
});

const name = `an encoder${there ? "" : " (not run: ../shared/teacher is not here)"}`;
describe.skipIf(!there)(name, () => {
  let first: Encoder;
  beforeAll(async () => {
    first = await trainEncoder(options);
  });

  test("learns from a teacher: of labels, and of a validation, it tells nothing", () => {
    const [record] = first.history;
    expect(first.history).toHaveLength(1);
    expect(record).toMatchObject({
      ...{ epoch: 1, best: true, trainLoss: expect.any(Number), trainAccuracy: null },
      ...{ validationLoss: null, validationAccuracy: null, validationUar: null },
    });
    // Nothing is learnt yet, and what is to be said has a spread of 1.
    expect(record!.trainLoss).toBeGreaterThan(0.2);
    expect(record!.trainLoss).toBeLessThan(10);
    expect(first.leftOut).toEqual([]);
  });

  test("that is there is not trained again, and hears no clip: its weights are read", async () => {
    const [onStep, onDecode, onEpoch] = [vi.fn(), vi.fn(), vi.fn()];
    const again = await trainEncoder({ ...options, teacher: "nowhere", onStep, onDecode, onEpoch });
    for (const called of [onStep, onDecode, onEpoch]) expect(called).not.toHaveBeenCalled();
    expect(digestOf(again)).toBe(digestOf(first));
    expect(again.history).toEqual(first.history);
  });

  test("is the same, bit for bit, from the same clips, whatever their labels are", async () => {
    const relabelled = clips.map((clip, i) => ({
      ...clip,
      emotion: i % 2 ? ("fear" as const) : ("sad" as const),
    }));
    const emotions = ["fear", "sad"] as const;
    const other = await trainEncoder({
      ...{ ...options, clips: relabelled, recipe: { ...recipe, emotions }, folder: join(dir, "relabelled") },
    });
    expect(digestOf(other)).toBe(digestOf(first));
  });

  test("keeps what the teacher said in the cache, and where there is none nowhere", async () => {
    expect(existsSync(join(dir, "cache", "said"))).toBe(true);
    const folder = join(dir, "uncached");
    const other = await trainEncoder({ ...options, cache: undefined, folder });
    expect(digestOf(other)).toBe(digestOf(first));
    expect(existsSync(join(folder, "said"))).toBe(false);
  });

  test("of clips that nobody can hear is none: one of them is named", async () => {
    const gone = clips.map((clip) => ({ ...clip, path: join(dir, "gone.wav") }));
    const learning = trainEncoder({ ...options, clips: gone, folder: join(dir, "gone") });
    await expect(learning).rejects.toBeInstanceOf(CorpusError);
    await expect(learning).rejects.toThrow(
      /none of the 8 clips .* can be heard, such as tess\/.*does not exist/,
    );
  });

  describe("what it hears", () => {
    /** All that it is asked about, and a clip that is not there. */
    const uses = () => [...clips, { ...clips[0]!, file: "tess/gone.wav", path: join(dir, "gone.wav") }];
    const place = () => ({ folder: options.folder, clips, uses: uses() });
    let heard: Embeddings;
    /** The files that are kept at a place. */
    const keptAt = ({ folder }: { folder: string }) =>
      readdirSync(join(folder, "embeddings"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".safetensors"))
        .map((name) => join(folder, "embeddings", name));
    beforeAll(async () => {
      heard = await embeddingsFor(place(), { ...options, weights: first.weights });
    });

    test("is an embedding of each clip in each view; what cannot be heard is named", () => {
      expect(heard.heard.map(({ clip }) => clip)).toEqual(clips);
      const width = recipe.architecture.voice!.embedding;
      expect(viewsOf(recipe)).toEqual(["clean", "elsewhere", "another", "at 0.87", "at 1.15"]);
      for (const { clean, views } of heard.heard) {
        expect(Object.keys(views)).toEqual(viewsOf(recipe));
        expect(views.clean).toEqual(clean);
        const all = Object.values(views);
        for (const one of all) {
          expect(one.length).toBe(width);
          expect(one.every(Number.isFinite)).toBe(true);
        }
        // No two of them are the same.
        expect(new Set(all.map((one) => one.join())).size).toBe(all.length);
      }
      expect(heard.leftOut).toEqual([
        {
          clip: expect.objectContaining({ file: "tess/gone.wav" }),
          reason: expect.stringContaining("not exist"),
        },
      ]);
    });

    test("is kept beside it: the second time neither teacher nor cache nor sounds are needed", async () => {
      const before = heard.heard[3]!;
      const away = { ...options, teacher: "nowhere", cache: undefined, weights: first.weights };
      const moved = place();
      const again = await embeddingsFor(
        { ...moved, uses: moved.uses.map((clip) => ({ ...clip, path: "nowhere" })) },
        away,
      );
      expect(again.heard[3]!.views).toEqual(before.views);
      expect(again.heard).toHaveLength(8);
      expect(again.leftOut).toEqual([
        { clip: expect.objectContaining({ file: "tess/gone.wav" }), reason: heard.leftOut[0]!.reason },
      ]);
    });

    test("is kept apart for recipes whose heads hear other views: one takes nothing from the other", async () => {
      const apart = { ...place(), folder: join(dir, "apart") };
      const asked = { ...options, weights: first.weights };
      await embeddingsFor(apart, asked);
      const [own] = keptAt(apart);
      const before = statSync(own!).mtimeMs;
      await embeddingsFor(apart, { ...asked, recipe: { ...recipe, views: { speeds: [1.15] } } });
      await embeddingsFor(apart, asked);
      expect(keptAt(apart)).toHaveLength(2);
      expect(statSync(own!).mtimeMs).toBe(before);
    });

    test("is heard anew where the encoder beside it is another: one that was trained again, say", async () => {
      const weights = { ...first.weights, parameters: first.weights.parameters.map((value) => value * 0.9) };
      const other = await embeddingsFor(place(), { ...options, weights });
      expect(other.heard[3]!.clean).not.toEqual(heard.heard[3]!.clean);
    });

    test("is heard anew where it would be recorded elsewhere otherwise", async () => {
      const louder = { noise: { often: 1, snr: [0, 0] as const } };
      const other = { ...recipe, augmentation: { ...recipe.augmentation, acoustics: louder } };
      const again = await embeddingsFor(place(), { ...options, recipe: other, weights: first.weights });
      expectClose(again.heard[3]!.clean, heard.heard[3]!.clean, { atol: 1e-6 });
      expect(seen(again.heard[3]!, "elsewhere")).not.toEqual(seen(heard.heard[3]!, "elsewhere"));
    });

    test("is heard anew where files of the same names are others, of those asked about or of those behind them", async () => {
      const asked = { ...options, weights: first.weights };
      const before = await embeddingsFor({ ...place(), uses: clips }, asked);
      const [one, ...rest] = clips;
      // As in another data folder: another sound under the name of the first.
      const { path, bytes } = { path: rest[0]!.path, bytes: one!.bytes! + 1 };
      const other = [{ ...one!, path, bytes }, ...rest];
      const after = await embeddingsFor({ ...place(), uses: other }, asked);
      expect(after.heard[0]!.clip.path).toBe(path);
      expectClose(after.heard[0]!.clean, before.heard[1]!.clean, { atol: 1e-3 });
      const behind = await embeddingsFor({ ...place(), uses: clips, clips: other.slice(0, 2) }, asked);
      expectClose(behind.heard[3]!.clean, before.heard[3]!.clean, { atol: 1e-6 });
      const elsewhere = ({ heard }: Embeddings) => heard.map((clip) => [...seen(clip, "elsewhere")]);
      expect(elsewhere(behind)).not.toEqual(elsewhere(before));
    });

    test("is from no other throat and in no other haste where the recipe is less these", async () => {
      const less = { ...recipe, views: { speeds: [1.15] } };
      const again = await embeddingsFor(place(), { ...options, recipe: less, weights: first.weights });
      for (const { clean, views } of again.heard) {
        expect(Object.keys(views)).toEqual(["clean", "elsewhere", "another", "at 1.15"]);
        expectClose(views.another!, clean, { atol: 1e-6 });
        expect(views.elsewhere).not.toEqual(clean);
      }
    });

    test("is heard anew where other clips are asked about", async () => {
      const some = { ...place(), uses: clips.slice(2, 4) };
      const { heard: two } = await embeddingsFor(some, { ...options, weights: first.weights });
      expect(two.map(({ clip }) => clip)).toEqual(clips.slice(2, 4));
      // The same of each, recorded in the same places: what else is heard changes nothing.
      two.forEach((one, i) => {
        for (const view of viewsOf(recipe)) {
          expectClose(seen(one, view), seen(heard.heard[2 + i]!, view), { atol: 1e-3 });
        }
      });
    });

    test("is kept by corpus: one that is asked about beside another leaves that as it was", async () => {
      const rest = clips.slice(4).map((clip) => ({ ...clip, corpus: "my own/../voices" }));
      const known = clips.slice(0, 4);
      const asked = { ...options, weights: first.weights };
      const corpora = { ...place(), folder: join(dir, "corpora") };
      const before = await embeddingsFor({ ...corpora, uses: known }, asked);
      const away = known.map((clip) => ({ ...clip, path: "nowhere" }));
      const both = await embeddingsFor({ ...corpora, uses: [...away, ...rest] }, asked);
      expect(both.leftOut).toEqual([]);
      expect(both.heard.map(({ clip }) => clip)).toEqual([...away, ...rest]);
      before.heard.forEach((one, i) => {
        expect(both.heard[i]!.views).toEqual(one.views);
      });
      expect(keptAt(corpora)).toHaveLength(2);
    });

    test("is heard anew where what is kept of before lacks a view, or is damaged", async () => {
      const damaged = { ...place(), folder: join(dir, "damaged") };
      await embeddingsFor(damaged, { ...options, weights: first.weights });
      const path = keptAt(damaged)[0]!;
      const { tensors, metadata } = readCheckpoint(path, ["clean", "elsewhere"]);
      const spoil = [
        () => writeCheckpoint(path, { tensors, metadata }),
        () => writeFileSync(path, readFileSync(path).subarray(0, 1000)),
      ];
      for (const spoiled of spoil) {
        spoiled();
        const again = await embeddingsFor(damaged, { ...options, weights: first.weights });
        expectClose(seen(again.heard[3]!, "another"), seen(heard.heard[3]!, "another"), { atol: 1e-6 });
      }
    });
  });
});
