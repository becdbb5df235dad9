// Tests of training for the service with real runs: to the end, stopped, failed, refused, and a service that is killed.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { loadRecognizer } from "../recognizer/index.node.ts";
import { type Run, TrainerError } from "../server/index.ts";
import { openTrainingRuns, type TrainingRuns } from "./training-runs.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const data = join(dir, "data");
const runs = join(dir, "runs");
let trainer: TrainingRuns;
const heard: string[] = [];

beforeAll(() => {
  writeTinyCorpus(join(data, "tess"), 6);
  trainer = openTrainingRuns({ data, runs, workers: 1 });
  trainer.onChange((id) => heard.push(id));
});
afterAll(async () => {
  await trainer.close();
  rmSync(dir, { recursive: true });
});

/** Waits until a run looks so. */
async function until(of: TrainingRuns, id: string, looksSo: (run: Run) => boolean): Promise<Run> {
  for (const end = Date.now() + 50_000; ; await pause(50)) {
    const run = (await of.run(id))!;
    if (looksSo(run)) return run;
    if (run.state !== "running" || Date.now() > end) throw new Error(`it is ${JSON.stringify(run)}`);
  }
}

test("what there is to learn, and from what", async () => {
  const { recipes, corpora } = await trainer.training();
  expect(recipes.find(({ name }) => name === "tess-lstm")).toEqual({
    name: "tess-lstm",
    summary: expect.any(String),
    epochs: expect.any(Number),
  });
  expect(corpora).toEqual([{ name: "tess", clips: 48, speakers: 2 }]);
  const nowhere = openTrainingRuns({ data: join(dir, "nowhere"), runs });
  await expect(nowhere.training()).rejects.toMatchObject({ status: 409, code: "bad-training-data" });
});

test("a run, from its start to a model that hears; nothing else runs beside it", async () => {
  const started = await trainer.start({ recipe: "tess-lstm", epochs: 3, seed: 5 });
  expect(started).toMatchObject({
    ...{ recipe: "tess-lstm", epochs: 3, seed: 5, state: "running", error: null, history: [] },
    ...{
      score: null,
      clipsPerSecond: null,
      secondsLeft: null,
      model: null,
      id: expect.stringMatching(/^\d{8}-\d{6}$/),
    },
  });
  await expect(trainer.start({ recipe: "tess-lstm" })).rejects.toMatchObject({
    status: 409,
    code: "training",
  });
  await expect(trainer.model(started.id)).rejects.toMatchObject({ status: 409, code: "no-model" });
  const learning = await until(trainer, started.id, ({ history }) => history.length > 0);
  if (learning.state === "running") expect(learning.secondsLeft).toBeGreaterThanOrEqual(0);
  expect(learning.clipsPerSecond).toBeGreaterThan(0);
  const done = await until(trainer, started.id, ({ state }) => state === "done");
  const [first, ...others] = done.history;
  expect(first).toEqual({
    ...{ epoch: 1, best: true, trainLoss: expect.any(Number) },
    ...{ validationLoss: expect.any(Number), validationAccuracy: expect.any(Number) },
  });
  expect(others.map(({ epoch }) => epoch)).toEqual([2, 3]);
  expect(done).toMatchObject({ error: null, secondsLeft: null });
  const { protocol, heldOut, labels, confusion, wa } = done.score!;
  expect([protocol, heldOut]).toEqual([
    "validation",
    expect.stringMatching(/^\d+ clips of voices that it knows$/),
  ]);
  const clips = confusion.flat().reduce((a, b) => a + b);
  expect(labels.reduce((sum, _, i) => sum + confusion[i]![i]!, 0) / clips).toBeCloseTo(wa, 9);
  const recognizer = await loadRecognizer(await trainer.model(started.id));
  expect(recognizer.card.training).toMatchObject({ seed: 5 });
  expect(await trainer.runs()).toEqual([done]);
  // Its start and its end at least: these epochs may all lie between two looks.
  expect(heard.filter((id) => id === started.id).length).toBeGreaterThanOrEqual(2);
});

test("stopped by a person: what it learnt until then is a model", async () => {
  const { id } = await trainer.start({ recipe: "tess-lstm", epochs: 500 });
  await until(trainer, id, ({ history }) => history.length > 1);
  // Its start, and an epoch.
  await until(trainer, id, () => heard.filter((one) => one === id).length > 1);
  const stopped = await trainer.stop(id);
  expect(stopped).toMatchObject({ state: "stopped", error: null, secondsLeft: null });
  expect(stopped.history.length).toBeLessThan(500);
  expect((await loadRecognizer(await trainer.model(id))).card.name).toBe("tess-lstm");
  await expect(trainer.stop(id)).rejects.toMatchObject({ status: 409, code: "not-running" });
  expect((await trainer.runs()).map((run) => run.id)[0]).toBe(id);
});

test("data that cannot be learnt from: the run failed, and says why", async () => {
  const empty = join(dir, "empty");
  mkdirSync(empty);
  const other = openTrainingRuns({ data: empty, runs: join(dir, "other") });
  const { id } = await other.start({ recipe: "tess-lstm" });
  const failed = await until(other, id, ({ state }) => state === "failed");
  expect(failed.error).toContain(empty);
  expect(failed.history).toEqual([]);
  await expect(other.model(id)).rejects.toMatchObject({ code: "no-model" });
});

test("what is none is refused", async () => {
  await expect(trainer.start({ recipe: "nothing" })).rejects.toThrow(
    'no recipe "nothing"; there are tess-lstm',
  );
  for (const id of ["nothing", "..", "../runs", ""]) {
    expect(await trainer.run(id)).toBeNull();
    await expect(trainer.stop(id)).rejects.toBeInstanceOf(TrainerError);
    await expect(trainer.model(id)).rejects.toMatchObject({ status: 404, code: "no-run" });
  }
});

test("a service that is killed: its run ends with it, whole, and the next service finds it stopped", async () => {
  const own = join(dir, "killed");
  const script = join(dir, "service.mjs");
  writeFileSync(
    script,
    `import { openTrainingRuns } from ${JSON.stringify(new URL("./training-runs.ts", import.meta.url).href)};
const trainer = openTrainingRuns(${JSON.stringify({ data, runs: own, workers: 1 })});
const { id } = await trainer.start({ recipe: "tess-lstm", epochs: 500 });
trainer.onChange(async () => {
  if ((await trainer.run(id)).history.length > 0) process.stdout.write(id);
});
`,
  );
  const service = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const id = await new Promise<string>((said) => service.stdout.once("data", (text) => said(String(text))));
  service.kill("SIGKILL");
  const next = openTrainingRuns({ data, runs: own, workers: 1 });
  expect(await next.run(id)).toMatchObject({ state: "stopped", error: null, epochs: 500 });
  for (const end = Date.now() + 20_000; ; await pause(50)) {
    const path = await next.model(id).catch(() => null);
    if (path && (await next.run(id))!.score) break;
    if (Date.now() > end) throw new Error("its run did not end with it");
  }
  // It has ended, and left its history as it was.
  const epochs = (await next.run(id))!.history.length;
  await pause(1_000);
  expect((await next.run(id))!.history.length).toBe(epochs);
  expect(JSON.parse(readFileSync(join(own, id, "run.json"), "utf8")).state).toBe("stopped");
});
