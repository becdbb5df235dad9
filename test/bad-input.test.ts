// What bad input gets, all of it, from the command as people call it: a message that names the thing and the way out,
// the right exit code, every other file answered, nothing half written. (A full disk: src/cli/train.test.ts.)
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGraph, ops, toModel } from "../src/graph/index.ts";
import { writeModel } from "../src/onnx/index.ts";
import { shell, start, undertone } from "./support/command.ts";
import { writeTinyCorpus } from "./support/tiny-corpus.ts";
import { CENTRES, syllables, tinyCard, tinyModel } from "./support/tiny-model.ts";
import { wavBytes } from "./support/wav.ts";

/** Without a decoder, a file that is broken cannot be told from one that needs it. */
const hasNodeAv = (() => {
  try {
    return Boolean(createRequire(import.meta.url).resolve("node-av/lib"));
  } catch {
    return false;
  }
})();
const needsNodeAv = hasNodeAv ? "" : " (not run: node-av is not installed)";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);
const happy = syllables(2, Math.exp(CENTRES[3]!));
const sad = syllables(2, Math.exp(CENTRES[5]!));
const lines = (text: string) => text.split("\n").slice(0, -1);

/** A WAV file whose header says that its samples take so many bytes. */
function promising(samples: Float32Array, bytes: number): Uint8Array {
  const file = wavBytes(samples);
  new DataView(file.buffer, file.byteOffset).setUint32(40, bytes, true);
  return file;
}

/**
 * Each bad file: what it is called, what is in it, and what becomes of it. An error has a code and a message that says
 * the way out; an answer is an emotion, or why there is none.
 */
const BAD: { name: string; content: Uint8Array | string; gets: string; says: RegExp }[] = [
  {
    name: "empty.wav",
    content: "",
    gets: "empty-audio",
    says: /empty file \(0 bytes\)\. Copy or record it again/,
  },
  { name: "truncated.wav", content: wavBytes(happy).slice(0, 80_000), gets: "happy", says: /^$/ },
  {
    name: "truncated.m4a",
    content: readFileSync(new URL("audio/aac.m4a", import.meta.url)).subarray(0, 2000),
    gets: "unreadable-audio",
    says: /convert it to WAV/,
  },
  { name: "text.wav", content: "no sound, but words\n", gets: "unreadable-audio", says: /convert it to WAV/ },
  { name: "four gigabytes.wav", content: promising(happy, 0xfffffff0), gets: "happy", says: /^$/ },
  {
    name: "four gigabytes of nothing.wav",
    content: promising(happy, 0xfffffff0).slice(0, 44),
    gets: "empty-audio",
    says: /Copy|Record|record/,
  },
  {
    name: "some nan.wav",
    content: wavBytes(happy.slice().fill(Number.NaN, 100, 200)),
    gets: "happy",
    says: /^$/,
  },
  {
    name: "all nan.wav",
    content: wavBytes(happy.slice().fill(Number.NaN)),
    gets: "unreadable-audio",
    says: /\. [A-Z]/,
  },
  { name: "silence.wav", content: wavBytes(new Float32Array(32_000)), gets: "silence", says: /microphone/ },
  { name: "short.wav", content: wavBytes(happy.slice(0, 800)), gets: "too-short", says: /at least 0\.25 s/ },
  { name: 'a "quoted"\nname.wav', content: wavBytes(happy), gets: "happy", says: /^$/ },
];

beforeAll(() => {
  writeFileSync(at("tiny.onnx"), tinyModel());
  mkdirSync(at("bad"));
  for (const { name, content } of BAD) writeFileSync(at("bad", name), content);
  writeFileSync(at("bad", "0 good.wav"), wavBytes(happy));
  writeFileSync(at("bad", "z good.wav"), wavBytes(sad));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe.skipIf(!hasNodeAv)(`bad sound files among good ones${needsNodeAv}`, () => {
  test("analyze: each is named with its reason and the way out, every other is answered; 1", async () => {
    const before = readdirSync(dir, { recursive: true });
    const { code, stdout, stderr } = await undertone(
      ["analyze", "--model", "tiny.onnx", "bad", "--json"],
      dir,
    );
    expect(code).toBe(1);
    const answers = new Map(lines(stdout).map((line) => [JSON.parse(line).file, JSON.parse(line)]));
    expect(answers.size).toBe(BAD.length + 2);
    for (const { name, gets, says } of BAD) {
      const { error, because, emotion, reason } = answers.get(`bad/${name}`);
      expect([name, error?.code ?? because ?? emotion]).toEqual([name, gets]);
      expect(error?.message ?? reason ?? "").toMatch(says);
      if (error) expect(stderr).toContain(error.message);
    }
    expect(answers.get("bad/0 good.wav").emotion).toBe("happy");
    expect(answers.get("bad/z good.wav").emotion).toBe("sad");
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });

  test("as a corpus: check and evaluate name what cannot be used, and use the rest; 1", async () => {
    const rows = [...BAD, { name: "0 good.wav" }].map(
      ({ name }) => `"${name.replaceAll('"', '""')}",happy,ann`,
    );
    const manifest = ["path,emotion,speaker", ...rows, "z good.wav,sad,bo", "gone.wav,sad,bo"].join("\n");
    writeFileSync(at("bad", "manifest.csv"), manifest);
    const lost = ["all nan", "empty", "four gigabytes of nothing", "gone", "short", "text"];
    const checked = await undertone(["corpora", "check", "bad"], dir);
    expect(checked.code).toBe(1);
    for (const name of lost) expect(checked.stdout).toMatch(new RegExp(`^left out {2}${name}\\.wav: .`, "m"));
    const measured = await undertone(["evaluate", "tiny.onnx", "--data", "bad", "--json"], dir);
    expect(measured.code).toBe(1);
    for (const name of lost) expect(measured.stderr).toMatch(new RegExp(`^left out ${name}\\.wav: .`, "m"));
    const [{ recall, clips, ...rest }] = lines(measured.stdout).map((line) => JSON.parse(line));
    // The good file and the quoted one are the same recording. Silence gives the offered emotions nothing, and a tie
    // goes to the first of them.
    expect({ clips, recall }).toEqual({ clips: 6, recall: { happy: 1, sad: 1 } });
    expect(rest.corpus).toBe("bad");
    unlinkSync(at("bad", "manifest.csv"));
  });
});

describe("much input", () => {
  /** The most memory that a process has had, in megabytes; null where the system does not say. */
  function peakOf(pid: number): number | null {
    const path = `/proc/${pid}/status`;
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1];
    return kilobytes ? Number(kilobytes) / 1000 : null;
  }

  test("12 hours are answered, in the memory of one", { timeout: 600_000 }, async () => {
    writeFileSync(at("long hop.onnx"), tinyModel(tinyCard({ window: 3, hop: 3 })));
    const peaks: (number | null)[] = [];
    for (const [name, seconds] of [
      ["hour.wav", 3600],
      ["hours.wav", 12 * 3600],
    ] as const) {
      writeFileSync(at(name), promising(happy, 64_000 * seconds));
      // The rest is a hole: no disk is used.
      truncateSync(at(name), 44 + 64_000 * seconds);
      const running = start(["analyze", "--model", "long hop.onnx", "--json", name], dir);
      let peak: number | null = null;
      const looking = setInterval(() => {
        peak = peakOf(running.pid) ?? peak;
      }, 20);
      const { code, stdout } = await running.ended;
      clearInterval(looking);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ file: name, seconds });
      peaks.push(peak);
    }
    const [hour, hours] = peaks;
    if (process.platform === "linux") expect(hours! - hour!).toBeLessThan(100);
  });

  test("a folder of 10,000 files is answered file by file, with few of them open", {
    timeout: 300_000,
  }, async () => {
    mkdirSync(at("many"));
    writeFileSync(at("one.wav"), wavBytes(happy.slice(0, 8000)));
    for (let i = 0; i < 10_000; i++) linkSync(at("one.wav"), at("many", `${i}.wav`));
    const call = `ulimit -n 256; "$UNDERTONE" analyze --model tiny.onnx many --json`;
    const { code, stdout, stderr } = await shell(call, dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const answers = lines(stdout).map((line) => JSON.parse(line));
    expect(new Set(answers.map(({ file }) => file)).size).toBe(10_000);
    expect(new Set(answers.map(({ emotion }) => emotion))).toEqual(new Set(["happy"]));
  });
});

const hasFull = existsSync("/dev/full");
const needsFull = hasFull ? "" : " (not run: there is no /dev/full here)";
test.skipIf(!hasFull)(`an answer that cannot be written, since the disk is full: 1${needsFull}`, async () => {
  const call = `"$UNDERTONE" analyze --model tiny.onnx "bad/0 good.wav" > /dev/full`;
  const { code, stderr } = await shell(call, dir);
  expect(code).toBe(1);
  expect(stderr).toContain("the output cannot be written: ENOSPC");
});

describe("a model that is none: every command that takes one ends with 2 and answers nothing", () => {
  beforeAll(() => {
    const graph = createGraph();
    writeFileSync(at("foreign.onnx"), writeModel(toModel(graph, { y: ops.relu(graph.input("x", [3])) })));
    writeFileSync(at("cut.onnx"), tinyModel().slice(0, 1500));
    writeFileSync(at("text.onnx"), "no model, but words\n");
    writeFileSync(at("empty.onnx"), "");
    writeTinyCorpus(at("corpus", "tess"), 1);
  });
  const models: [string, RegExp][] = [
    ["text.onnx", /"text\.onnx" is not an ONNX model/],
    ["empty.onnx", /"empty\.onnx" is/],
    ["cut.onnx", /"cut\.onnx" is not an ONNX model/],
    ["foreign.onnx", /foreign\.onnx.*the input "audio" is missing/],
    ["none.onnx", /"none\.onnx" does not exist/],
    ["corpus", /"corpus" is a folder/],
  ];
  const commands: [string, (model: string) => string[]][] = [
    ["analyze", (model) => ["analyze", "--model", model, "bad/0 good.wav"]],
    ["evaluate", (model) => ["evaluate", model, "--data", "corpus"]],
    ["card", (model) => ["card", model]],
  ];
  test.each(
    commands.flatMap(([command, call]) =>
      models.map(([model, says]) => ({ command, model, args: call(model), says })),
    ),
  )("$command $model", async ({ args, says }) => {
    const { code, stdout, stderr } = await undertone(args, dir);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^undertone: /);
    expect(lines(stderr).length).toBe(1);
  });
});

describe("data that cannot be used as they are: 2, and no run folder", () => {
  beforeAll(() => {
    writeTinyCorpus(at("one emotion"), 1, ["sad"]);
    mkdirSync(at("no columns"));
    writeFileSync(at("no columns", "a.wav"), wavBytes(happy));
    writeFileSync(at("no columns", "manifest.csv"), "file,label\na.wav,happy\n");
  });
  const trainers: [string, string[]][] = [
    ["train", ["train", "tess-lstm"]],
    ["crossval", ["crossval", "tess-lstm", "--by", "speaker"]],
  ];
  const all: [string, string[]][] = [...trainers, ["evaluate", ["evaluate", "tiny.onnx"]]];
  test.each(trainers)("%s: a corpus with one emotion", async (_, words) => {
    const { code, stdout, stderr } = await undertone(
      [...words, "--data", "one emotion", "--out", "run"],
      dir,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('"one emotion": all 2 clips are sad, expected two emotions or more');
    expect(existsSync(at("run"))).toBe(false);
  });

  test.each(all)("%s: a manifest.csv with missing columns", async (command, words) => {
    const out = command === "evaluate" ? [] : ["--out", "run"];
    const { code, stdout, stderr } = await undertone([...words, "--data", "no columns", ...out], dir);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /manifest\.csv: its first line is .* lacks the columns path, emotion, speaker; expected path,/,
    );
    expect(existsSync(at("run"))).toBe(false);
  });

  test("corpora check says the same of both", async () => {
    const { code, stderr } = await undertone(["corpora", "check", "no columns"], dir);
    expect(code).toBe(2);
    expect(stderr).toContain("lacks the columns path, emotion, speaker");
    expect((await undertone(["corpora", "check", "one emotion"], dir)).stdout).toContain("sad");
  });
});
