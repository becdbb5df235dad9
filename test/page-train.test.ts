// The page's Train in a real browser: a run from its start to its use, curves that can be read, and the word where it is off.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Run, type Trainer, TrainerError } from "../src/server/index.ts";
import { CHROMIUM, holdEverywhere, type PageUnderTest, startPage } from "./support/browser.ts";
import { until } from "./support/service.ts";
import { tinyCard, tinyModel } from "./support/tiny-model.ts";

const withBrowser = test.skipIf(!CHROMIUM);
const none = CHROMIUM ? "" : " (no Chromium on PATH)";

/** A trainer whose runs go on when the test says so. */
function handTrainer(model: string) {
  const runs: Run[] = [];
  const listeners = new Set<(id: string) => void>();
  const tell = (id: string) => {
    for (const listener of listeners) listener(id);
  };
  const find = (id: string) => runs.find((run) => run.id === id) ?? null;
  const trainer: Trainer = {
    training: async () => ({
      recipes: [
        { name: "tess-lstm", summary: "two LSTM layers", epochs: 40 },
        { name: "tess-cnn", summary: "convolutions", epochs: 30 },
      ],
      corpora: [{ name: "tess", clips: 2800, speakers: 2 }],
    }),
    runs: async () => structuredClone(runs),
    run: async (id) => structuredClone(find(id)),
    async start({ recipe, epochs = 40, seed = 1 }) {
      if (runs.some(({ state }) => state === "running")) {
        throw new TrainerError(409, "busy", "A run is under way; stop it first.");
      }
      const id = `run-${runs.length + 1}`;
      const created = new Date(Date.UTC(2026, 0, 1 + runs.length)).toISOString();
      const rest = { history: [], score: null, clipsPerSecond: 800, secondsLeft: 90, model: null };
      const run: Run = { id, recipe, seed, epochs, created, state: "running", error: null, ...rest };
      runs.unshift(run);
      tell(id);
      return structuredClone(run);
    },
    async stop(id) {
      const run = find(id)!;
      run.state = "stopped";
      tell(id);
      return structuredClone(run);
    },
    model: async () => model,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    trainer,
    runs,
    /** One more epoch; its validation is best where it is less than all before. */
    epoch(id: string, trainLoss: number, validationLoss: number) {
      const run = find(id)!;
      const best = run.history.every((before) => before.validationLoss > validationLoss);
      const validationAccuracy = 1 - validationLoss / 4;
      run.history.push({
        epoch: run.history.length + 1,
        trainLoss,
        validationLoss,
        validationAccuracy,
        best,
      });
      tell(id);
    },
    finish(id: string) {
      const run = find(id)!;
      run.state = "done";
      run.secondsLeft = null;
      run.score = {
        ...{ protocol: "unseen speaker", heldOut: "tess/YAF", wa: 0.75, uar: 0.7, labels: ["angry", "sad"] },
        confusion: [
          [9, 1],
          [5, 5],
        ],
      };
      tell(id);
    },
  };
}

let pages: PageUnderTest;
let off: PageUnderTest;
let hand: ReturnType<typeof handTrainer>;
const folder = mkdtempSync(join(tmpdir(), "undertone-train-"));
beforeAll(async () => {
  if (!CHROMIUM) return;
  const model = join(folder, "made.onnx");
  writeFileSync(model, tinyModel(tinyCard({ name: "made" })));
  hand = handTrainer(model);
  pages = await startPage({ trainer: hand.trainer });
  off = await startPage();
});
afterAll(async () => {
  await pages?.end();
  await off?.end();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  expect([...(pages?.troubles ?? []), ...(off?.troubles ?? [])]).toEqual([]);
});

withBrowser(`without a data folder the page says how to give one${none}`, async () => {
  const page = await off.open("#/train");
  await page.getByText("Training is not switched on").waitFor();
  expect(await page.getByText("undertone serve --train-data DIR").count()).toBe(1);
  await page.context().close();
});

withBrowser(`a run from its start to its use${none}`, async () => {
  const page = await pages.open("#/train");
  await page.getByText("No runs yet").waitFor();
  await page.getByText("tess: 2,800 clips, 2 voices").waitFor();
  // Epochs are told, not asked for: who does not listen yet misses them.
  await page.waitForSelector('[data-connection="online"]', { state: "attached" });
  await page.getByLabel("Epochs").fill("3");
  await page.getByLabel("Seed").fill("7");
  await page.getByRole("button", { name: "Start training" }).click();
  const row = page.getByRole("row", { name: /tess-lstm, seed 7/ });
  await row.getByText("Running").waitFor();
  expect(hand.runs[0]).toMatchObject({ recipe: "tess-lstm", epochs: 3, seed: 7 });

  hand.epoch("run-1", 1.9, 1.8);
  hand.epoch("run-1", 1.2, 1.4);
  await row.getByText("2 of 3").waitFor();
  const chart = page.getByRole("img", { name: "Loss by epoch of tess-lstm, seed 7" });
  await chart.locator("canvas").waitFor();
  // Lines are on it: not every point of the picture is clear.
  const painted = () =>
    page.evaluate<number>(`{
      const canvas = document.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      data.filter((value, i) => i % 4 === 3 && value > 0).length;
    }`);
  await until(async () => (await painted()) > 500);

  // The same numbers stand in a table.
  await page.getByText("The same numbers as a table").click();
  const numbers = page.getByRole("region", { name: "Epochs of tess-lstm, seed 7" });
  expect(await numbers.getByRole("row").nth(2).locator("th, td").allTextContents()).toEqual([
    ...["2", "1.200", "1.400"],
    "65 %best",
  ]);

  // One run at a time: the service's own words.
  await page.getByRole("button", { name: "Start training" }).click();
  await page.getByText("A run is under way; stop it first.").waitFor();

  hand.epoch("run-1", 1, 1.6);
  hand.finish("run-1");
  const result = page.getByRole("region", { name: "Result of tess-lstm, seed 7" });
  await result.waitFor();
  const sad = result.getByRole("row", { name: /^Sad/ });
  expect(await sad.locator("td").allTextContents()).toEqual(["5", "5", "50 %"]);

  await page.getByRole("button", { name: "Use result: tess-lstm, seed 7" }).click();
  await page.getByText("can be chosen under Models now").waitFor();
  const models = await pages.service.get("/models");
  expect(models).toHaveLength(2);
  await row.getByRole("link", { name: /In use as/ }).click();
  await page
    .getByRole("heading", {
      level: 1,
      name: models.find(({ name }: { name: string }) => name !== "tiny").name,
    })
    .waitFor();
  await page.context().close();
});

withBrowser(
  `two runs are drawn over each other, told apart by colour and dashes; one is stopped${none}`,
  async () => {
    await hand.trainer.start({ recipe: "tess-cnn", epochs: 30, seed: 2 });
    const [{ id } = { id: "" }] = hand.runs;
    for (let i = 0; i < 5; i++) hand.epoch(id, 2 / (i + 1), 2.2 / (i + 1));
    const page = await pages.open("#/train");
    const row = page.getByRole("row", { name: /tess-cnn, seed 2/ });
    await row.getByText("5 of 30").waitFor();
    await page.getByRole("checkbox", { name: "Draw the curves of tess-lstm, seed 7" }).check();
    const looks = await page
      .locator("tbody svg[data-look]")
      .evaluateAll((swatches) => swatches.map((swatch) => swatch.innerHTML.includes("stroke-dasharray")));
    expect(looks.toSorted()).toEqual([false, true]);
    const accuracy = page.getByRole("radio", { name: "Accuracy" });
    await accuracy.check();
    await page
      .getByRole("img", { name: /^Accuracy by epoch of tess-cnn, seed 2 and tess-lstm, seed 7/ })
      .waitFor();

    await row.getByRole("button", { name: "Stop tess-cnn, seed 2" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop the run" }).click();
    await row.getByText("Stopped").waitFor();
    await until(() => hand.runs[0]?.state === "stopped");
    await page.context().close();
  },
);

withBrowser(`nothing for axe to find, at every width, in both themes${none}`, async () => {
  await holdEverywhere(off, "#/train", (page) => page.getByText("Training is not switched on").waitFor());
  await holdEverywhere(pages, "#/train", async (page) => {
    await page.getByRole("checkbox", { name: "Draw the curves of tess-lstm, seed 7" }).check();
    await page.getByRole("region", { name: "Result of tess-lstm, seed 7" }).waitFor();
    await page.locator("canvas").waitFor();
  });
});
