// Tests of a run that learns from a teacher: what it needs, what it leaves, and that its encoder serves others. Runs with
// the teacher's weights where they are.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { TINY_EMOTIONS, writeTinyCorpus } from "../../../test/support/tiny-corpus.ts";
import { closeDecoders, decodeFile } from "../../audio/index.node.ts";
import { parameterPlaces, totalSize } from "../../nn/index.ts";
import { loadRecognizer } from "../../recognizer/index.node.ts";
import { type Clip, CorpusError, readCorpora } from "../corpora/index.ts";
import { findLeaksOfModel } from "../leaks.ts";
import { StoppedError, type TrainOptions } from "../learn.ts";
import type { Recipe, Tuning } from "../recipe.ts";
import { universalRecipe } from "../recipes/universal.ts";
import { RunError, RunFolder } from "../run-folder.ts";
import { type Split, unseenSpeaker } from "../splits.ts";
import { type TrainResult, train } from "../train.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../../../shared/teacher/whisper-base-encoder-4.safetensors", import.meta.url),
);
const there = existsSync(WEIGHTS);

const recipe: Recipe = {
  ...universalRecipe,
  ...{ epochs: 1, epochClips: 8, batchSize: 4, augmentation: { speeds: [1], crop: 0.64 } },
  emotions: TINY_EMOTIONS,
};

const tuning: Tuning = {
  ...{ epochs: 2, batchSize: 4, labelSmoothing: 0.1, teacher: 1, augmentation: recipe.augmentation },
  schedule: { peak: 1e-3, warmupSteps: 1, shape: "constant" },
};

const dir = mkdtempSync(join(tmpdir(), "undertone-taught-"));
let clips: Clip[];
let split: Split;
beforeAll(async () => {
  writeTinyCorpus(join(dir, "tess"), 3);
  clips = (await readCorpora(dir)).clips;
  split = unseenSpeaker(clips, "tess/YAF", { seed: 1 });
});
afterAll(async () => {
  await closeDecoders();
  rmSync(dir, { recursive: true });
});

let runs = 0;
function run(changes: Partial<TrainOptions> = {}): Promise<TrainResult> {
  return train({
    ...{ recipe, split, problems: [], out: join(dir, `run ${++runs}`), epochs: 1, workers: 1, seed: 1 },
    ...{ resume: false, command: "undertone train universal", version: "0", commit: "c" },
    ...{ teacher: WEIGHTS, cache: join(dir, "cache") },
    ...changes,
  });
}

test("without a teacher it says which option names one, and leaves nothing to resume", async () => {
  const out = join(dir, "untaught");
  const learning = run({ teacher: undefined, out });
  await expect(learning).rejects.toBeInstanceOf(CorpusError);
  await expect(learning).rejects.toThrow(/universal learns from a teacher: .* --teacher FILE\.safetensors/);
  expect(existsSync(join(out, "encoder"))).toBe(false);
});

test("where nobody teaches, labels alone do: no weights are asked for, and none of an encoder are kept", async () => {
  const untaught = await run({ recipe: { ...recipe, teacher: "none", tuning }, teacher: undefined });
  expect(untaught.history.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(untaught.parts).toMatchObject([{ corpus: "tess", byAllClips: { clips: 12 } }]);
  expect(readdirSync(join(untaught.folder, "encoder"))).toEqual(["embeddings"]);
});

test("where nobody teaches, a run that is there is refused too; its card tells of what labels were shown of, no more", async () => {
  const untaught: Recipe = { ...recipe, teacher: "none" };
  const strange = { folder: join(dir, "untaught encoder"), clips: elsewhere(), uses: clips };
  const { card, folder } = await run({ recipe: untaught, teacher: undefined, encoder: strange });
  expect(card.corpora.map(({ name }) => name)).toEqual(["tess"]);
  await expect(run({ recipe: untaught, teacher: undefined, out: folder })).rejects.toThrow(
    /holds a run already; add --resume/,
  );
});

/** The clips as if they were another corpus's, of other voices. */
function elsewhere(): Clip[] {
  return clips.map((clip) => ({
    ...clip,
    corpus: "elsewhere",
    speaker: clip.speaker.replace("tess", "elsewhere"),
  }));
}

const name = `a run with a teacher${there ? "" : " (not run: ../shared/teacher is not here)"}`;
describe.skipIf(!there)(name, () => {
  let result: TrainResult;
  beforeAll(async () => {
    result = await run();
  });
  const encoder = () => ({
    ...{ folder: join(result.folder, "encoder"), clips: split.train },
    uses: [...split.train, ...split.validation],
  });

  test("leaves a model that is measured, with voices calibrated too, and that knows what is usual", () => {
    expect(result.interrupted).toBe(false);
    expect(result.test?.clips).toBe(12);
    expect(result.parts).toMatchObject([{ corpus: "tess", byAllClips: { clips: 12 } }]);
    expect(result.card).toMatchObject({ name: "universal", usual: { limit: expect.any(Number) } });
    expect(result.card.scores[0]).toMatchObject({
      protocol: "unseen speaker",
      heldOut: "tess/YAF",
      clips: 12,
    });
    expect(result.leftOut).toEqual([]);
    // What only learning needs is in no model file.
    const network = recipe.architecture.network(recipe.emotions.length);
    const used = parameterPlaces(network).filter(({ path }) => !path.startsWith("said."));
    expect(result.card.parameters).toBe(totalSize(used));
  });

  test("reports its loss, and no accuracy that it has not", () => {
    expect(result.history).toMatchObject([{ epoch: 1, trainAccuracy: null, validationAccuracy: null }]);
    const page = readFileSync(result.report, "utf8");
    expect(page).toContain("training: ");
    expect(page).not.toMatch(/NaN|Accuracy and mean recall/);
  });

  test("once judged by the validation voices, the heads in the file have learnt from them too", async () => {
    // What only they say no head knows that has not learnt from them.
    const only = split.validation.find(({ emotion }) => emotion === "sad")!;
    const train = split.train.filter(({ emotion }) => emotion !== "sad");
    const other = await run({ split: { ...split, train }, encoder: encoder() });
    expect(other.validation.recall.sad).toBe(0);
    const recognizer = await loadRecognizer(other.model);
    const [answer] = await recognizer.classify([await decodeFile(only.path)]);
    await recognizer.dispose();
    const { probabilities } = answer!;
    expect(recipe.emotions[probabilities.indexOf(Math.max(...probabilities))]).toBe("sad");
  });

  test("is resumed without training: the same model, byte for byte", async () => {
    const before = readFileSync(result.model);
    const onStep = vi.fn();
    const again = await run({ out: result.folder, resume: true, onStep });
    expect(onStep).not.toHaveBeenCalled();
    expect(readFileSync(again.model).equals(before)).toBe(true);
  });

  test("has a folder to itself: another run is refused, and so is an encoder that somebody else has taught", async () => {
    const before = readFileSync(result.model);
    const [out, other] = [result.folder, join(dir, "other.safetensors")];
    writeFileSync(other, "weights of somebody else");
    await expect(run({ out })).rejects.toThrow(/holds a run already; add --resume/);
    const going = run({ out, resume: true, teacher: other });
    await expect(going).rejects.toBeInstanceOf(RunError);
    await expect(going).rejects.toThrow(/has another teacher \(hash .*choose another --out/);
    expect(readFileSync(result.model).equals(before)).toBe(true);
  });

  test("tells in its card of all voices that it knows, each corpus once: of those that only the encoder has heard too", async () => {
    const voices = ["tess/OAF"];
    const heard = [...split.train, ...split.validation].length;
    expect(result.card.corpora).toMatchObject([{ name: "tess", clips: heard, voices }]);
    const place = {
      folder: join(dir, "wide"),
      clips: [...elsewhere(), ...split.train],
      uses: encoder().uses,
    };
    const wide = await run({ encoder: place });
    expect(wide.card.corpora).toMatchObject([
      { name: "tess", clips: heard, voices },
      { name: "elsewhere", clips: clips.length, voices: ["elsewhere/OAF", "elsewhere/YAF"] },
    ]);
    expect(findLeaksOfModel(wide.card, elsewhere())).toEqual([
      expect.stringMatching(/^2 speakers stand on both sides/),
    ]);
  });

  test("takes an encoder that is there, for other classes: only its heads are fitted anew", async () => {
    const emotions = ["angry", "sad"] as const;
    const of = (part: readonly Clip[]) =>
      part.filter(({ emotion }) => emotions.some((one) => one === emotion));
    const fewer = {
      ...split,
      train: of(split.train),
      validation: of(split.validation),
      test: of(split.test),
    };
    const onStep = vi.fn();
    const other = await run({ recipe: { ...recipe, emotions }, split: fewer, encoder: encoder(), onStep });
    expect(onStep).not.toHaveBeenCalled();
    expect(existsSync(join(other.folder, "encoder"))).toBe(false);
    const { folder } = encoder();
    expect(other.history).toEqual(new RunFolder(folder).open(configOf(folder), true)!.history);
    expect(other.card.emotions).toEqual(emotions);
    expect(other.test?.clips).toBe(fewer.test.length);
  });

  describe("tuned", () => {
    const tuned = (changes: Partial<TrainOptions>) =>
      run({ recipe: { ...recipe, tuning }, encoder: encoder(), ...changes });
    let whole: TrainResult;
    beforeAll(async () => {
      whole = await tuned({});
    });

    test("goes on from the same encoder, which stays as it is, and makes another model of it", () => {
      const history = whole.history.map(({ epoch, trainAccuracy }) => [epoch, trainAccuracy === null]);
      expect(history).toEqual([
        [1, true],
        [1, false],
        [2, false],
      ]);
      const weights = (folder: string) => new RunFolder(folder).readBest().weights.parameters;
      const [before, after] = [weights(encoder().folder), weights(join(whole.folder, "tuning"))];
      expect(after.length).toBe(before.length);
      expect(Buffer.from(after.buffer).equals(Buffer.from(before.buffer))).toBe(false);
      expect(whole.card.parameters).toBe(result.card.parameters);
      expect(whole.parts).toMatchObject([{ corpus: "tess", byAllClips: { clips: 12 } }]);
    });

    test("is the same, byte for byte, if it is stopped on the way and goes on", async () => {
      const stop = new AbortController();
      const out = join(dir, "stopped while tuning");
      const stopped = tuned({ out, signal: stop.signal, onEpoch: () => stop.abort() });
      await expect(stopped).rejects.toBeInstanceOf(StoppedError);
      expect(new RunFolder(join(out, "tuning")).readBest().epoch).toBe(1);
      const again = await tuned({ out, resume: true });
      expect(readFileSync(again.model).equals(readFileSync(whole.model))).toBe(true);
    });
  });

  test("that is stopped has no model, and says how to go on", async () => {
    const stop = new AbortController();
    const out = join(dir, "stopped");
    const stopped = run({ out, signal: stop.signal, onStep: () => stop.abort() });
    await expect(stopped).rejects.toBeInstanceOf(StoppedError);
    await expect(stopped).rejects.toThrow(/what is done is kept, and --resume goes on/);
    expect(existsSync(join(out, "model.onnx"))).toBe(false);
  });
});

function configOf(folder: string) {
  return JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
}
