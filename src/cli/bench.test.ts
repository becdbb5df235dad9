// Tests of `undertone bench`: its options, its lines, peers that are not there. Never of how fast anything is.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { tinyCard, tinyModel } from "../../test/support/tiny-model.ts";

test.each([
  ["a measurement that is none", ["speed"], "Allowed choices are step, mfcc, hour, memory"],
  ["no rounds", ["step", "--rounds", "0"], "--rounds"],
  ["no data", ["speech", "--data", "/nowhere"], '"/nowhere", does not exist'],
  ["a folder that is none", ["step", "--peers", "/nowhere"], '"/nowhere", does not exist'],
])("%s: 2, and what there is", async (_, args, what) => {
  const { code, stderr } = await undertone(["bench", ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(what);
});

test("one short round of the step alone: a line for the machine, and one for each engine", {
  timeout: 60_000,
}, async () => {
  const { code, stdout } = await undertone(
    ["bench", "step", "--rounds", "1", "--no-peers", "--json"],
    tmpdir(),
  );
  expect(code).toBe(0);
  const [machine, ...rows] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(machine).toMatchObject({ bench: "machine", node: process.versions.node });
  expect(machine.onnxruntime).toMatch(/^\d+\.\d+\.\d+$/);
  expect(rows).toHaveLength(machine.cores > 1 ? 4 : 2);
  const all = rows.at(-2);
  for (const row of rows) {
    expect(row).toMatchObject({ bench: "step", timing: { runs: 25 } });
    expect(row.timing.min).toBeGreaterThan(0);
    expect(row.timing.median).toBeGreaterThanOrEqual(row.timing.min);
    expect(row.toOurs.median).toBeCloseTo(row.timing.median / all.timing.median, 6);
  }
  expect(all).toMatchObject({ engine: "undertone", threads: machine.cores, toOurs: { median: 1, min: 1 } });
  expect(rows.at(-1)).toMatchObject({ engine: "its products alone", toFloor: { median: 1, min: 1 } });
});

test("librosa is not there: it is said how to get it, and ours is measured", {
  timeout: 60_000,
}, async () => {
  const { code, stdout, stderr } = await undertone([
    "bench",
    "mfcc",
    "--rounds",
    "1",
    "--python",
    "/no/python",
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain(
    "librosa is not installed. To measure against it: pip install librosa, with /no/python",
  );
  expect(stderr.match(/not installed/g)).toHaveLength(1);
  for (const clip of ["2 s", "10 s", "60 s"])
    expect(stdout).toMatch(new RegExp(`^  400/160 +${clip} +[\\d.]+ `, "m"));
});

describe("conditions", () => {
  const dir = mkdtempSync(join(tmpdir(), "undertone-"));
  afterAll(() => rmSync(dir, { recursive: true }));
  const model = (name: string, voices: string[]) => {
    const tess = { name: "tess", licence: "none", speakers: 1, clips: 4, languages: ["en"], voices };
    writeFileSync(join(dir, name), tinyModel(tinyCard({ corpora: [tess] })));
    return name;
  };
  beforeAll(() => {
    writeTinyCorpus(join(dir, "data", "tess"), 2);
    model("one.onnx", ["tess/OAF"]);
    model("all.onnx", ["tess/OAF", "tess/YAF"]);
  });

  test("JSON: the machine, a line for each condition, two for the time", async () => {
    const args = ["one.onnx", "--data", "data", "--clips", "5", "--seed", "2", "--json"];
    const { code, stdout } = await undertone(["bench", "conditions", ...args], dir);
    expect(code).toBe(0);
    const [here, ...rows] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(here).toMatchObject({ bench: "machine" });
    const conditions = rows.filter(({ bench }) => bench === "conditions");
    expect(conditions[0]).toMatchObject({ condition: "clean", models: 1, clips: 5, lossPoints: 0 });
    expect(conditions.at(-1)).toMatchObject({ condition: "level +20 dB", clips: 5 });
    for (const { uar, lossPoints } of conditions)
      expect(lossPoints).toBeCloseTo(100 * (conditions[0].uar - uar), 9);
    expect(rows.slice(conditions.length)).toMatchObject([
      { bench: "analyze", model: "tiny@1", detector: true, runs: 50, ms: expect.any(Number) },
      { bench: "analyze", model: "tiny@1", detector: false, runs: 50, ms: expect.any(Number) },
    ]);
  });

  test("voices: one whom nobody has clips enough of is no measurement, and it says why", async () => {
    const { code, stderr } = await undertone(["bench", "voice", "one.onnx", "--data", "data"], dir);
    expect(code).toBe(2);
    expect(stderr).toContain("no speaker that they never heard has 16 clips and 8 others");
  });

  test.each([
    ["no unseen voice", ["all.onnx", "--data", "data"], "16 of voices it was trained on"],
    ["no data", ["one.onnx", "--data", "nowhere"], 'Data folder "nowhere": there is none'],
    ["no model", ["none.onnx", "--data", "data"], 'Model "none.onnx" does not exist'],
    ["no folder named", ["one.onnx"], "--data"],
    ["no clips wanted", ["one.onnx", "--data", "data", "--clips", "0"], "--clips"],
  ])("%s: 2, and what there is", async (_, args, what) => {
    const { code, stderr } = await undertone(["bench", "conditions", ...args], dir);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
  });
});
