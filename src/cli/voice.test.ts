// Tests of `undertone voice` as a process: the calibration, that analyze takes it, advice, bad files, exit codes.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { shell, undertone } from "../../test/support/command.ts";
import { syllables, tinyCard, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);
const lines = (text: string) => text.split("\n").slice(0, -1);
const call = (...words: string[]) => undertone(["voice", "--model", "tiny.onnx", ...words], dir);

beforeAll(() => {
  writeFileSync(at("tiny.onnx"), tinyModel());
  writeFileSync(at("other.onnx"), tinyModel(tinyCard({ version: "2" })));
  mkdirSync(at("me"));
  const files: Record<string, Uint8Array | string> = {
    "me/long.wav": wavBytes(syllables(18, Math.exp(-3))),
    "me/short.wav": wavBytes(syllables(2.4, Math.exp(-5))),
    "12 s.wav": wavBytes(syllables(12, Math.exp(-4))),
    "9 s.wav": wavBytes(syllables(9, Math.exp(-4))),
    "text.wav": "no sound, but words\n",
    "silence.wav": wavBytes(new Float32Array(160_000)),
    "hum.wav": wavBytes(tone(20, 0.01)),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
});

test("one object on standard output, with numbers worked out by hand; how much was heard beside it", async () => {
  const { code, stdout, stderr } = await call("me");
  expect(code).toBe(0);
  expect(lines(stdout).length).toBe(1);
  const voice = JSON.parse(stdout);
  expect(Object.keys(voice)).toEqual(["model", "mean", "spread", "clips", "seconds"]);
  expect(voice).toMatchObject({ model: "tiny@1", clips: 7, seconds: 20.4 });
  // Six windows at -3 and one at -5; a window holds syllables and pauses in not quite the same parts as the whole.
  expect(voice.mean).toEqual([expect.closeTo((6 * -3 - 5) / 7, 1)]);
  expect(voice.spread).toEqual([expect.closeTo(2 * Math.sqrt(6 / 49), 1)]);
  for (const number of [...voice.mean, ...voice.spread]) expect(number).toBe(Number(number.toPrecision(6)));
  expect(lines(stderr)).toEqual(["20.4 s of speech, heard in 7 stretches, for tiny@1"]);
});

test("analyze takes what was made, with the model it was made with and no other", async () => {
  const made = `"$UNDERTONE" voice --model tiny.onnx "12 s.wav" me > me.json 2> said.txt`;
  const heard = await shell(
    `${made} && "$UNDERTONE" analyze --model tiny.onnx --voice me.json --json "12 s.wav"`,
    dir,
  );
  expect(heard).toMatchObject({ code: 0, stderr: "" });
  // What is usual for a voice is near the middle of its own scale, which this model calls angry.
  expect(JSON.parse(heard.stdout).emotion).toBe("angry");
  const refused = await undertone(
    ["analyze", "--model", "other.onnx", "--voice", "me.json", "12 s.wav"],
    dir,
  );
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain('"model" is "tiny@1"');
  expect(refused.stderr).toContain("undertone voice");
});

test("--out keeps it in a file; where nothing comes out of the call, what was there stays", async () => {
  const made = await call("me", "--out", "kept/me.json");
  expect(made).toMatchObject({ code: 0, stdout: "" });
  expect(made.stderr).toMatch(/^20\.4 s of speech, .* for tiny@1, kept in kept\/me\.json\n$/);
  const good = readFileSync(at("kept/me.json"), "utf8");
  expect(good).toBe((await call("me")).stdout);
  expect(await call("9 s.wav", "--out", "kept/me.json")).toMatchObject({ code: 1, stdout: "" });
  expect(readFileSync(at("kept/me.json"), "utf8")).toBe(good);
  expect(readdirSync(at("kept"))).toEqual(["me.json"]);
});

test("a place that cannot be written: 1, and why", async () => {
  const { code, stdout, stderr } = await call("me", "--out", "me");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(lines(stderr)).toEqual([expect.stringMatching(/^undertone: "me" cannot be written: /)]);
});

test("less than 20 s is enough, with a warning that says what is better", async () => {
  const { code, stdout, stderr } = await call("12 s.wav");
  expect({ code, clips: JSON.parse(stdout).clips }).toEqual({ code: 0, clips: 4 });
  expect(lines(stderr)).toEqual([
    "12.0 s of speech, heard in 4 stretches, for tiny@1",
    expect.stringMatching(/^warning: less than 20 s .*20 to 60 s are better/),
  ]);
});

test("fewer than four stretches with speech: 1, nothing made, and what to do", async () => {
  const { code, stdout, stderr } = await call("9 s.wav", "silence.wav", "hum.wav");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^left out: silence\.wav does not count: .*silence/),
    expect.stringMatching(/^left out: hum\.wav does not count: .*\.$/),
    expect.stringMatching(/^undertone: .*3 stretches .* expected 4 or more\. Record 20 to 60 s/),
  ]);
});

test("a file in which nobody speaks does not count and is no failure", async () => {
  const [with_, without] = [await call("me", "silence.wav"), await call("me")];
  expect(with_).toMatchObject({ code: 0, stdout: without.stdout });
  expect(with_.stderr).toContain("left out: silence.wav");
});

test("files that cannot be read are named with the reason; the others make the calibration, and it ends with 1", async () => {
  const { code, stdout, stderr } = await call("none.wav", "me", "text.wav");
  expect({ code, stdout }).toEqual({ code: 1, stdout: (await call("me")).stdout });
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^undertone: "none\.wav" does not exist/),
    expect.stringMatching(/^undertone: ".*text\.wav" is no audio file/),
    expect.stringContaining("20.4 s of speech"),
  ]);
});

test("where none is left: 1, each is named, and nothing else is said", async () => {
  mkdirSync(at("empty"));
  const { code, stdout, stderr } = await call("none.wav", "text.wav", "empty");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(lines(stderr)).toEqual([
    expect.stringContaining("none.wav"),
    expect.stringContaining("text.wav"),
    expect.stringMatching(/^undertone: "empty" is a folder without a sound file/),
  ]);
});

test.each([
  ["no input", [], "missing required argument"],
  ["a model that is not there", ["--model", "none.onnx", "me"], '"none.onnx" does not exist'],
  ["a model that is not ONNX", ["--model", "9 s.wav", "me"], "not an ONNX model"],
])("%s: 2, and nothing made", async (_, words, what) => {
  const { code, stdout, stderr } = await undertone(["voice", ...words], dir);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(what);
});

test("its help teaches what to record, what it is for, and which model it fits", async () => {
  const { code, stdout } = await undertone(["help", "voice"], dir);
  expect(code).toBe(0);
  for (const what of [
    /ONE person/,
    /20 to 60 s/,
    /ordinary, unexcited/,
    /microphone/,
    /one model/,
    /analyze .*--voice/,
    /voice me-reading\.m4a --out me\.json/,
  ]) {
    expect(stdout).toMatch(what);
  }
});
