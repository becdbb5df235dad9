// Tests of `undertone analyze` as a process: answers, refusals, odd names, bad files, exit codes.
import { spawn } from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { shell, UNDERTONE, undertone } from "../../test/support/command.ts";
import { CENTRES, syllables, tinyCard, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";
import { createGraph, ops, toModel } from "../graph/index.ts";
import { writeModel } from "../onnx/index.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);
const happy = syllables(2, Math.exp(CENTRES[3]!));
const lines = (text: string) => text.split("\n").slice(0, -1);
const parsed = (text: string) => lines(text).map((line) => JSON.parse(line));

beforeAll(() => {
  writeFileSync(at("tiny.onnx"), tinyModel());
  writeFileSync(at("happy.wav"), wavBytes(happy));
  mkdirSync(at("odd"));
  const odd = [
    "=1+1.wav",
    'say "hi", you.wav',
    "two\nlines\u2028three.wav",
    "日本 é 🙂.wav",
    "\u001b[31mred.wav",
  ];
  for (const name of odd) copyFileSync(at("happy.wav"), at("odd", name));
  mkdirSync(at("bad"));
  const nan = happy.slice().fill(Number.NaN, 100, 200);
  const files: Record<string, Uint8Array | string> = {
    "a good.wav": wavBytes(happy),
    "b empty.wav": "",
    "c text.wav": "no sound, but words\n",
    "d all nan.wav": wavBytes(happy.slice().fill(Number.NaN)),
    "e some nan.wav": wavBytes(nan),
    "f silence.wav": wavBytes(new Float32Array(32_000)),
    "g short.wav": wavBytes(syllables(0.05, 0.1)),
    "h header only.wav": wavBytes(happy).slice(0, 44),
    "i hum.wav": wavBytes(tone(2, 0.01)),
    "z good.wav": wavBytes(happy),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at("bad", name), bytes);
  symlinkSync("nowhere", at("bad", "j lost.wav"));
});

describe("an answer", () => {
  test("as JSON: the fields of the contract, in one line, and nothing on standard error", async () => {
    const { code, stdout, stderr } = await undertone(
      ["analyze", "--model", "tiny.onnx", "--json", "--timeline", "happy.wav"],
      dir,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [answer, ...more] = parsed(stdout);
    expect(more).toEqual([]);
    expect(Object.keys(answer)).toEqual([
      "file",
      "seconds",
      "model",
      "emotion",
      "confidence",
      "uncertain",
      "probabilities",
      "quality",
      "timeline",
    ]);
    expect(answer).toMatchObject({
      file: "happy.wav",
      seconds: 2,
      model: "tiny@1",
      emotion: "happy",
      uncertain: false,
    });
    // e^-4 of each neighbour's weight: 1 / (1 + 2 e^-4) is 0.9647.
    expect(answer.confidence).toBeCloseTo(0.9647, 3);
    expect(Object.keys(answer.probabilities)).toEqual(tinyCard().emotions);
    expect(answer.quality).toEqual({ verdict: "good", speech: expect.closeTo(0.88, 1), snr: 60, clipped: 0 });
    expect(answer.timeline.map((s: Record<string, unknown>) => [s.start, s.end, s.emotion])).toEqual([
      [0, 2, "happy"],
    ]);
  });

  test("for people: one line a file, and one for each stretch", async () => {
    const { code, stdout, stderr } = await undertone([
      "analyze",
      "--model",
      at("tiny.onnx"),
      at("happy.wav"),
      "--timeline",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(lines(stdout)).toEqual([
      expect.stringMatching(/^happy {5}█+▋?░* {2}96 % +0:02\.0 {2}.*happy\.wav$/),
      expect.stringMatching(/^ {2}happy .* 96 % +0:00\.0 - 0:02\.0$/),
    ]);
  });

  test("as CSV: a head and a row a file, or a row for each stretch", async () => {
    const call = ["analyze", "--model", "tiny.onnx", "--csv", "happy.wav", "bad/g short.wav"];
    const head = (span: string) =>
      `file,seconds,model,${span}emotion,confidence,uncertain,reason,${tinyCard().emotions},quality,speech,snr,clipped,error,message`;
    const short = "true,It lasts 0.05 s; at least 0.25 s are needed.,,,,,,,,poor";
    const whole = lines((await undertone(call, dir)).stdout);
    expect(whole).toEqual([
      head(""),
      expect.stringMatching(
        /^happy\.wav,2,tiny@1,happy,0\.9647,false,,0,0,0\.0177,0\.9647,0\.0177,0,0,good,0\.8\d+,60,0,,$/,
      ),
      expect.stringContaining(`bad/g short.wav,0.05,tiny@1,,0,${short}`),
    ]);
    const stretches = lines((await undertone([...call, "--timeline"], dir)).stdout);
    expect(stretches).toEqual([
      head("start,end,"),
      expect.stringMatching(/^happy\.wav,2,tiny@1,0,2,happy,0\.9647,false,/),
      expect.stringContaining(`bad/g short.wav,0.05,tiny@1,,,,0,${short}`),
    ]);
  });

  test("unlike what the model knows: no emotion, and why, in every format", async () => {
    // What is usual lies four levels below "happy", with a spread of 1.
    const mean = CENTRES.map((centre) => CENTRES[3]! - 4 - centre);
    const usual = { mean, spread: CENTRES.map(() => 1), limit: 1.5 };
    writeFileSync(at("shy.onnx"), tinyModel(tinyCard({ usual })));
    const call = ["analyze", "--model", "shy.onnx", "happy.wav"];
    const why = "It sounds unlike what this model knows: at a distance of 4.00, ";
    const [answer] = parsed((await undertone([...call, "--json"], dir)).stdout);
    expect(answer).toMatchObject({ emotion: null, uncertain: true, because: "unlike" });
    expect(answer.reason).toContain(why);
    expect(answer.confidence).toBe(answer.probabilities.happy);
    expect((await undertone(call, dir)).stdout).toMatch(
      /^uncertain .* 96 % .*happy\.wav {2}It sounds unlike/,
    );
    const { stdout } = await undertone([...call, "--csv"], dir);
    expect(lines(stdout)[1]).toContain(`happy.wav,2,tiny@1,,0.9647,true,"${why}`);
  });

  test("with a voice: what it normalises changes", async () => {
    const voice = { model: "tiny@1", mean: [1], spread: [1], clips: 3 };
    writeFileSync(at("voice.json"), JSON.stringify(voice));
    const { stdout } = await undertone(
      ["analyze", "--model", "tiny.onnx", "--json", "--voice", "voice.json", "happy.wav"],
      dir,
    );
    const [answer] = parsed(stdout);
    expect(answer.emotion).toBe("neutral");
    expect(Object.keys(answer).slice(0, 4)).toEqual(["file", "seconds", "model", "voice"]);
    expect(answer.voice).toBe("voice.json");
  });
});

describe("names with quotes, line ends, controls and all scripts", () => {
  const call = ["analyze", "--model", "tiny.onnx", "odd"];

  test("JSON gives each back as it is, in order", async () => {
    const { code, stdout } = await undertone([...call, "--json"], dir);
    expect(code).toBe(0);
    expect(parsed(stdout).map(({ file }) => file)).toEqual([
      "odd/\u001b[31mred.wav",
      "odd/=1+1.wav",
      'odd/say "hi", you.wav',
      "odd/two\nlines\u2028three.wav",
      "odd/日本 é 🙂.wav",
    ]);
  });

  test("people and CSV get one record a line, without a control", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/;
    for (const [options, records] of [
      [[], 5],
      [["--csv"], 6],
    ] as const) {
      const { stdout } = await undertone([...call, ...options], dir);
      expect(lines(stdout).length).toBe(records);
      expect(stdout).not.toMatch(control);
    }
    const { stdout } = await undertone(
      ["analyze", "--model", "../tiny.onnx", "--csv", "=1+1.wav"],
      at("odd"),
    );
    expect(lines(stdout)[1]).toMatch(/^'=1\+1\.wav,2,/);
  });
});

test("bad files: each is named with its reason, every other is answered", async () => {
  const { code, stdout, stderr } = await undertone(
    ["analyze", "--model", "tiny.onnx", "bad", "none.wav", "--json"],
    dir,
  );
  expect(code).toBe(1);
  const answers = parsed(stdout);
  const short = answers.map(({ file, error, because, emotion }) => [file, error?.code ?? because ?? emotion]);
  expect(short).toEqual([
    ["bad/a good.wav", "happy"],
    ["bad/b empty.wav", "empty-audio"],
    ["bad/c text.wav", "unreadable-audio"],
    ["bad/d all nan.wav", "unreadable-audio"],
    ["bad/e some nan.wav", "happy"],
    ["bad/f silence.wav", "silence"],
    ["bad/g short.wav", "too-short"],
    ["bad/h header only.wav", "empty-audio"],
    ["bad/i hum.wav", "no-speech"],
    ["bad/j lost.wav", "not-found"],
    ["bad/z good.wav", "happy"],
    ["none.wav", "not-found"],
  ]);
  const failed = answers.filter(({ error }) => error);
  expect(lines(stderr).length).toBe(failed.length);
  failed.forEach(({ file, error }, i) => {
    expect(Object.keys(error)).toEqual(["code", "message"]);
    expect(error.message).toContain(file);
    expect(lines(stderr)[i]).toContain(error.message);
  });
  expect(answers[4].quality.reasons.join()).toContain("100 of its samples are not numbers");
  for (const { uncertain, emotion, reason } of answers.slice(5, 7)) {
    expect({ uncertain, emotion }).toEqual({ uncertain: true, emotion: null });
    expect(reason).toMatch(/\.$/);
  }
});

test("what has no answer is still an answer: silence alone ends with 0", async () => {
  const { code, stdout, stderr } = await undertone(
    ["analyze", "--model", "tiny.onnx", "bad/f silence.wav"],
    dir,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^uncertain .*silence/);
});

test("a file that vanishes in the middle of a run is an error; the others are answered", async () => {
  const many = at("many");
  mkdirSync(many);
  writeFileSync(at("long.wav"), wavBytes(syllables(40, 0.05)));
  // Far more output than a pipe holds: while nobody reads, the command waits, and has not come to the last file.
  const names = Array.from({ length: 80 }, (_, i) => `${String(i).padStart(3, "0")}.wav`);
  for (const name of names) linkSync(at("long.wav"), join(many, name));
  const child = spawn(UNDERTONE, ["analyze", "--model", at("tiny.onnx"), "--json", "--timeline", many]);
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  await new Promise((resolve) => child.stdout.once("readable", resolve));
  unlinkSync(join(many, "079.wav"));
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(1);
  const answers = parsed(stdout);
  expect(answers.map(({ file }) => file)).toEqual(names.map((name) => join(many, name)));
  expect(answers.at(-1).error.code).toBe("not-found");
  expect(answers.slice(0, -1).every(({ emotion, error }) => emotion && !error)).toBe(true);
  expect(lines(stderr)).toEqual([expect.stringContaining("079.wav")]);
});

test("whoever stops reading gets no complaint", async () => {
  const { stdout, stderr } = await shell(
    `"$UNDERTONE" analyze --model tiny.onnx --json ${"odd bad ".repeat(40)} 2> >(grep -v '^undertone: "' >&2) | head -n 1`,
    dir,
  );
  expect(lines(stdout).length).toBe(1);
  expect(stderr).toBe("");
});

describe("a wrong call ends with 2, says why, and answers nothing", () => {
  const graph = createGraph();
  const foreign = writeModel(toModel(graph, { y: ops.relu(graph.input("x", [3])) }));
  const voice = (changes: object) =>
    JSON.stringify({ model: "tiny@1", mean: [1], spread: [1], clips: 3, ...changes });
  beforeAll(() => {
    writeFileSync(at("foreign.onnx"), foreign);
    writeFileSync(at("wide.json"), voice({ mean: [1, 2], spread: [1, 2] }));
    writeFileSync(at("other.json"), voice({ model: "big@2" }));
    writeFileSync(at("text.json"), "no JSON");
    writeFileSync(at("empty.json"), "");
  });
  const NO_VOICE = (why: string) =>
    `: ${why}, so it is no voice file. Make one with this model ("undertone voice" does), or leave it out.\n`;
  const withModel = ["--model", "tiny.onnx", "happy.wav"];
  test.each([
    ["no input", [], "missing required argument"],
    ["an unknown option", [...withModel, "--loud"], "unknown option '--loud'"],
    ["two formats", [...withModel, "--json", "--csv"], "cannot be used with"],
    ["a model that is not there", ["--model", "none.onnx", "happy.wav"], '"none.onnx" does not exist'],
    ["a model that is not ONNX", ["--model", "happy.wav", "happy.wav"], "not an ONNX model"],
    ["ONNX of another kind", ["--model", "foreign.onnx", "happy.wav"], 'the input "audio" is missing'],
    ["a folder as the model", ["--model", ".", "happy.wav"], "is a folder"],
    [
      "a voice that is not there",
      [...withModel, "--voice", "none.json"],
      'Voice "none.json" does not exist. Check the path, or make it from recordings of the person: ' +
        "undertone voice RECORDING... --out none.json",
    ],
    ["a folder as the voice", [...withModel, "--voice", "."], 'Voice "." is a folder.'],
    ["a voice of another width", [...withModel, "--voice", "wide.json"], '"mean" has 2 numbers'],
    ["a voice of another model", [...withModel, "--voice", "other.json"], 'expected {"model": "tiny@1"'],
    ["a voice that is no JSON", [...withModel, "--voice", "text.json"], NO_VOICE("it is not JSON")],
    ["an empty voice", [...withModel, "--voice", "empty.json"], NO_VOICE("it is empty")],
  ])("%s", async (_, args, what) => {
    const { code, stdout, stderr } = await undertone(["analyze", ...args], dir);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toMatch(/^undertone: /);
    expect(stderr).not.toContain("    at ");
  });
});
