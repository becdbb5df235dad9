// Tests of `undertone crossval --protocol` as a process: the table, what is not repeated, going on after every kind of end.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { start, undertone } from "../../test/support/command.ts";
import { TINY_EMOTIONS, tinySound, writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { wavBytes } from "../../test/support/wav.ts";
import { parseCard, unknownCard } from "../speech/index.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const WORDS = 10;
beforeAll(() => {
  writeTinyCorpus(join(dir, "data", "tess"), WORDS);
});
afterAll(() => rmSync(dir, { recursive: true }));

const call = (...more: string[]) => [
  ...["crossval", "tess-lstm", "--data", "data", "--protocol", "tess-speakers", "--epochs", "2", ...more],
];
const parsed = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
/** Each run's folder and when its result was written. */
const written = (out: string) =>
  readdirSync(join(dir, out, "tess-lstm"))
    .filter((name) => existsSync(join(dir, out, "tess-lstm", name, "result.json")))
    .map((name) => [name, statSync(join(dir, out, "tess-lstm", name, "result.json")).mtimeMs]);

test("three seeds, both ways: means with an interval that is named; nothing is trained twice", async () => {
  const first = await undertone(call("--out", "all", "--json"), dir);
  expect(first.code).toBe(0);
  const lines = parsed(first.stdout);
  const summary = lines.pop();
  expect(lines.map(({ held_out, seed, clips }) => [held_out, seed, clips])).toEqual(
    [1, 2, 3].flatMap((seed) => ["tess/YAF", "tess/OAF"].map((voice) => [voice, seed, 4 * WORDS])),
  );
  for (const { unseen, warnings, chosen_epoch } of lines) {
    expect(unseen).toBe("unseen speaker");
    expect(warnings).toEqual([expect.stringMatching(/^10 sentences stand on both sides/)]);
    expect([1, 2]).toContain(chosen_epoch);
  }
  const uars = lines.map(({ uar }) => uar);
  expect(summary).toMatchObject({ protocol: "tess-speakers", folds: 2, seeds: [1, 2, 3] });
  expect(summary.uar.mean).toBeCloseTo(uars.reduce((a, b) => a + b) / 6, 3);
  expect(summary.interval).toBe("95 % t interval over 2 folds, each the mean of 3 seeds");
  expect(summary.labels).toEqual(["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]);
  // Classes that the part does not have are not scored.
  expect(summary.matrix[0].recall.map((share: number | null) => share === null)).toEqual([
    ...[false, true, true, false, false, false, true],
  ]);
  const before = written("all");
  expect(before).toHaveLength(6);

  const again = await undertone(call("--out", "all", "--json"), dir);
  expect(again.stdout).toBe(first.stdout);
  expect(again.stderr).toContain("6 of them finished before");
  expect(again.stderr).not.toContain("run 1 of");
  expect(written("all")).toEqual(before);
  const people = await undertone(call("--out", "all"), dir);
  expect(people.stdout).toMatch(/^ +never heard +clips +runs +UAR % +WA % +angry +disgust/m);
  expect(people.stdout).toMatch(/^ +tess\/YAF +40 +3 +[\d.]+ \([\d.]+ to [\d.]+\)/m);
  expect(people.stdout).toContain("95 % t interval over 2 folds, each the mean of 3 seeds");
  expect(people.stdout).toContain("in 2 of 2 parts: sentences stand on both sides");

  // Another number of epochs is another run; a fourth seed is one more.
  const more = await undertone(call("--out", "all", "--seeds", "4", "--folds", "2"), dir);
  expect(more.stderr).toContain("4 runs in all, 3 of them finished before");
  expect(written("all").filter(([name]) => before.some(([old]) => old === name))).toEqual(before);

  // As a card's reader takes them, which is who "train --scores" asks.
  const { scores } = JSON.parse(
    readFileSync(join(dir, "all", "tess-lstm", "tess-speakers.scores.json"), "utf8"),
  );
  expect(parseCard(JSON.stringify({ ...unknownCard("m"), scores })).scores).toEqual(scores);
  expect(scores).toMatchObject([
    { protocol: "unseen speaker: tess-speakers", corpus: "tess", clips: 8 * WORDS },
  ]);
});

const one = (out: string) => call("--seeds", "1", "--jobs", "1", "--json", "--out", out);
// Whoever works on this program may commit meanwhile.
const figures = (text: string, out: string) =>
  parsed(text.replaceAll(out, "whole")).map(({ commit: _, commits: _all, ...rest }) => rest);
/** What a sweep says that nobody disturbed. */
const undisturbed = async () => figures((await undertone(one("whole"), dir)).stdout, "whole");

test("stopped: the same call goes on, repeats nothing that is finished, and comes to the same figures", async () => {
  const stopped = start(one("stopped"), dir);
  await stopped.saying(/run 2 of 2/);
  process.kill(stopped.pid, "SIGINT");
  const ended = await stopped.ended;
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("the same call goes on, and repeats none that is finished");
  const kept = written("stopped");
  expect(kept).toHaveLength(1);
  const resumed = await undertone(one("stopped"), dir);
  expect(figures(resumed.stdout, "stopped")).toEqual(await undisturbed());
  expect(resumed.stderr).toContain("1 of them finished before");
  expect(written("stopped")).toContainEqual(kept[0]);
});

test("killed outright: the same call comes to the same figures", async () => {
  const killed = start(one("killed"), dir);
  await killed.saying(/run 2 of 2/);
  process.kill(killed.pid, "SIGKILL");
  await killed.ended;
  expect(figures((await undertone(one("killed"), dir)).stdout, "killed")).toEqual(await undisturbed());
});

test("one run's process killed: the run is named, and the same call comes to the same figures", async () => {
  const crashed = start(one("crashed"), dir);
  await crashed.saying(/run 2 of 2/);
  const job = await vi.waitFor(() => {
    const children = readFileSync(`/proc/${crashed.pid}/task/${crashed.pid}/children`, "utf8");
    const [first] = children.trim().split(" ").map(Number);
    // 0 would be everybody.
    expect(first).toBeGreaterThan(1);
    return first!;
  });
  process.kill(job, "SIGKILL");
  const { code, stderr } = await crashed.ended;
  expect(code).toBe(1);
  expect(stderr).toContain(
    "tess/OAF, seed 1 was ended by SIGKILL (perhaps the memory was full: lower --jobs)",
  );
  expect(figures((await undertone(one("crashed"), dir)).stdout, "crashed")).toEqual(await undisturbed());
});

test("eight classes: a corpus's own class is learnt, offered and scored", async () => {
  const two = (n: number) => String(n).padStart(2, "0");
  mkdirSync(join(dir, "eight", "ravdess"), { recursive: true });
  for (let actor = 1; actor <= 24; actor++) {
    for (let emotion = 1; emotion <= 8; emotion++) {
      const sound = tinySound(actor % 2 ? "OAF" : "YAF", `${actor} ${emotion}`, TINY_EMOTIONS[emotion % 4]!);
      const name = `03-01-${two(emotion)}-01-01-01-${two(actor)}.wav`;
      writeFileSync(join(dir, "eight", "ravdess", name), wavBytes(sound));
    }
  }
  const words = ["crossval", "tess-lstm", "--data", "eight", "--protocol", "ravdess-actors", "--epochs", "1"];
  const { code, stdout, stderr } = await undertone([...words, "--seeds", "1", "--folds", "5", "--json"], dir);
  expect(code).toBe(0);
  expect(stderr).toContain("1 seed: a figure to be told to others takes three or more");
  const [run, summary] = parsed(stdout);
  expect(run).toMatchObject({
    fold: 5,
    held_out: "ravdess/01, ravdess/04, ravdess/09, ravdess/22",
    clips: 32,
  });
  expect(run.labels).toEqual(["angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"]);
  expect(run.confusion.map((row: number[]) => row.reduce((a, b) => a + b))).toEqual(Array(8).fill(4));
  expect(summary).toMatchObject({ folds: 1, interval: "no interval: 1 fold, one seed" });
  const [{ emotions, corpora }] = parsed(
    (await undertone(["card", `${run.folder}/model.onnx`, "--json"], dir)).stdout,
  );
  expect(emotions).toContain("calm");
  // Neither those who are measured nor the model's words about itself hold a test actor.
  expect(corpora[0].voices).toHaveLength(20);
  for (const actor of ["01", "04", "09", "22"]) expect(corpora[0].voices).not.toContain(`ravdess/${actor}`);
});

test.each([
  [
    "a protocol that there is not",
    ["--protocol", "weather"],
    "Allowed choices are tess-speakers, ravdess-actors",
  ],
  ["both ways at once", ["--protocol", "tess-speakers", "--by", "speaker"], "--by and --protocol given"],
  ["a corpus that is not there", ["--protocol", "nemo-speakers"], "the data folder has no clips of nemo"],
  [
    "a fold that there is not",
    ["--protocol", "tess-speakers", "--folds", "1,3"],
    "there is no fold 3, expected 1 to 2",
  ],
  [
    "a seed, where there are several",
    ["--protocol", "tess-speakers", "--seed", "3"],
    "--seed goes with --by",
  ],
  ["jobs, where there is one", ["--by", "speaker", "--jobs", "2"], "--jobs goes with --protocol"],
])("a wrong call, %s: 2", async (_, args, what) => {
  const words = ["crossval", "tess-lstm", "--data", "data", "--out", "wrong", ...args];
  const { code, stdout, stderr } = await undertone(words, dir);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(what);
  expect(readdirSync(dir)).not.toContain("wrong");
});

test("a clip that cannot be heard is named once, and costs the code, not the sweep", async () => {
  cpSync(join(dir, "data"), join(dir, "broken"), { recursive: true });
  writeFileSync(join(dir, "broken", "tess", "YAF_waa_sad.wav"), "no sound");
  const words = ["crossval", "tess-lstm", "--data", "broken", "--protocol", "tess-speakers", "--epochs", "1"];
  const { code, stdout, stderr } = await undertone([...words, "--seeds", "1", "--out", "b", "--json"], dir);
  expect(code).toBe(1);
  expect(stderr.match(/left out.*YAF_waa_sad\.wav/g)).toHaveLength(1);
  expect(parsed(stdout)[0]).toMatchObject({ held_out: "tess/YAF", clips: 4 * WORDS - 1 });
});
