// Tests of `undertone corpora` as a process: what is known, what a folder holds, exit codes.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";
import { syllables } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";

/** A data folder of a person's own: two speakers, two emotions. */
function ownData(): string {
  const dir = mkdtempSync(join(tmpdir(), "undertone-"));
  const rows = ["path,emotion,speaker"];
  mkdirSync(join(dir, "mine"));
  for (const [i, [emotion, speaker]] of [
    ["happy", "ann"],
    ["sad", "ann"],
    ["sad", "bo"],
  ].entries()) {
    writeFileSync(join(dir, "mine", `${i}.wav`), wavBytes(syllables(1 + i, 0.01)));
    rows.push(`${i}.wav,${emotion},${speaker}`);
  }
  writeFileSync(join(dir, "mine", "manifest.csv"), `${rows.join("\n")}\n`);
  return dir;
}

test("what is known of each corpus: for people and as JSON", async () => {
  const { code, stdout } = await undertone(["corpora", "--json"]);
  expect(code).toBe(0);
  const infos = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(infos.map(({ name }) => name)).toContain("tess");
  const people = await undertone(["corpora"]);
  for (const { name, title, licence } of infos) {
    expect(people.stdout).toContain(`${name}  ${title}`);
    expect(people.stdout).toContain(`licence: ${licence}`);
  }
});

test("a clean folder: clips by speaker and emotion, 0", async () => {
  const dir = ownData();
  const { code, stdout, stderr } = await undertone(["corpora", "check", dir]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const table = stdout.split("\n").map((row) => row.trim().split(/ {2,}/));
  expect(table).toContainEqual(["speaker", "happy", "sad", "all"]);
  expect(table).toContainEqual(["mine/ann", "1", "1", "2"]);
  expect(table).toContainEqual(["mine/bo", "0", "1", "1"]);
  expect(table).toContainEqual(["all", "1", "2", "3"]);
  expect(stdout).toContain("3 clips of 1 corpus can be used; 0 files left out.");
});

test("a file that is left out is named with its reason, 1; in JSON too, wherever the option stands", async () => {
  const dir = ownData();
  writeFileSync(join(dir, "mine", "1.wav"), "words\nand more");
  const people = await undertone(["corpora", "check", dir]);
  expect(people.code).toBe(1);
  expect(people.stdout).toMatch(/^left out {2}mine\/1\.wav: .*\(undecodable\)$/m);
  for (const call of [
    ["corpora", "--json", "check", dir],
    ["corpora", "check", dir, "--json"],
  ]) {
    const { code, stdout } = await undertone(call);
    expect(code).toBe(1);
    const [{ corpus }, { problem }] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(corpus).toMatchObject({
      name: "mine",
      clips: 2,
      bySpeaker: { "mine/ann": { happy: 1 }, "mine/bo": { sad: 1 } },
    });
    expect(problem).toMatchObject({ file: "mine/1.wav", kind: "undecodable", used: false });
  }
});

test("what is no gender is named with its row and what to write, and the clip is used", async () => {
  const dir = ownData();
  const manifest = join(dir, "mine", "manifest.csv");
  writeFileSync(
    manifest,
    "path,emotion,speaker,gender\n0.wav,happy,ann,Female\n1.wav,sad,ann,\n2.wav,sad,bo,w\n",
  );
  const { code, stdout } = await undertone(["corpora", "check", dir]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^used {2}mine\/manifest\.csv: line 4: the gender "w" .* write F .* M .*\(gender\)$/m,
  );
  expect(stdout).toContain("3 clips of 1 corpus can be used; 0 files left out.");
  expect((await undertone(["help", "corpora"])).stdout).toMatch(
    /F \(or female,\s+woman\)\s+or\s+M\s+\(or\s+male,\s+man\)/,
  );
});

test("a folder per emotion: nobody is counted as a speaker", async () => {
  const dir = mkdtempSync(join(tmpdir(), "undertone-"));
  for (const [i, emotion] of ["happy", "sad"].entries()) {
    mkdirSync(join(dir, emotion));
    writeFileSync(join(dir, emotion, "a.wav"), wavBytes(syllables(1 + i, 0.01)));
  }
  const { code, stdout } = await undertone(["corpora", "check", dir]);
  expect(code).toBe(0);
  expect(stdout).toContain("known by folders: 2 clips, speakers not known, 0:03.0");
});

test("no such folder, or a file: 2", async () => {
  const dir = ownData();
  for (const path of [join(dir, "none"), join(dir, "mine", "0.wav")]) {
    const { code, stdout, stderr } = await undertone(["corpora", "check", path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toContain("--data");
  }
});

test("a folder without a clip that can be used: 2, and what a data folder looks like", async () => {
  const dir = mkdtempSync(join(tmpdir(), "undertone-"));
  writeFileSync(join(dir, "a.wav"), wavBytes(syllables(1, 0.01)));
  mkdirSync(join(dir, "empty"));
  for (const [path, json] of [
    [join(dir, "empty"), []],
    [dir, ["--json"]],
  ] as const) {
    const { code, stderr } = await undertone(["corpora", "check", path, ...json]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no clip in ".*" can be used\. A data folder .*manifest\.csv .*happy\//);
  }
});
