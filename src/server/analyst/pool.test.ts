// Tests of the analyst: the recogniser's own answers, errors by class, crashes, hangs, aborts, live sound beside it all.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { syllables } from "../../../test/support/tiny-model.ts";
import { wavBytes } from "../../../test/support/wav.ts";
import { AudioError, decodeFile } from "../../audio/index.node.ts";
import {
  analyzeFile,
  loadEvidence,
  loadRecognizer,
  ModelError,
  modelId,
  VoiceError,
} from "../../recognizer/index.node.ts";
import type { AnalysisJob, Analyst } from "../analyst.ts";
import { analysis as analysisSchema, evidence as evidenceSchema } from "../contract.ts";
import { evidenceJson } from "./evidence-file.ts";
import { type AnalystOptions, createAnalyst } from "./pool.ts";

const MODEL = "models/tess-lstm.onnx";
const SAMPLE = "examples/sample.wav";
const recognizer = await loadRecognizer(MODEL);
const MODEL_ID = modelId(recognizer.card);
const dir = mkdtempSync(join(tmpdir(), "undertone-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** The real program, but what is called so crashes or hangs it; it says in a file who it is. */
const FAULTY = join(dir, "faulty.mjs");
writeFileSync(
  FAULTY,
  `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(dir)} + "/pid-" + process.pid, "");
process.on("message", ({ kind, path, samples }) => {
  if (/crash/.test(path) || samples?.length === 13) process.kill(process.pid, "SIGSEGV");
  if (/hang/.test(path)) for (;;);
});
await import(${JSON.stringify(new URL("./process.ts", import.meta.url).href)});
`,
);

function analystOf(options: AnalystOptions = {}): Analyst {
  const analyst = createAnalyst({ processes: 2, ...options });
  onTestFinished(() => analyst.close());
  return analyst;
}

let count = 0;
function jobOf(path: string, more: Partial<AnalysisJob> = {}): AnalysisJob {
  const evidence = join(dir, `${++count}.json`);
  return { path, model: MODEL, evidence, maxSeconds: 3600, signal: new AbortController().signal, ...more };
}

function soundFile(name: string, seconds: number): string {
  const path = join(dir, name);
  writeFileSync(path, wavBytes(syllables(seconds, 0.02)));
  return path;
}

/** Twenty minutes: some seconds of work. */
const LONG = soundFile("long.wav", 1200);

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const pids = () =>
  readdirSync(dir)
    .filter((name) => name.startsWith("pid-"))
    .map((name) => Number(name.slice(4)));

async function until(what: () => boolean, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !what(); await pause(20)) if (Date.now() > end) throw new Error("never");
}

test("an analysis is the recogniser's, with its timeline and evidence, in the contract's shape", async () => {
  const job = jobOf(SAMPLE);
  const answer = await analystOf().analyze(job);
  expect(analysisSchema.strict().parse(answer)).toEqual(answer);
  const observer = (await loadEvidence()).begin();
  const { file: _, ...expected } = await analyzeFile(recognizer, SAMPLE, { timeline: true, observer });
  expect(answer).toEqual(expected);
  const evidence = JSON.parse(readFileSync(job.evidence!, "utf8"));
  expect(evidenceSchema.strict().parse(evidence)).toEqual(evidence);
  expect(evidence).toEqual(evidenceJson(await observer.finish()));
  const bytes = (text: string) => Buffer.from(text, "base64").length;
  const { columns, peaks, spectrogram, mfcc, attention } = evidence;
  expect([peaks, spectrogram.data, mfcc.data, attention].map(bytes)).toEqual(
    [2, 64, 20, 1].map((rows) => rows * columns),
  );
});

test("many at once: every one its own answer, over two processes that are kept", async () => {
  const analyst = analystOf({ program: FAULTY });
  const before = pids().length;
  const seconds = Array.from({ length: 12 }, (_, i) => 0.5 + i / 10);
  for (const round of [1, 2]) {
    const jobs = seconds.map((s, i) => analyst.analyze(jobOf(soundFile(`many${round}-${i}.wav`, s))));
    expect((await Promise.all(jobs)).map((answer) => Math.round(answer.seconds * 10) / 10)).toEqual(seconds);
  }
  expect(pids().length - before).toBe(2);
});

describe("errors keep their class and code", () => {
  test.each([
    ["no sound", { path: "package.json" }, AudioError, "unreadable-audio"],
    ["no file", { path: "nowhere.wav" }, AudioError, "not-found"],
    ["too long", { maxSeconds: 1 }, AudioError, "too-long"],
    ["no model", { model: "nowhere.onnx" }, ModelError, "not-found"],
    ["another graph", { model: "models/features.onnx" }, ModelError, "not-a-model"],
    ["another model's voice", { voice: { mean: [1], spread: [1] } }, VoiceError, undefined],
  ] as const)("%s", async (_, more, kind, code) => {
    const job = jobOf(SAMPLE, more);
    const error = await analystOf({ processes: 1 })
      .analyze(job)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect((error as { code?: string }).code).toBe(code);
    expect(existsSync(job.evidence!)).toBe(false);
  });
});

describe("a process that fails takes one analysis with it", () => {
  test("a crash", async () => {
    const analyst = analystOf({ program: FAULTY });
    const others = [1, 2, 3, 4].map(() => analyst.analyze(jobOf(SAMPLE)));
    const crash = analyst.analyze(jobOf(soundFile("crash.wav", 1)));
    await expect(crash).rejects.toMatchObject({ code: "analyst-died", message: /SIGSEGV.*Try it again/s });
    expect((await Promise.all(others)).map(({ model }) => model)).toEqual(Array(4).fill(MODEL_ID));
    expect((await analyst.analyze(jobOf(SAMPLE))).model).toBe(MODEL_ID);
  });

  test("a hang is ended after a while, one that is given up sooner", async () => {
    const analyst = analystOf({ program: FAULTY, processes: 1, silentMs: 4_000 });
    await analyst.analyze(jobOf(SAMPLE));
    const start = performance.now();
    const hang = analyst.analyze(jobOf(soundFile("hang.wav", 1)));
    await expect(hang).rejects.toMatchObject({ code: "analyst-hung", message: /nothing for 4 s/ });
    expect(performance.now() - start).toBeLessThan(15_000);
    expect((await analyst.analyze(jobOf(SAMPLE))).model).toBe(MODEL_ID);

    const patient = analystOf({ program: FAULTY, processes: 1 });
    const reason = new Error("enough");
    const controller = new AbortController();
    const given = patient.analyze(jobOf(soundFile("hang.wav", 1), { signal: controller.signal }));
    await pause(500);
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect((await patient.analyze(jobOf(SAMPLE))).model).toBe(MODEL_ID);
  });
});

test("given up, running or queued, an analysis ends with the signal's reason and leaves nothing", async () => {
  const analyst = analystOf({ processes: 1 });
  await analyst.analyze(jobOf(SAMPLE));
  const [running, queued] = [new AbortController(), new AbortController()];
  const shares: number[] = [];
  const first = jobOf(LONG, { signal: running.signal, onProgress: (share) => shares.push(share) });
  const second = jobOf(LONG, { signal: queued.signal });
  const [one, two] = [analyst.analyze(first), analyst.analyze(second)];
  const third = analyst.analyze(jobOf(SAMPLE));
  await until(() => shares.length > 0);
  queued.abort(new Error("not any more"));
  await expect(two).rejects.toThrow("not any more");
  running.abort(new Error("stop"));
  const start = performance.now();
  await expect(one).rejects.toThrow("stop");
  expect(performance.now() - start).toBeLessThan(5_000);
  expect((await third).model).toBe(MODEL_ID);
  for (const { evidence } of [first, second]) {
    expect([existsSync(evidence!), existsSync(`${evidence}.part`)]).toEqual([false, false]);
  }
  await expect(analyst.analyze(first)).rejects.toThrow("stop");
});

test("progress grows from 0 to 1 with what has been heard", async () => {
  const shares: number[] = [];
  await analystOf().analyze(jobOf(LONG, { onProgress: (share) => shares.push(share) }));
  expect(shares.length).toBeGreaterThan(2);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares[0]).toBeGreaterThan(0);
  expect(shares.at(-1)).toBeLessThan(1);
});

test("closed: what runs and what waits is refused, and no process is left", async () => {
  const before = new Set(pids());
  const analyst = createAnalyst({ processes: 2, program: FAULTY });
  const jobs = [1, 2, 3].map(() => analyst.analyze(jobOf(soundFile("hang.wav", 1))));
  const session = await analyst.live(MODEL);
  await until(() => pids().filter((pid) => !before.has(pid)).length === 3);
  await Promise.all([
    analyst.close(),
    ...jobs.map((job) => expect(job).rejects.toMatchObject({ code: "analyst-closed" })),
  ]);
  await expect(analyst.analyze(jobOf(SAMPLE))).rejects.toMatchObject({ code: "analyst-closed" });
  await expect(analyst.live(MODEL)).rejects.toMatchObject({ code: "analyst-closed" });
  await session.close();
  await until(() => pids().every((pid) => before.has(pid) || !isThere(pid)));
});

test("an owner that is killed leaves no process behind", async () => {
  const before = new Set(pids());
  const script = join(dir, "owner.mjs");
  writeFileSync(
    script,
    `import { createAnalyst } from ${JSON.stringify(new URL("./pool.ts", import.meta.url).href)};
const analyst = createAnalyst({ program: ${JSON.stringify(FAULTY)} });
await analyst.analyze({ ...${JSON.stringify(jobOf(SAMPLE))}, signal: new AbortController().signal });
process.stdout.write("done");
setInterval(() => {}, 1000);
`,
  );
  const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((heard) => owner.stdout.once("data", heard));
  const own = pids().filter((pid) => !before.has(pid));
  expect(own.map(isThere)).toEqual([true]);
  owner.kill("SIGKILL");
  await until(() => own.every((pid) => !isThere(pid)));
});

describe("live", () => {
  test("estimates are the recogniser's, blocks in order though nobody waits for one", async () => {
    const sound = await decodeFile(SAMPLE);
    const session = await analystOf().live(MODEL);
    expect(session).toMatchObject({ hop: 0.1, emotions: recognizer.card.emotions });
    const blocks = Array.from({ length: Math.ceil(sound.length / 700) }, (_, i) =>
      sound.slice(i * 700, (i + 1) * 700),
    );
    const got = (await Promise.all(blocks.map((block) => session.push(block)))).flat();
    expect(got).toEqual(await recognizer.live().push(sound));
    expect(got.length).toBe(Math.floor(sound.length / 1600));
    await session.close();
  });

  test("an estimate comes within 150 ms though every process is busy", async () => {
    const analyst = analystOf();
    const session = await analyst.live(MODEL);
    const controller = new AbortController();
    const busy = Array.from({ length: 4 }, () =>
      analyst.analyze(jobOf(LONG, { signal: controller.signal })).catch(() => {}),
    );
    const block = syllables(0.1, 0.02);
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      await pause(50);
      const start = performance.now();
      expect((await session.push(block)).length).toBe(1);
      times.push(performance.now() - start);
    }
    controller.abort();
    await Promise.all(busy);
    expect(times.sort((a, b) => a - b)[15]).toBeLessThan(150);
  });

  test("no more sessions than are allowed; one that ends makes room", async () => {
    const analyst = analystOf({ sessions: 2 });
    const [one] = await Promise.all([analyst.live(MODEL), analyst.live(MODEL)]);
    await expect(analyst.live(MODEL)).rejects.toMatchObject({ code: "live-full" });
    await one.close();
    await one.close();
    await analyst.live(MODEL);
    await expect(analyst.live(MODEL)).rejects.toMatchObject({ code: "live-full" });
  });

  test("a model that cannot be used is refused and takes no room; its process goes on", async () => {
    const analyst = analystOf({ sessions: 1 });
    await expect(analyst.live("nowhere.onnx")).rejects.toBeInstanceOf(ModelError);
    const session = await analyst.live(MODEL);
    await expect(session.push(Float32Array.of(Number.NaN))).rejects.toThrow("sample 0 is NaN");
    expect((await session.push(syllables(0.1, 0.1))).length).toBe(1);
  });

  test("what listens crashes: the session says so, analyses go on, and a new session can begin", async () => {
    const analyst = analystOf({ program: FAULTY, sessions: 1 });
    const session = await analyst.live(MODEL);
    await expect(session.push(new Float32Array(13))).rejects.toMatchObject({ code: "analyst-died" });
    await expect(session.push(new Float32Array(1600))).rejects.toMatchObject({ code: "analyst-died" });
    await session.close();
    expect((await analyst.analyze(jobOf(SAMPLE))).model).toBe(MODEL_ID);
    const next = await analyst.live(MODEL);
    expect((await next.push(new Float32Array(1600))).length).toBe(1);
  });
});
