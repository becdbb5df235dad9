// Tests of a whole run, in this process: what it learns, what it writes, and that it is the same twice.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/allclose.ts";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { TINY_RECIPE } from "../../test/support/tiny-recipe.ts";
import { closeDecoders, decodeFile } from "../audio/index.node.ts";
import { tessCnn, tessLstm } from "../models/index.ts";
import { loadRecognizer } from "../recognizer/index.node.ts";
import { fitTemperature, softmax } from "./calibration.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type Clip, CorpusError, readCorpora } from "./corpora/index.ts";
import { StoppedError, type TrainOptions } from "./learn.ts";
import type { Recipe } from "./recipe.ts";
import { RunError, RunFolder } from "./run-folder.ts";
import { randomSplit, type Split, unseenSpeaker } from "./splits.ts";
import { type TrainResult, train } from "./train.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
let clips: Clip[] = [];
let split: Split;

beforeAll(async () => {
  writeTinyCorpus(join(dir, "tess"), 20);
  clips = (await readCorpora(dir)).clips;
  split = randomSplit(clips, { seed: 1 });
});
afterAll(async () => {
  await closeDecoders();
  rmSync(dir, { recursive: true });
});

let runs = 0;
function run(changes: Partial<TrainOptions> = {}): Promise<TrainResult> {
  const recipe = changes.recipe ?? TINY_RECIPE;
  return train({
    ...{ recipe, split, problems: [], out: join(dir, `run ${++runs}`), epochs: recipe.epochs },
    ...{ workers: 2, seed: 1, resume: false, command: "undertone train tiny", version: "0", commit: "c" },
    ...changes,
  });
}

/** All numbers that a run has learnt and goes on with, as digests: of a million numbers a test shows no difference. */
function tensorsOf(folder: string): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const [file, names] of [
    ["last", ["parameters", "buffers", "first", "second", "average"]],
    ["best", ["parameters", "buffers", "logits"]],
  ] as const) {
    const { tensors } = readCheckpoint(join(folder, "checkpoints", `${file}.safetensors`), names);
    for (const name of names) {
      digests[`${file} ${name}`] = createHash("sha256").update(tensors[name]).digest("hex");
    }
  }
  return digests;
}

/** Stops a run once an epoch is done. */
function stopAfter(epoch: number): Pick<TrainOptions, "signal" | "onEpoch"> {
  const stop = new AbortController();
  return {
    signal: stop.signal,
    onEpoch: (record) => {
      if (record.epoch === epoch) stop.abort();
    },
  };
}

describe("a run", () => {
  let result: TrainResult;
  beforeAll(async () => {
    result = await run();
  });

  test("learns: clips that it never heard are answered rightly, and its card says so", () => {
    expect(result.test?.clips).toBe(32);
    expect(result.test?.wa).toBeGreaterThan(0.9);
    expect(result.history[0]!.trainLoss).toBeGreaterThan(2 * result.history.at(-1)!.trainLoss);
    expect(result.card.scores).toMatchObject([
      { protocol: "random split", corpus: "tess", clips: 32, wa: result.test?.wa },
    ]);
    expect(result.card.corpora).toMatchObject([
      { name: "tess", clips: 128, voices: ["tess/OAF", "tess/YAF"] },
    ]);
  });

  test("keeps the epoch of the highest validation accuracy; of equals, the last", () => {
    const { history, folder } = result;
    const top = Math.max(...history.map(({ validationAccuracy }) => validationAccuracy!));
    const equals = history.filter(({ validationAccuracy }) => validationAccuracy === top);
    expect(equals.length).toBeGreaterThan(1);
    expect(new RunFolder(folder).readBest().epoch).toBe(equals.at(-1)!.epoch);
    expect(history.findLast(({ best }) => best)).toBe(equals.at(-1));
  });

  test("says what stands on both sides, and nothing of voices where the voice is new", async () => {
    expect(result.card.scores[0]!.warnings.join()).toMatch(/2 speakers stand on both sides/);
    const options = { split: unseenSpeaker(clips, "tess/YAF", { seed: 1 }), epochs: 1 };
    const { warnings, heldOut } = (await run(options)).card.scores[0]!;
    expect(heldOut).toBe("tess/YAF");
    // Both say the same words: that is said too.
    expect(warnings).toEqual([expect.stringMatching(/^20 sentences stand on both sides/)]);
    const others = options.split.test.map((clip) => ({ ...clip, sentence: `other ${clip.sentence}` }));
    const apart = await run({ ...options, split: { ...options.split, test: others } });
    expect(apart.card.scores[0]!.warnings).toEqual([]);
  });

  test("writes config, history, scores, card and a report; nothing unfinished stays", () => {
    const { folder, history, report } = result;
    expect(readdirSync(folder).sort()).toEqual([
      ...["card.md", "checkpoints", "config.json", "evaluation.json", "history.json", "model.onnx"],
      "report.html",
    ]);
    expect(readdirSync(join(folder, "checkpoints")).sort()).toEqual(["best.safetensors", "last.safetensors"]);
    const json = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    expect(json("history.json")).toEqual(history);
    expect(json("config.json")).toMatchObject({
      ...{ recipe: "tiny", seed: 1, epochs: 12, workers: 2, protocol: "random split" },
      clips: { train: 116, validation: 12, test: 32 },
    });
    expect(json("evaluation.json")).toMatchObject({
      ...{ validation: result.validation, test: result.test },
      warnings: [expect.stringMatching(/speakers/), expect.stringMatching(/sentences/)],
    });
    expect(readFileSync(report, "utf8")).toContain("2 speakers stand on both sides");
    expect(readFileSync(join(folder, "card.md"), "utf8")).toContain("random split");
  });

  test("has a folder to itself: another run is refused, and so is going on with other settings", async () => {
    const out = result.folder;
    const before = tensorsOf(out);
    await expect(run({ out })).rejects.toThrow(/holds a run already; add --resume/);
    for (const [changes, message] of [
      [{ seed: 2 }, "--seed 1, this call has 2"],
      [{ epochs: 5 }, "--epochs 12, this call has 5"],
      [{ workers: 1 }, "--workers 2, this call has 1"],
      [{ split: { ...split, train: split.train.slice(1) } }, "other data: 116 + 12 + 32 clips"],
      [{ split: { ...split, heldOut: "nobody" } }, "held out 32 clips at random, this call has nobody"],
    ] as const) {
      const going = run({ out, resume: true, ...changes });
      await expect(going).rejects.toThrow(message);
      await expect(going).rejects.toBeInstanceOf(RunError);
    }
    expect(tensorsOf(out)).toEqual(before);
  });

  test("that is done can be resumed: nothing is trained again, and the model is the same", async () => {
    const before = readFileSync(result.model);
    const again = await run({ out: result.folder, resume: true });
    expect(again.history).toEqual(result.history);
    expect(readFileSync(again.model).equals(before)).toBe(true);
  });
});

describe("the exported file", () => {
  const small = { batchSize: 16, schedule: { peak: 1e-3 } };
  test.each<[string, Recipe, number]>([
    ["tiny", TINY_RECIPE, 6],
    ["tess-lstm", { ...TINY_RECIPE, ...small, name: "tess-lstm", architecture: tessLstm }, 2],
    ["tess-cnn", { ...TINY_RECIPE, ...small, name: "tess-cnn", architecture: tessCnn }, 2],
  ])("answers as the network of %s did in training", async (_, recipe, epochs) => {
    const { model, folder, validation } = await run({ recipe, epochs, split: { ...split, test: [] } });
    const { logits } = new RunFolder(folder).readBest();
    const rows = split.validation.map((_, i) => logits.slice(4 * i, 4 * i + 4));
    const targets = split.validation.map(({ emotion }) => recipe.emotions.indexOf(emotion));
    const temperature = fitTemperature(rows, targets);
    const sounds = await Promise.all(split.validation.map(({ path }) => decodeFile(path)));
    const recognizer = await loadRecognizer(model);
    const answers = await recognizer.classify(sounds);
    await recognizer.dispose();
    answers.forEach(({ probabilities }, i) => {
      expectClose(probabilities, softmax(rows[i]!, temperature), { atol: 1e-4 });
    });
    const right = answers.filter(
      ({ probabilities: p }, i) => p.indexOf(Math.max(...p)) === targets[i],
    ).length;
    expect(right / answers.length).toBe(validation.wa);
  });
});

describe("the same weights, bit for bit", () => {
  /** Everything that draws random numbers or keeps a state of its own. */
  const recipe: Recipe = {
    ...TINY_RECIPE,
    architecture: tessLstm,
    batchSize: 32,
    optimizer: { kind: "adamw", weightDecay: 0.01, clipNorm: 5, averageDecay: 0.9 },
    augmentation: {
      speeds: [1, 0.9, 1.1],
      timeMasks: { count: 1, share: 0.2 },
      bandMasks: { count: 1, bands: 4 },
    },
    epochs: 4,
  };
  let whole: TrainResult;
  beforeAll(async () => {
    whole = await run({ recipe });
  });

  test("from the same seed and as many workers; others from another seed", async () => {
    const again = await run({ recipe });
    expect(tensorsOf(again.folder)).toEqual(tensorsOf(whole.folder));
    expect(readFileSync(again.model).equals(readFileSync(whole.model))).toBe(true);
    const other = await run({ recipe, seed: 2 });
    const key = "last parameters";
    expect(tensorsOf(other.folder)[key]).not.toBe(tensorsOf(whole.folder)[key]);
  });

  test("from a run that was stopped in its midst and resumed", async () => {
    const out = join(dir, "stopped");
    const first = await run({ recipe, out, ...stopAfter(2) });
    expect(first).toMatchObject({ interrupted: true, test: null });
    expect(first.history.length).toBe(2);
    expect(existsSync(first.model)).toBe(true);
    const second = await run({ recipe, out, resume: true });
    expect(second.interrupted).toBe(false);
    expect(tensorsOf(out)).toEqual(tensorsOf(whole.folder));
    expect(readFileSync(second.model).equals(readFileSync(whole.model))).toBe(true);
  });

  test("whatever the test part is: it is never looked at", async () => {
    const broken = join(dir, "broken.wav");
    writeFileSync(broken, "no sound, but words\n");
    const test = split.test.map((clip) => ({ ...clip, path: broken }));
    const blind = await run({ recipe, split: { ...split, test } });
    expect(tensorsOf(blind.folder)).toEqual(tensorsOf(whole.folder));
    expect(blind.test).toBe(null);
    expect(blind.leftOut.length).toBe(32);
    expect(blind.validation).toEqual(whole.validation);
  });
});

describe("clips that cannot be heard", () => {
  const spoilt = (part: readonly Clip[], text = "no sound, but words\n") =>
    part.map((clip, i) => {
      const path = join(dir, `spoilt ${i}.wav`);
      writeFileSync(path, text);
      return { ...clip, path };
    });

  test("are named with the reason, in the result and in the report; the others are learnt from", async () => {
    const [bad, gone] = [spoilt(split.train.slice(0, 1)), split.validation.slice(0, 1)];
    const changed: Split = {
      ...split,
      train: [...bad, ...split.train.slice(1)],
      validation: [{ ...gone[0]!, path: join(dir, "gone.wav") }, ...split.validation.slice(1)],
    };
    const { leftOut, validation, report } = await run({ split: changed, epochs: 1 });
    expect(leftOut.map(({ clip }) => clip.file)).toEqual([bad[0]!.file, gone[0]!.file]);
    expect(leftOut[1]!.reason).toContain("does not exist");
    expect(validation.clips).toBe(11);
    const page = readFileSync(report, "utf8");
    for (const { clip } of leftOut) expect(page).toContain(clip.file);
  });

  test("too few that can: what is left is counted, and one of the others is named", async () => {
    const none = run({ split: { ...split, train: spoilt(split.train), test: [] }, epochs: 1 });
    await expect(none).rejects.toBeInstanceOf(CorpusError);
    await expect(none).rejects.toThrow(
      /0 of 0 emotions are left to learn from.*such as tess\/OAF_.*\.wav: /s,
    );
    const unchosen = run({ split: { ...split, validation: spoilt(split.validation) }, epochs: 1 });
    await expect(unchosen).rejects.toThrow(/0 to choose the epoch/);
  });
});

describe("a run that is stopped before its first epoch is done", () => {
  test("while clips are decoded, or while it learns: it says so and leaves nothing half done", async () => {
    for (const when of ["onDecode", "onStep"] as const) {
      const stop = new AbortController();
      const out = join(dir, `stopped ${when}`);
      const stopped = run({ out, signal: stop.signal, [when]: () => stop.abort() });
      await expect(stopped).rejects.toBeInstanceOf(StoppedError);
      expect(readdirSync(out)).toEqual(["config.json"]);
      // Nothing is lost, so nothing need be resumed.
      expect((await run({ out, epochs: 1 })).history.length).toBe(1);
    }
  });

  test("an error of another kind is not taken for the stop", async () => {
    const stop = new AbortController();
    const failing = run({
      signal: stop.signal,
      onEpoch: () => {
        stop.abort();
        throw new Error("something else");
      },
    });
    await expect(failing).rejects.toThrow("something else");
  });
});
