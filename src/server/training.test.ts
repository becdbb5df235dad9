// Tests of training through the service: the port's runs as they are shown, told, used, and refused.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder, type TestService, testService, until } from "../../test/support/service.ts";
import { tinyCard, tinyModel } from "../../test/support/tiny-model.ts";
import { type Run, type Trainer, TrainerError } from "./index.ts";

const folder = newFolder();
const made = join(folder, "model.onnx");
const run: Run = {
  ...{ id: "20260102-030405", recipe: "tess-lstm", seed: 1, epochs: 2, created: "2026-01-02T03:04:05.000Z" },
  ...{ state: "running", error: null, score: null, clipsPerSecond: 12.5, secondsLeft: null, model: null },
  history: [{ epoch: 1, trainLoss: 1.5, validationLoss: 1.25, validationAccuracy: 0.5, best: true }],
};
let tell: (id: string) => void = () => {};
const trainer: Trainer = {
  training: async () => ({ recipes: [{ name: "tess-lstm", summary: "small", epochs: 2 }], corpora: [] }),
  runs: async () => [run],
  run: async (id) => (id === run.id ? run : null),
  start: async ({ recipe }) => {
    if (recipe !== run.recipe) throw new TrainerError(400, "no-recipe", "There is no such recipe.");
    return run;
  },
  stop: async () => ({ ...run, state: "stopped" }),
  model: async () => {
    if (!existsSync(made)) throw new TrainerError(409, "no-model", "It made none yet.");
    return made;
  },
  onChange: (listener) => {
    tell = listener;
    return () => {
      tell = () => {};
    };
  },
};

let service: TestService;
beforeAll(async () => {
  service = await testService({ trainer }, folder);
});
afterAll(() => service.end());

test("recipes, runs, one run, a start and a stop", async () => {
  expect(await service.get("/service")).toMatchObject({ training: true });
  expect((await service.get("/training")).recipes[0].name).toBe("tess-lstm");
  expect(await service.get("/training/runs")).toEqual([run]);
  expect(await service.get(`/training/runs/${run.id}`)).toEqual(run);
  const started = await service.send("POST", "/training/runs", { recipe: "tess-lstm", epochs: 2, seed: 0 });
  expect([started.status, started.headers.get("location")]).toEqual([201, `/api/v1/training/runs/${run.id}`]);
  expect(await (await service.send("POST", `/training/runs/${run.id}/stop`)).json()).toMatchObject({
    state: "stopped",
  });
});

test.each([
  ["a recipe that is none", "POST", "/training/runs", { recipe: "none" }, 400, "no-recipe"],
  ["epochs that are none", "POST", "/training/runs", { recipe: "tess-lstm", epochs: 0 }, 400, "bad-request"],
  ["a run that is none", "GET", "/training/runs/none", undefined, 404, "no-run"],
  ["the stop of a run that is none", "POST", "/training/runs/none/stop", undefined, 404, "no-run"],
  ["the model of a run that is none", "POST", "/training/runs/none/use", undefined, 404, "no-run"],
  ["a model that is not there yet", "POST", `/training/runs/${run.id}/use`, undefined, 409, "no-model"],
] as const)("%s is refused", async (_, method, path, body, status, code) => {
  const response = await service.send(method, path, body);
  expect([response.status, (await response.json()).code]).toEqual([status, code]);
});

test("a run's model is taken among the models under a name of its own, told, and heard with", async () => {
  writeFileSync(made, tinyModel(tinyCard({ name: "learnt", version: "2" })));
  const name = `tess-lstm-${run.id}`;
  const used = await service.send("POST", `/training/runs/${run.id}/use`);
  expect(await used.json()).toMatchObject({ name, id: "learnt@2", isDefault: false });
  expect((await service.get("/models")).map((model: { name: string }) => model.name)).toEqual(["tiny", name]);
  expect(await service.get(`/training/runs/${run.id}`)).toMatchObject({ model: name });
  expect((await service.upload("x", { model: name })).status).toBe(201);
});

test("a change of a run is told", async () => {
  const stop = new AbortController();
  const stream = await service.call("/api/v1/events", { signal: stop.signal });
  let text = "";
  (async () => {
    for await (const chunk of stream.body!) text += Buffer.from(chunk).toString();
  })().catch(() => {});
  await until(() => text.includes("retry"));
  tell(run.id);
  await until(() => text.includes(`event: run\ndata: {"id":"${run.id}"}`));
  stop.abort();
});
