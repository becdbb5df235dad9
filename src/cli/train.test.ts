// Tests of `undertone train` as a process: killed, stopped, out of disk, resumed; wrong calls; lost clips.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, start, undertone } from "../../test/support/command.ts";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
/** A disk with room for both checkpoints, the copy that is written beside one of them, and the model. */
const disk = join(dir, "disk");
mkdirSync(disk);
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]).status === 0;
const EPOCHS = 14;
const call = (out: string, ...more: string[]) => [
  ...["train", "tess-lstm", "--data", "data", "--epochs", String(EPOCHS), "--workers", "2", "--out", out],
  ...more,
];

/** A checkpoint's numbers, without the times in its header. */
function numbersOf(out: string, which: "last" | "best"): Buffer {
  const bytes = readFileSync(join(dir, out, "checkpoints", `${which}.safetensors`));
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

function expectSameAsUnkilled(out: string): void {
  for (const which of ["last", "best"] as const) {
    expect(numbersOf(out, which).equals(numbersOf("unkilled", which))).toBe(true);
  }
  expect(readdirSync(join(dir, out), { recursive: true }).sort()).toEqual(
    readdirSync(join(dir, "unkilled"), { recursive: true }).sort(),
  );
}

let unkilled: Ran;
beforeAll(async () => {
  writeTinyCorpus(join(dir, "data", "tess"), 12);
  unkilled = await undertone(call("unkilled"), dir);
});
afterAll(() => {
  if (mounted) spawnSync("umount", ["--lazy", disk]);
  rmSync(dir, { recursive: true });
});

test("a run: a line an epoch, then where the model and the report are, how it scored, and what to do next", () => {
  const { code, stdout, stderr } = unkilled;
  expect(code).toBe(0);
  expect(stderr.split("\n")[0]).toBe("tess-lstm: 87 clips to learn from, 9 to choose the epoch, 2 workers");
  expect(stderr.match(/^epoch +\d+\/14 {2}loss \d.* clips\/s/gm)?.length).toBe(EPOCHS);
  expect(stdout.split("\n").slice(0, -1)).toEqual([
    "model       unkilled/model.onnx",
    "report      unkilled/report.html",
    expect.stringMatching(/^validation {2}[\d.]+ % \(95 %: [\d.]+ % to [\d.]+ %\) on 9 clips of voices that/),
    "next        undertone evaluate unkilled/model.onnx --data DIR",
  ]);
});

test("killed in its midst and resumed, it ends with the weights of a run that was not", async () => {
  const running = start(call("killed"), dir);
  await running.saying(/epoch +3\/14/);
  process.kill(running.pid, "SIGKILL");
  expect((await running.ended).code).toBe("SIGKILL");
  // As if it had been killed while it wrote.
  const half = join(dir, "killed", "checkpoints", `last.safetensors.${running.pid}.partial`);
  writeFileSync(half, numbersOf("killed", "last").subarray(0, 1000));
  const { code, stderr } = await undertone(call("killed", "--resume"), dir);
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/epoch +1\/14/);
  expectSameAsUnkilled("killed");
});

describe("Ctrl-C", () => {
  test("stops cleanly: the best epoch is exported, and the run can go on to the same weights", async () => {
    const running = start(call("stopped"), dir);
    await running.saying(/epoch +3\/14/);
    process.kill(running.pid, "SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("stopping after this step; the best epoch so far is kept. Press Ctrl-C again");
    const done = Number(/stopped after (\d+) of 14 epochs; go on with --resume/.exec(stderr)?.[1]);
    expect(done).toBeLessThan(EPOCHS);
    expect(stdout).toContain("model       stopped/model.onnx");
    const history = JSON.parse(readFileSync(join(dir, "stopped", "history.json"), "utf8"));
    expect(history.length).toBe(done);
    expect(readFileSync(join(dir, "stopped", "report.html"), "utf8")).toContain("</html>");
    expect((await undertone(["card", "stopped/model.onnx"], dir)).stdout).toContain("tess-lstm");

    expect((await undertone(call("stopped", "--resume"), dir)).code).toBe(0);
    expectSameAsUnkilled("stopped");
  });

  test("before the first epoch is done: says that there is no model yet, and the same call begins anew", async () => {
    const slow = ["train", "tess-cnn", "--data", "data", "--epochs", "1", "--out", "early"];
    const running = start(slow, dir);
    await running.saying(/clips to learn from/);
    process.kill(running.pid, "SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /stopped (while the clips were decoded|before the first epoch was done).*; the same call/,
    );
    expect(readdirSync(join(dir, "early"), { recursive: true })).toEqual(["config.json"]);
    expect((await undertone(slow, dir)).code).toBe(0);
  });

  test("twice stops at once", async () => {
    // Steps that are long enough for the second to come before the first has had its effect.
    const running = start(["train", "tess-cnn", "--data", "data", "--workers", "1", "--out", "twice"], dir);
    await running.saying(/epoch +1\//);
    process.kill(running.pid, "SIGINT");
    await running.saying(/stopping/);
    process.kill(running.pid, "SIGINT");
    // What a shell calls 130.
    expect((await running.ended).code).toBe("SIGINT");
    expect(existsSync(join(dir, "twice", "model.onnx"))).toBe(false);
  });
});

describe("a full disk", () => {
  const why = mounted ? "" : " (not run: needs the right to mount a small disk)";

  test.skipIf(!mounted)(`ends the run, keeps the last checkpoint, and --resume goes on${why}`, async () => {
    const running = start(call("disk/run"), dir);
    await running.saying(/epoch +2\/14/);
    const ballast = openSync(join(disk, "ballast"), "w");
    const fill = () => {
      for (const size of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeSync(ballast, Buffer.alloc(size));
        } catch {
          // Full.
        }
      }
    };
    // Again and again: while the run writes, room comes free.
    const filling = setInterval(fill, 5);
    const { code, stdout, stderr } = await running.ended;
    clearInterval(filling);
    closeSync(ballast);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /undertone: "disk\/run\/.*" cannot be written: the disk is full, make room; what was there before is untouched; .*--resume/,
    );
    expect(readdirSync(join(disk, "run", "checkpoints")).sort()).toEqual([
      "best.safetensors",
      "last.safetensors",
    ]);
    expect(readdirSync(join(disk, "run")).filter((name) => name.includes("partial"))).toEqual([]);

    rmSync(join(disk, "ballast"));
    const resumed = await undertone(call("disk/run", "--resume"), dir);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).not.toMatch(/epoch +1\/14/);
    expectSameAsUnkilled("disk/run");
  });
});

test("clips that cannot be heard are named and left out, the others are learnt from, and it ends with 1", async () => {
  cpSync(join(dir, "data"), join(dir, "spoilt"), { recursive: true });
  const [empty, text] = ["OAF_waa_angry.wav", "YAF_wab_sad.wav"];
  writeFileSync(join(dir, "spoilt", "tess", empty), "");
  writeFileSync(join(dir, "spoilt", "tess", text), "no sound, but words\n");
  const ran = await undertone(
    ["train", "tess-lstm", "--data", "spoilt", "--epochs", "1", "--out", "spoilt run"],
    dir,
  );
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(`left out tess/${empty}: is empty: 0 bytes`);
  expect(ran.stderr).toMatch(new RegExp(`^left out tess/${text}: .*`, "m"));
  expect(ran.stdout).toContain("model       spoilt run/model.onnx");
  const report = readFileSync(join(dir, "spoilt run", "report.html"), "utf8");
  for (const name of [empty, text]) expect(report).toContain(name);
});

describe("a wrong call ends with 2, says why, and leaves no folder", () => {
  beforeAll(() => {
    writeTinyCorpus(join(dir, "one emotion"), 2, ["sad"]);
    mkdirSync(join(dir, "empty"));
    writeFileSync(join(dir, "no scores.json"), '{"scores": [{"protocol": "random"}]}');
    writeFileSync(join(dir, "flat"), "a file");
  });
  const given = (data: string) => ["tess-lstm", "--data", data];
  test.each([
    ["no data", ["tess-lstm"], "--data"],
    ["an unknown recipe", ["tess-gru", "--data", "data"], 'no recipe "tess-gru"; there are tess-lstm'],
    ["no such folder", given("nowhere"), 'Data folder "nowhere": there is none'],
    ["an empty folder", given("empty"), "no clip in it can be used"],
    ["one emotion", given("one emotion"), "all 4 clips are sad, expected two emotions or more"],
    [
      "epochs that are no number",
      [...given("data"), "--epochs", "many"],
      '--epochs is "many", expected a whole',
    ],
    ["no workers", [...given("data"), "--workers", "0"], "expected a whole number from 1"],
    ["scores that are none", [...given("data"), "--scores", "no scores.json"], "holds no scores"],
    ["scores that are not there", [...given("data"), "--scores", "none.json"], "none.json"],
    ["a file as the run folder", [...given("data"), "--out", "flat"], '"flat" is a file'],
    ["a run that is there", [...given("data"), "--out", "unkilled"], "holds a run already; add --resume"],
    ["another seed", call("unkilled", "--resume", "--seed", "9"), "--seed 1, this call has 9"],
  ])("%s", async (_, args, what) => {
    const before = readdirSync(dir).sort();
    const words = args[0] === "train" ? args : ["train", ...args];
    const { code, stdout, stderr } = await undertone(words, dir);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).not.toContain("    at ");
    expect(readdirSync(dir).sort()).toEqual(before);
  });
});
