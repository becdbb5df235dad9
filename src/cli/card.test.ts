// Tests of `undertone card`: what people read of a card, and the card itself.
import { mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";
import { tinyCard, tinyModel } from "../../test/support/tiny-model.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const recall = Object.fromEntries(tinyCard().emotions.map((emotion, i) => [emotion, 0.4 + i / 10]));
const card = tinyCard({
  parameters: 123_456,
  licence: "CC0",
  training: { command: "undertone train tiny", commit: "abc1234", seed: 7 },
  corpora: [{ name: "tess", licence: "CC BY-NC-ND 4.0", speakers: 2, clips: 2240, languages: ["en"] }],
  scores: [
    {
      ...{
        protocol: "unseen speaker",
        heldOut: "tess/YAF",
        corpus: "tess",
        clips: 1120,
        wa: 0.5427,
        uar: 0.7,
      },
      ...{
        recall,
        low: 0.51,
        high: 0.575,
        ece: 0.3123,
        warnings: ["The checkpoint was chosen on the test side."],
      },
    },
  ],
});
writeFileSync(join(dir, "with.onnx"), tinyModel(card));
const usual = { mean: new Array(7).fill(0), spread: new Array(7).fill(1), limit: 2.125 };
writeFileSync(join(dir, "usual.onnx"), tinyModel(tinyCard({ usual })));
writeFileSync(join(dir, "without.onnx"), tinyModel(null));

test("for people: the score stands behind its protocol and what was held out, its warning below it", async () => {
  const { code, stdout } = await undertone(["card", "with.onnx"], dir);
  expect(code).toBe(0);
  const rows = stdout.split("\n");
  const head = rows.findIndex((row) => row.includes("protocol"));
  expect(rows[head]!.split(/ {2,}/).slice(1)).toEqual([
    "protocol",
    "held out",
    "corpus",
    "clips",
    "WA",
    "95 %",
    "UAR",
    "ECE",
    ...tinyCard().emotions,
  ]);
  expect(rows[head + 1]!.split(/ {2,}/).slice(1)).toEqual([
    "unseen speaker",
    "tess/YAF",
    "tess",
    "1120",
    "54.27 %",
    "51.0-57.5",
    "70.00 %",
    "0.312",
    ..."40 50 60 70 80 90 100".split(" "),
  ]);
  expect(rows[head + 2]).toContain("! The checkpoint was chosen on the test side.");
  for (const what of [
    "123,456",
    "CC0",
    "undertone train tiny",
    "commit abc1234, seed 7",
    "uncertain below 50 %",
  ]) {
    expect(stdout).toContain(what);
  }
  expect(stdout).toContain("tess: 2240 clips, 2 speakers, en; CC BY-NC-ND 4.0");
  expect(stdout.replaceAll("\n", " ")).toContain(card.notice);
});

test("as JSON: the card itself", async () => {
  const { stdout } = await undertone(["card", "with.onnx", "--json"], dir);
  expect(JSON.parse(stdout)).toEqual(card);
});

test("where it stops answering is one line, and none where the card does not say it", async () => {
  const line = /^ {2}unlike beyond +2\.125 spreads from what it was trained on$/m;
  expect((await undertone(["card", "usual.onnx"], dir)).stdout).toMatch(line);
  expect((await undertone(["card", "with.onnx"], dir)).stdout).not.toContain("unlike beyond");
});

test("a model without a card says that all of it is unknown", async () => {
  const { code, stdout } = await undertone(["card", "without.onnx"], dir);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^without\n/);
  for (const fact of [
    "version",
    "features",
    "network",
    "parameters",
    "trained by",
    "licence",
    "uncertain below",
  ]) {
    expect(stdout).toMatch(new RegExp(`^  ${fact} +unknown$`, "m"));
  }
  expect(stdout).toMatch(/Trained on\n {2}unknown\n/);
  expect(stdout).toMatch(/Scores\n {2}unknown/);
});

test("a file that is none, and one that is not there, end with 2", async () => {
  writeFileSync(join(dir, "text.onnx"), "words");
  expect(await undertone(["card", "text.onnx"], dir)).toMatchObject({ code: 2, stdout: "" });
  expect(await undertone(["card", "none.onnx"], dir)).toMatchObject({ code: 2, stdout: "" });
});

test("a model that ships is known by its name; a file of that name comes first, a folder does not", async () => {
  const place = mkdtempSync(join(tmpdir(), "undertone-"));
  const name = async () => JSON.parse((await undertone(["card", "tess-lstm", "--json"], place)).stdout).name;
  expect(await name()).toBe("tess-lstm");
  mkdirSync(join(place, "tess-lstm"));
  expect(await name()).toBe("tess-lstm");
  rmdirSync(join(place, "tess-lstm"));
  writeFileSync(join(place, "tess-lstm"), tinyModel());
  expect(await name()).toBe("tiny");
});
