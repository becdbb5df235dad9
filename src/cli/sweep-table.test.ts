// Tests of what a sweep prints of several corpora and of calibrated voices: lines for people, and JSON.
import { expect, test } from "vitest";
import type { Estimate, Finished, PartScore, Protocol, Score, SweepSummary } from "../training/index.ts";
import { runFields, summaryFields } from "./sweep-fields.ts";
import { sweepLines } from "./sweep-table.ts";

const protocol = { name: "languages", classes: ["angry", "boredom", "sad"] } as unknown as Protocol;
const of = (mean: number, half?: number): Estimate =>
  half === undefined
    ? { mean, low: null, high: null, spread: 0 }
    : { mean, low: mean - half, high: mean + half, spread: half };

const emodb = {
  ...{ unseen: "unseen speaker", heldOut: "emodb", runs: 15, clips: 535, warnings: [] },
  ...{ wa: of(0.7, 0.1), uar: of(0.65, 0.1), confident: of(0.81234), ece: 0.05 },
  answered: { share: of(0.9), wa: of(0.75, 0.01) },
  recall: { angry: 0.8, boredom: 0.5 },
  byGender: { F: of(0.7, 0.02), M: of(0.6) },
  byAllClips: { wa: of(0.75), uar: of(0.712, 0.01), byGender: { F: of(0.72), M: of(0.7) } },
  byNeutralClips: { calibrated: of(0.68), unknown: of(0.7), gain: of(-0.02, 0.03) },
};
const { byNeutralClips: _, byGender: __, ...more } = emodb;
const tess = { ...more, heldOut: "tess", runs: 6, recall: { angry: 0.4, sad: 0.6 } };
const summary: SweepSummary = {
  ...{ ...emodb, recipe: "universal", protocol: "languages", seeds: [1, 2, 3], folds: 5, allFolds: 5 },
  ...{ rows: "corpora", parts: [emodb, tess], interval: "95 %", commits: ["1 a"], scores: [] },
};

test("a row a corpus; calibrated voices in columns of their own, what they gain with its sign", () => {
  const [, head, first, second, mean, figures, answers, genders, known, , ...notes] = sweepLines(protocol, [
    summary,
  ]);
  expect(head).toMatch(
    /corpus +clips +runs +UAR % +WA % +voice \(all\) +voice \(neutral\) \+ +angry +boredom +sad/,
  );
  expect(first).toMatch(
    /emodb +535 +15 +65\.0 \(55\.0 to 75\.0\) +70\.0 \(60\.0 to 80\.0\) +71\.2 \(70\.2 to 72\.2\) +-2\.0 \(-5\.0 to \+1\.0\) +80 +50/,
  );
  expect(second).toMatch(/tess .* 71\.2 \(70\.2 to 72\.2\) +40 +60$/);
  // One run stands in several rows.
  expect(mean).toMatch(/mean +65\.0 .* -2\.0 \(-5\.0 to \+1\.0\) +60 +50 +60$/);
  expect(figures).toContain("WA of the 70 % most confident 81.2 %");
  expect(answers).toBe("  sure enough to answer 90.0 %, of which 75.0 % (74.0 % to 76.0 %) right");
  expect(genders).toBe("  UAR of women 70.0 % (68.0 % to 72.0 %), men 60.0 %");
  expect(known).toBe("  with voice (all): women 72.0 %, men 70.0 %");
  expect(notes.join("\n")).toContain("70.0 % without, 68.0 % with");
});

test("without calibrated voices: no such columns, and no words of them", () => {
  const plain = ({ byAllClips: _all, byNeutralClips: _neutral, ...rest }: SweepSummary["parts"][number]) =>
    rest;
  const { byAllClips: _all, byNeutralClips: _neutral, ...rest } = summary;
  const text = sweepLines(protocol, [{ ...rest, rows: "folds", parts: summary.parts.map(plain) }]).join("\n");
  expect(text).toMatch(/never heard .* WA % +angry/);
  expect(text).toMatch(/mean +21 /);
  expect(text).not.toContain("voice");
});

test("JSON: everything of each corpus, of each run and over them", () => {
  const score = (uar: number): Score => ({
    ...{
      clips: 4,
      labels: ["angry"],
      wa: uar,
      uar,
      recall: { angry: uar },
      confusion: [[4]],
      ece: 0.1,
      reliability: [],
    },
    ...{ low: 0, high: 1, answered: 1, waAnswered: uar, confident: 0.123456 },
  });
  const parts: PartScore[] = [
    {
      ...{ corpus: "emodb", score: score(0.5), byAllClips: score(0.6), byGender: { F: score(0.8) } },
      byNeutralClips: { calibrated: score(0.7), unknown: score(0.65) },
    },
    { corpus: "tess", score: score(0.4) },
  ];
  const result = { recipe: "universal", score: score(0.45), parts, card: { warnings: [] } };
  const one = { run: { fold: 2, folder: "f" }, result } as unknown as Finished;
  expect(runFields(protocol, one)).toMatchObject({
    ...{ fold: 2, uar: 0.45, confident: 0.1235 },
    parts: [
      {
        ...{ corpus: "emodb", uar: 0.5, confident: 0.1235, by_all_clips: { uar: 0.6, clips: 4 } },
        by_neutral_clips: { calibrated: { uar: 0.7 }, unknown: { uar: 0.65 } },
        by_gender: { F: { uar: 0.8, clips: 4 } },
      },
      { corpus: "tess", uar: 0.4 },
    ],
  });
  const fields = summaryFields(protocol, summary);
  expect(fields).toMatchObject({
    ...{ rows: "corpora", confident: { mean: 0.8123, low: null }, by_all_clips: { wa: { mean: 0.75 } } },
    by_neutral_clips: { gain: { mean: -0.02 } },
    by_gender: { F: { mean: 0.7, low: 0.68 }, M: { mean: 0.6 } },
    matrix: [{ held_out: "emodb", by_neutral_clips: { gain: { low: -0.05 } } }, { held_out: "tess" }],
  });
  expect(fields.matrix[1]).not.toHaveProperty("by_neutral_clips");
});
