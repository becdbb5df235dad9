// Tests of how many clips of a voice it takes: a model that hears loudness alone, and a speaker who is always as loud.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CENTRES, syllables, tinyCard, tinyModel } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";
import { UnseenError } from "./unseen.ts";
import { type VoicesRow, voicesBench } from "./voices.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);
const SECONDS = 0.8;

/** Its first emotion is angry; by loudness alone the speaker sounds like its third. */
function model(name: string, voices: string[]): string {
  const mine = { name: "mine", licence: "none", speakers: 1, clips: 3, languages: ["en"], voices };
  const usual = { mean: CENTRES, spread: CENTRES.map(() => 1), limit: 9 };
  writeFileSync(at(name), tinyModel(tinyCard({ corpora: [mine], usual })));
  return at(name);
}

beforeAll(() => {
  mkdirSync(at("data", "mine"), { recursive: true });
  let made = 0;
  const clips = (speaker: string, emotion: string, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const file = `${speaker}-${emotion}-${i}.wav`;
      // Each a little longer than the one before, so that none is a copy.
      const sound = syllables(SECONDS + made++ / 1e4, Math.exp(CENTRES[2]!));
      writeFileSync(at("data", "mine", file), wavBytes(sound));
      return `${file},${emotion},${speaker}`;
    });
  const rows = [
    ...[...clips("ann", "angry", 30), ...clips("ann", "neutral", 4)],
    // Too few to know a voice by; that the corpus has fear, everybody is offered.
    ...[...clips("cy", "fear", 3), ...clips("bo", "angry", 40)],
  ];
  writeFileSync(at("data", "mine", "manifest.csv"), ["path,emotion,speaker", ...rows].join("\n"));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function measure(models: string[], data = at("data")) {
  const missing: string[] = [];
  const rows: VoicesRow[] = [];
  const bench = voicesBench({
    ...{ models, data, speakers: 12, seed: 1, onProgress: () => {} },
    onMissing: (why) => missing.push(why),
  });
  for await (const row of bench) rows.push(row);
  return { rows, missing };
}

test("whoever is known sounds like himself: from the first clip on, on other clips than those", async () => {
  const { rows, missing } = await measure([model("knows-bo.onnx", ["mine/bo"])]);
  expect(missing).toEqual([]);
  const [any, neutral] = [rows.filter(({ by }) => by === "any"), rows.filter(({ by }) => by === "neutral")];
  expect(any.map(({ clips }) => clips)).toEqual([0, 1, 2, 4, 8, 16]);
  expect(neutral.map(({ clips }) => clips)).toEqual([0, 1, 2, 4]);
  for (const { by, clips, seconds, models, speakers, measured, uar, gain } of rows) {
    expect([models, speakers, measured]).toEqual([1, 1, by === "any" ? 18 : 24]);
    expect(seconds).toBeCloseTo(clips * SECONDS, 1);
    if (clips === 0) expect([uar, gain]).toEqual([0, 0]);
    // Neutral clips, which are as loud, are then angry too.
    else expect(uar).toBe(by === "any" ? 0.5 : 1);
    expect(gain).toBeCloseTo(100 * uar, 6);
  }
});

test("where nobody has clips enough there is nothing to say, and it says why", async () => {
  const knowing = model("knows-most.onnx", ["mine/bo", "mine/ann"]);
  await expect(measure([knowing])).rejects.toBeInstanceOf(UnseenError);
  await expect(measure([knowing])).rejects.toThrow(/no speaker .* 16 clips and 8 others/);
});
