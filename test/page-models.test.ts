// The page's Models in a real browser: the choice that later uploads keep to, and a card that hides nothing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { EMOTIONS, type ScoreCard } from "../src/speech/index.ts";
import { missedMost } from "../web/src/views/models/scores.ts";
import { CHROMIUM, holdEverywhere, type PageUnderTest, startPage } from "./support/browser.ts";
import { until } from "./support/service.ts";
import { tinyCard, tinyModel } from "./support/tiny-model.ts";

const scoreOf = (changes: Partial<ScoreCard>): ScoreCard => ({
  protocol: "unseen speaker",
  heldOut: "tess/YAF",
  corpus: "tess",
  clips: 1400,
  wa: 0.534,
  uar: 0.52,
  recall: { angry: 0.38, disgust: 0.95, fear: 0.4, happy: 0.2, neutral: 0.9, sad: 0.85, surprise: 0.5 },
  low: 0.508,
  high: 0.56,
  ece: 0.034,
  warnings: [],
  ...changes,
});
const KNOWN = tinyCard({
  name: "known",
  architecture: "one number",
  parameters: 7,
  licence: "MIT",
  corpora: [{ name: "tess", licence: "CC BY-NC-ND 4.0", speakers: 2, clips: 2800, languages: ["en"] }],
  scores: [
    scoreOf({
      protocol: "random split",
      heldOut: "10 %",
      wa: 0.998,
      low: 0.99,
      high: 1,
      warnings: ["2 voices on both sides"],
    }),
    scoreOf({}),
  ],
  usual: { mean: new Array(7).fill(0), spread: new Array(7).fill(1), limit: 2.125 },
  training: { command: "undertone train tiny --seed 7", commit: "abc1234", seed: 7 },
});

test("the three that are missed most, and none that is missed rarely", () => {
  expect(missedMost(scoreOf({})).map(({ emotion }) => emotion)).toEqual(["happy", "angry", "fear"]);
  expect(missedMost({ recall: { angry: 0.95, sad: 0.9 } })).toEqual([]);
});

const withBrowser = test.skipIf(!CHROMIUM);
const none = CHROMIUM ? "" : " (no Chromium on PATH)";

let pages: PageUnderTest;
const folder = mkdtempSync(join(tmpdir(), "undertone-models-"));
beforeAll(async () => {
  if (!CHROMIUM) return;
  writeFileSync(join(folder, "known.onnx"), tinyModel(KNOWN));
  writeFileSync(join(folder, "unknown.onnx"), tinyModel(null));
  pages = await startPage({ models: { places: [folder], fallback: "known" } });
});
afterAll(async () => {
  await pages?.end();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  expect(pages?.troubles ?? []).toEqual([]);
});

withBrowser(`the chosen model answers what is sent later, also after a reload${none}`, async () => {
  const page = await pages.open("#/models");
  const known = page.getByRole("radio", { name: /^known/ });
  const unknown = page.getByRole("radio", { name: /^unknown/ });
  await known.waitFor();
  await until(() => known.isChecked());
  expect(await page.getByText("53.4 %").count()).toBe(1);
  expect(await page.getByText("95 % interval 50.8 % to 56 %").count()).toBe(1);
  expect(await page.getByText("Do not rely on its answers").count()).toBe(1);

  // By the keyboard, as radios go.
  await known.focus();
  await page.keyboard.press("ArrowDown");
  expect(await unknown.isChecked()).toBe(true);
  await page.reload();
  await unknown.waitFor();
  await until(() => unknown.isChecked());

  await page.evaluate(`location.hash = "#/batch"`);
  await page.evaluate(`{
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (form) {
      globalThis.modelSent = form.get("model");
      send.call(this, form);
    };
  }`);
  const buffer = Buffer.from("sound");
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles([{ name: "a.wav", mimeType: "audio/wav", buffer }]);
  await page.getByRole("progressbar", { name: "1 of 1 files handled" }).waitFor();
  expect(await page.evaluate("modelSent")).toBe("unknown");
  await page.context().close();
});

withBrowser(
  `a card says what it was trained on, what it scores, what it misses, and what weakens that${none}`,
  async () => {
    const page = await pages.open("#/models/known");
    const unseen = page.getByRole("region", { name: "On voices it never heard" });
    await unseen.waitFor();
    expect(await unseen.getByRole("region").count()).toBe(1);
    const score = unseen.getByRole("region", { name: "unseen speaker, held out: tess/YAF" });
    const bars = await score.getByRole("listitem").allTextContents();
    expect(bars).toHaveLength(EMOTIONS.length);
    expect(bars[0]).toBe("Angry38 %");
    expect(await score.textContent()).toContain("Happy (80 %), Angry (62 %), and Fear (60 %)");
    expect(await score.textContent()).toContain("3.4 %");
    const seen = page.getByRole("region", { name: "On voices it knows" });
    expect(await seen.textContent()).toContain("2 voices on both sides");
    for (const words of [
      "2 voices, 2,800 clips, English",
      "Licence: CC BY-NC-ND 4.0",
      "abc1234",
      "2.125 spreads from what it was trained on",
      "Art. 5(1)(f)",
    ]) {
      expect(await page.getByText(words).count(), words).toBeGreaterThan(0);
    }
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download .onnx" }).click(),
    ]);
    expect(await readFile(await download.path())).toEqual(Buffer.from(tinyModel(KNOWN)));
    await page.context().close();
  },
);

withBrowser(`a model without a card says that nothing is known${none}`, async () => {
  const page = await pages.open("#/models/unknown");
  await page.getByText("Not measured.").waitFor();
  expect(await page.getByText("Its card does not say what it was trained on.").count()).toBe(1);
  expect(await page.getByText("Not known").count()).toBeGreaterThan(2);
  await page.evaluate(`location.hash = "#/models/gone"`);
  await page.getByText("This service has no model of that name.").waitFor();
  await page.context().close();
});

withBrowser(`nothing for axe to find, at every width, in both themes${none}`, async () => {
  await holdEverywhere(pages, "#/models", (page) => page.getByRole("radio", { name: /^known/ }).waitFor());
  await holdEverywhere(pages, "#/models/known", (page) => page.getByText("abc1234").waitFor());
});
