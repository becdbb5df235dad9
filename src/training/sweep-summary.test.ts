// Tests of a sweep's table: means and intervals of runs that are made up.
import { expect, test } from "vitest";
import { parseCard, unknownCard } from "../speech/index.ts";
import type { PartScore } from "./measure.ts";
import type { Bin, Score } from "./metrics.ts";
import { PROTOCOLS, type Protocol } from "./protocols/index.ts";
import { RECIPES } from "./recipes/index.ts";
import type { Finished } from "./sweep.ts";
import { summariseSweep } from "./sweep-summary.ts";

const corpora = PROTOCOLS.find(({ name }) => name === "corpora")!;
const recipe = RECIPES[0]!;

/** A hundred answers as sure as half, and so much too sure. */
function offBy(share: number): Bin[] {
  return Array.from({ length: 15 }, (_, i) => {
    const clips = i === 7 ? 100 : 0;
    return { clips, confidence: clips / 2, right: clips * (0.5 - share) };
  });
}

function finished(fold: number, seed: number, uar: number, recall: Record<string, number>): Finished {
  const { name, unseen } = corpora.folds[fold - 1]!;
  const labels = Object.keys(recall);
  const score = {
    clips: 100,
    labels,
    wa: uar + 0.1,
    uar,
    recall,
    confusion: [],
    ece: 0.04,
    reliability: offBy(0.04),
  };
  const measured = { ...score, low: 0.2, high: 0.9, answered: 1, waAnswered: null, confident: uar + 0.2 };
  const card = { protocol: `unseen ${unseen}`, heldOut: name, corpus: name, clips: 100, warnings: ["w"] };
  const empty = {
    train: [],
    validation: [],
    test: [],
    protocol: "",
    heldOut: name,
    validationBy: "speaker" as const,
  };
  return {
    run: {
      ...{ key: `${fold} ${seed}`, recipe, recipeHash: "h", fold, seed, epochs: 2, workers: 1, folder: "f" },
      split: empty,
    },
    result: {
      ...{
        key: `${fold} ${seed}`,
        recipe: recipe.name,
        recipeHash: "h",
        unseen: `unseen ${unseen}`,
        heldOut: name,
      },
      ...{ seed, epochs: 2, workers: 1, chosenEpoch: 1, clips: { train: 1, validation: 1, test: 100 } },
      ...{
        score: measured,
        parts: [{ corpus: name, score: measured }],
        leftOut: [],
        seconds: 1,
        version: "1",
        commit: seed === 3 ? "new" : "old",
      },
      card: { ...card, wa: uar + 0.1, uar, recall, low: 0.2, high: 0.9, ece: 0.04 },
    },
  };
}

test("means over folds with a t interval that is named, each over its seeds; and of each part over its seeds", () => {
  const runs = [
    finished(1, 1, 0.4, { angry: 0.2, sad: 0.6 }),
    finished(2, 1, 0.6, { angry: 0.6 }),
    finished(1, 2, 0.5, { angry: 0.4, sad: 0.6 }),
    finished(2, 2, 0.7, { angry: 0.7 }),
  ];
  const [summary, ...more] = summariseSweep(corpora, runs);
  expect(more).toEqual([]);
  expect(summary).toMatchObject({
    protocol: "corpora",
    seeds: [1, 2],
    folds: 2,
    allFolds: 8,
    commits: ["1 old"],
  });
  expect(summary!.interval).toBe("95 % t interval over 2 folds, each the mean of 2 seeds");
  expect(summary!.uar.mean).toBeCloseTo(0.55, 10);
  // Folds 0.45 and 0.65: two values, and t(1) = 12.7 takes the interval beyond what a share can be.
  expect(summary!.uar).toMatchObject({ spread: expect.closeTo(0.2 / Math.SQRT2), low: 0, high: 1 });
  const [first, second] = summary!.parts;
  expect([first!.heldOut, second!.heldOut]).toEqual(["ased", "banglaser"]);
  expect(first!.recall.angry).toBeCloseTo(0.3, 10);
  expect(second!.recall).not.toHaveProperty("sad");
  expect(first!.uar.mean).toBeCloseTo(0.45, 10);
});

test("scores for a card: the mean, then each corpus; a reader of cards takes them", () => {
  const runs = [finished(1, 1, 0.4, { angry: 0.2 }), finished(3, 1, 0.6, { angry: 0.6 })];
  const { scores } = summariseSweep(corpora, runs)[0]!;
  expect(parseCard(JSON.stringify({ ...unknownCard("m"), scores })).scores).toEqual(scores);
  expect(scores).toMatchObject([
    {
      ...{ protocol: "unseen corpus and language: corpora", heldOut: "mean of 2 of 8 folds x 1 seeds" },
      ...{ corpus: "ased, emodb", clips: 200, uar: 0.5, recall: { angry: 0.4 }, warnings: ["w"] },
    },
    { protocol: "unseen corpus and language", heldOut: "ased", uar: 0.4, low: 0.2, high: 0.9 },
    { heldOut: "emodb", uar: 0.6 },
  ]);
});

test("a mean claims no more than is true of all: where one language was heard, it is of unseen corpora alone", () => {
  // The first fold is of ASED, whose language no other corpus has; the sixth of RAVDESS, which is English as TESS is.
  const { scores } = summariseSweep(
    corpora,
    [1, 6].map((fold) => finished(fold, 1, 0.4, { sad: 0.4 })),
  )[0]!;
  expect(scores.map(({ protocol, corpus }) => [protocol, corpus])).toEqual([
    ["unseen corpus: corpora", "ased, ravdess"],
    ["unseen corpus and language", "ased"],
    ["unseen corpus", "ravdess"],
  ]);
});

test("one run has no interval and says so; runs of two versions are told apart", () => {
  const [one] = summariseSweep(corpora, [finished(1, 1, 0.4, { angry: 0.2 })]);
  expect(one).toMatchObject({
    interval: "no interval: 1 fold, one seed",
    uar: { low: null, high: null },
  });
  const [two] = summariseSweep(corpora, [finished(1, 1, 0.4, {}), finished(1, 3, 0.4, {})]);
  expect(two!.commits).toEqual(["1 old", "1 new"]);
});

/** Five folds of several corpora at once: EmoDB in each, TESS in the first two. */
const together: Protocol = {
  ...corpora,
  name: "together",
  folds: corpora.folds.slice(0, 5).map((fold, i) => ({
    ...{ ...fold, name: `fold ${i + 1} of 5` },
    test: [{ corpus: "emodb" }, ...(i < 2 ? [{ corpus: "tess" }] : [])],
  })),
};

function scoreOf(uar: number, clips = 100, recall: Record<string, number> = { sad: uar }): Score {
  return {
    ...{
      clips,
      labels: Object.keys(recall),
      wa: uar + 0.1,
      uar,
      recall,
      confusion: [],
      ece: uar / 10,
      reliability: offBy(uar / 10),
    },
    ...{ low: uar, high: uar + 0.2, answered: 1, waAnswered: null, confident: uar + 0.2 },
  };
}

/** A corpus measured in a run: voice unknown, calibrated by all clips, and by the neutral ones. */
function part(corpus: string, uar: number, all?: number, neutral?: [calibrated: number, unknown: number]) {
  return {
    ...{ corpus, score: scoreOf(uar) },
    ...(all !== undefined && { byAllClips: scoreOf(all) }),
    ...(neutral && {
      byNeutralClips: { calibrated: scoreOf(neutral[0]), unknown: scoreOf(neutral[1]) },
    }),
  };
}

function measured(fold: number, seed: number, parts: PartScore[]): Finished {
  const { run, result } = finished(1, seed, 0.5, {});
  const corpus = parts.map((one) => one.corpus).join(", ");
  const card = { ...result.card, corpus };
  const of = { unseen: "unseen speaker", heldOut: `fold ${fold} of 5` };
  return { run: { ...run, fold }, result: { ...result, ...of, card, parts } };
}

test("several corpora in a test part: by corpus, of each seed the mean over the folds that measured it", () => {
  const [summary] = summariseSweep(together, [
    measured(1, 1, [part("emodb", 0.5, 0.6, [0.55, 0.6]), part("tess", 0.3, 0.4)]),
    measured(2, 1, [part("emodb", 0.7, 0.8, [0.65, 0.6])]),
    measured(1, 2, [part("emodb", 0.6, 0.7, [0.7, 0.6]), part("tess", 0.5, 0.6)]),
    measured(2, 2, [part("emodb", 0.8, 0.9, [0.6, 0.6])]),
  ]);
  expect(summary).toMatchObject({ rows: "corpora", folds: 2, allFolds: 5, seeds: [1, 2] });
  expect(summary!.interval).toBe("95 % t interval over 2 corpora, each the mean of its folds and 2 seeds");
  const [emodb, tess] = summary!.parts;
  expect(emodb).toMatchObject({ heldOut: "emodb", unseen: "unseen speaker", runs: 4, clips: 200 });
  expect(tess).toMatchObject({ heldOut: "tess", runs: 2, clips: 100 });
  // Seeds 0.6 and 0.7; spread of two values, and t(1) = 12.7 takes the interval beyond what a share can be.
  expect(emodb!.uar).toMatchObject({ mean: expect.closeTo(0.65), spread: expect.closeTo(Math.SQRT1_2 / 10) });
  expect(emodb!.uar.high).toBe(1);
  expect(emodb!.confident.mean).toBeCloseTo(0.85);
  expect(emodb!.ece).toBeCloseTo(0.065);
  expect(emodb!.byAllClips!.uar.mean).toBeCloseTo(0.75);
  expect(emodb!.byAllClips!.wa.mean).toBeCloseTo(0.85);
  // Per seed -0.05 and 0.05 make 0; 0.1 and 0 make 0.05.
  expect(emodb!.byNeutralClips).toMatchObject({
    calibrated: { mean: expect.closeTo(0.625) },
    unknown: { mean: expect.closeTo(0.6) },
    gain: { mean: expect.closeTo(0.025), low: expect.closeTo(0.025 - 12.7062 * 0.025, 4) },
  });
  expect(tess).not.toHaveProperty("byNeutralClips");
  // A corpus counts once, however many folds measured it: 0.65 and 0.4.
  expect(summary!.uar.mean).toBeCloseTo(0.525);
  expect(summary!.uar.spread).toBeCloseTo(0.25 / Math.SQRT2);
  expect(summary!.byAllClips!.uar.mean).toBeCloseTo(0.625);
  // Of those that have it.
  expect(summary!.byNeutralClips!.gain.mean).toBeCloseTo(0.025);
});

test("women and men: each over the parts that have such, of each seed the mean", () => {
  const said = (one: PartScore, genders: Record<string, number>): PartScore => ({
    ...{ ...one, byGender: Object.fromEntries(Object.entries(genders).map(([g, uar]) => [g, scoreOf(uar)])) },
  });
  const [summary] = summariseSweep(together, [
    measured(1, 1, [said(part("emodb", 0.5), { F: 0.6, M: 0.4 }), said(part("tess", 0.3), { F: 0.3 })]),
    measured(2, 1, [said(part("emodb", 0.7), { M: 0.6 })]),
  ]);
  const [emodb, tess] = summary!.parts;
  expect(emodb!.byGender).toMatchObject({ F: { mean: 0.6 }, M: { mean: 0.5 } });
  expect(Object.keys(tess!.byGender!)).toEqual(["F"]);
  expect(summary!.byGender).toMatchObject({ F: { mean: expect.closeTo(0.45) }, M: { mean: 0.5 } });
  const [unsaid] = summariseSweep(together, [measured(1, 1, [part("emodb", 0.5)])]);
  expect(unsaid).not.toHaveProperty("byGender");
});

test("scores for a card, by corpus: the mean and each, voices unknown and calibrated", () => {
  const runs = [1, 2, 3].flatMap((seed) => [
    ...[1, 2, 3, 4, 5].map((fold) =>
      measured(fold, seed, [part("emodb", 0.5, 0.6), ...(fold < 3 ? [part("tess", 0.3)] : [])]),
    ),
  ]);
  const { scores } = summariseSweep(together, runs)[0]!;
  expect(parseCard(JSON.stringify({ ...unknownCard("m"), scores })).scores).toEqual(scores);
  const protocol = "unseen speaker: together";
  const five = "mean of 5 folds x 3 seeds";
  const calibrated = `${five}, voice calibrated by all clips`;
  expect(scores).toMatchObject([
    { protocol, heldOut: five, corpus: "emodb, tess", clips: 700, uar: expect.closeTo(0.4) },
    { protocol, heldOut: calibrated, corpus: "emodb", clips: 500, uar: expect.closeTo(0.6) },
    { protocol, heldOut: five, corpus: "emodb", clips: 500, uar: expect.closeTo(0.5), warnings: ["w"] },
    { protocol, heldOut: calibrated, corpus: "emodb", clips: 500, wa: expect.closeTo(0.7) },
    { protocol, heldOut: "mean of 2 folds x 3 seeds", corpus: "tess", clips: 200 },
  ]);
});

test("one seed, by corpus: the interval is over corpora; a corpus's own on a card over clips, of the folds their mean", () => {
  const [summary] = summariseSweep(together, [
    measured(1, 1, [part("emodb", 0.5), part("tess", 0.3)]),
    measured(2, 1, [part("emodb", 0.7)]),
  ]);
  expect(summary!.interval).toBe("95 % t interval over 2 corpora, one seed");
  expect(summary!.uar).toMatchObject({ mean: expect.closeTo(0.45), low: 0, high: 1 });
  expect(summary!.parts[0]!.uar).toMatchObject({ mean: expect.closeTo(0.6), low: null, high: null });
  expect(summary!.scores).toMatchObject([
    { heldOut: "mean of 2 of 5 folds x 1 seeds", low: 0, high: 1 },
    { heldOut: "mean of 2 of 5 folds x 1 seeds", corpus: "emodb", low: expect.closeTo(0.6) },
    { heldOut: "mean of 1 of 2 folds x 1 seeds", corpus: "tess", low: expect.closeTo(0.3) },
  ]);
});

test("one corpus a fold: calibrated voices over a fold's seeds, and over the folds", () => {
  const [summary] = summariseSweep(together, [
    measured(1, 1, [part("emodb", 0.5, 0.6, [0.6, 0.5])]),
    measured(1, 2, [part("emodb", 0.5, 0.8, [0.4, 0.5])]),
    measured(2, 1, [part("emodb", 0.5, 0.9)]),
  ]);
  expect(summary).toMatchObject({
    rows: "folds",
    interval: "95 % t interval over 2 folds, each the mean of 2 seeds",
  });
  expect(summary!.parts.map(({ byAllClips }) => byAllClips!.uar.mean)).toEqual([
    ...[expect.closeTo(0.7), expect.closeTo(0.9)],
  ]);
  expect(summary!.byAllClips!.uar.mean).toBeCloseTo(0.8);
  expect(summary!.parts[0]!.byNeutralClips!.gain).toMatchObject({ mean: expect.closeTo(0) });
  expect(summary!.parts[1]).not.toHaveProperty("byNeutralClips");
});

test("calibration error is of all answers together: what each fold gets wrong by chance does not add up", () => {
  const runs = [-0.1, 0.1, 0.06].map((off, i) => {
    const score = { ...scoreOf(0.5), ece: Math.abs(off), reliability: offBy(off) };
    return measured(i + 1, 1, [{ corpus: "emodb", score }]);
  });
  expect(summariseSweep(together, runs)[0]!.ece).toBeCloseTo(0.02);
  expect(summariseSweep(together, runs)[0]!.scores[0]!.ece).toBeCloseTo(0.02);
  expect(summariseSweep(together, runs)[0]).not.toHaveProperty("eceTogether");
});

test("calibration error is a seed's; the mean over seeds, whose models' errors do not make up for each other", () => {
  const runs = [-0.1, 0.1].map((off, i) => {
    const score = {
      ...scoreOf(0.5),
      reliability: offBy(off),
      bySpeaker: { speakers: 4, low: 0.1, high: 0.9 + i / 100 },
    };
    return measured(1, i + 1, [{ corpus: "emodb", score }]);
  });
  const [summary] = summariseSweep(together, runs);
  expect(summary!.ece).toBeCloseTo(0.1);
  // One fold: its people are the interval, of which the seeds' bounds are averaged.
  expect(summary!.scores[0]).toMatchObject({
    ece: expect.closeTo(0.1),
    low: 0.1,
    high: expect.closeTo(0.905),
  });
});

test("calibration error of several corpora is the mean of theirs; together, what is too sure makes up for what is not", () => {
  const runs = [
    [-0.1, "emodb"],
    [0.06, "tess"],
  ].map(([off, corpus], i) => {
    const score = { ...scoreOf(0.5), reliability: offBy(off as number) };
    return measured(i + 1, 1, [{ corpus: corpus as string, score }]);
  });
  const [summary] = summariseSweep(together, runs);
  expect(summary!.ece).toBeCloseTo(0.08);
  expect(summary!.eceTogether).toBeCloseTo(0.02);
});
