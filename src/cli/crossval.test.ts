// Tests of `undertone crossval` as a process: what each fold holds out, what is said of it, going on, the card.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start, undertone } from "../../test/support/command.ts";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const WORDS = 6;
beforeAll(() => {
  writeTinyCorpus(join(dir, "data", "tess"), WORDS);
});
afterAll(() => rmSync(dir, { recursive: true }));

const call = (by: string, ...more: string[]) => [
  ...["crossval", "tess-lstm", "--data", "data", "--by", by, "--epochs", "2", "--json", ...more],
];
const json = (path: string) => JSON.parse(readFileSync(join(dir, path), "utf8"));
const parsed = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test("by speaker: each fold is measured on all of a voice that it never heard, and the card can show it", async () => {
  const { code, stdout, stderr } = await undertone(call("speaker", "--out", "cv"), dir);
  expect(code).toBe(0);
  const [first, second, mean, ...more] = parsed(stdout);
  expect(more).toEqual([]);
  for (const [i, { held_out, clips, warnings, ...fold }] of [first, second].entries()) {
    const [other, voice] = i === 0 ? ["tess/YAF", "tess/OAF"] : ["tess/OAF", "tess/YAF"];
    expect({ held_out, clips, protocol: fold.protocol }).toEqual({
      ...{ held_out: voice, clips: 4 * WORDS, protocol: "unseen speaker" },
    });
    // The two say the same words; the voice itself stands on one side only.
    expect(warnings).toEqual([expect.stringMatching(/^6 sentences stand on both sides/)]);
    expect(stderr).toContain(`fold ${i + 1} of 2: unseen speaker, held out ${voice}: `);
    const folder = `cv/${i + 1}-tess-${voice.slice(5)}`;
    const { corpora, scores } = parsed(
      (await undertone(["card", `${folder}/model.onnx`, "--json"], dir)).stdout,
    )[0];
    expect(corpora).toMatchObject([{ clips: 4 * WORDS, voices: [other] }]);
    expect(json(`${folder}/evaluation.json`)).toMatchObject({ heldOut: voice, warnings, test: { clips } });
    expect(scores).toEqual([json("cv/scores.json").scores[i]]);
    const { train, validation, test: held } = json(`${folder}/config.json`).clips;
    expect([train + validation, held]).toEqual([4 * WORDS, 4 * WORDS]);
  }
  expect(mean).toMatchObject({ recipe: "tess-lstm", by: "speaker", folds: 2, seed: 1 });
  expect(mean.wa).toBeCloseTo((first.wa + second.wa) / 2, 3);
  expect(mean.wa_spread).toBeCloseTo(Math.abs(first.wa - second.wa) / Math.SQRT2, 3);

  const trained = ["train", "tess-lstm", "--data", "data", "--epochs", "1", "--out", "run"];
  expect((await undertone([...trained, "--scores", "cv/scores.json"], dir)).code).toBe(0);
  const card = (await undertone(["card", "run/model.onnx"], dir)).stdout;
  expect(card).toMatch(/^ +unseen speaker +tess\/OAF +tess +24 /m);
  expect(card).toMatch(/^ +unseen speaker +tess\/YAF +tess +24 /m);
  expect(readFileSync(join(dir, "run", "card.md"), "utf8")).toContain("unseen speaker");
});

test("at random and by word: what stands on both sides is said", async () => {
  const random = parsed((await undertone(call("random", "--out", "random", "--folds", "2"), dir)).stdout);
  expect(random.map(({ protocol }) => protocol)).toEqual(["random split", "random split", undefined]);
  expect(random[0].warnings).toEqual([
    expect.stringMatching(/^2 speakers stand on both sides .*: this is no score on unseen voices$/),
    expect.stringMatching(/sentences? stands? on both sides/),
  ]);
  expect(json("random/scores.json").scores[0]).toMatchObject({ corpus: "tess", clips: random[0].clips });
  const [word] = parsed((await undertone(call("word", "--out", "word"), dir)).stdout);
  expect(word).toMatchObject({ protocol: "unseen words" });
  expect(word.warnings).toEqual([expect.stringMatching(/^2 speakers stand on both sides/)]);
});

test("stopped and resumed: folds that are done are not trained again, and the result is the same", async () => {
  const whole = (await undertone(call("speaker", "--out", "whole"), dir)).stdout;
  const running = start(call("speaker", "--out", "stopped"), dir);
  await running.saying(/fold 2 of 2/);
  process.kill(running.pid, "SIGINT");
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toContain("stopped before the last fold was measured; the same call with --resume goes on");
  expect(readdirSync(join(dir, "stopped"))).not.toContain("scores.json");
  expect((await undertone(call("speaker", "--out", "stopped"), dir)).code).toBe(2);
  const resumed = await undertone(call("speaker", "--out", "stopped", "--resume"), dir);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toBe(whole);
  expect(resumed.stderr.split("fold 2 of 2")[0]).not.toContain("epoch 1/2");
});

test.each([
  ["by one corpus", ["--by", "corpus"], "there is tess alone, expected two corpora or more"],
  ["more folds than speakers", ["--by", "speaker", "--folds", "3"], "3 folds of 2 speakers"],
  ["by nothing", [], "--by"],
  ["by the weather", ["--by", "weather"], "Allowed choices are speaker, corpus, word, random"],
])("a wrong call, %s: 2", async (_, args, what) => {
  const words = ["crossval", "tess-lstm", "--data", "data", "--out", "wrong", ...args];
  const { code, stdout, stderr } = await undertone(words, dir);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(what);
  expect(readdirSync(dir)).not.toContain("wrong");
});
