// Tests of what a model scores in short, for whoever chooses among models.
import { expect, test } from "vitest";
import { type ModelCard, type ScoreCard, unknownCard } from "../speech/index.ts";
import { type Model, Shelf, summaryOf } from "./shelf.ts";

const score = (protocol: string, corpus: string, wa: number): ScoreCard => ({
  ...{ protocol, corpus, heldOut: corpus, clips: 9, wa, uar: wa, recall: {}, low: wa - 0.1, high: wa + 0.1 },
  ...{ ece: 0, warnings: [] },
});
const unseenOf = (...scores: ScoreCard[]) => {
  const card: ModelCard = { ...unknownCard("m"), scores };
  return summaryOf({ name: "m", path: "", bytes: 0, file: { card } } as Model, true).unseen;
};

test("of the shipped model each corpus counts once, and no more is claimed than holds of all", async () => {
  const shelf = new Shelf({ places: ["models/universal.onnx"], own: "" });
  const [shipped] = await shelf.summaries();
  expect(shipped!.unseen).toMatchObject({
    ...{ protocol: "unseen corpus", parts: 8 },
    heldOut: "ased, banglaser, emodb, emotiontts, nemo, ravdess, tess, turev-db",
  });
});

test("corpora never heard before voices never heard; voices that it knows never", () => {
  const [known, voice] = [score("random split", "tess", 1), score("unseen speaker: x", "tess", 0.7)];
  expect(unseenOf(known)).toBeNull();
  expect(unseenOf(known, voice)).toMatchObject({
    ...{ protocol: "unseen speaker: x", wa: 0.7, low: 0.6, high: expect.closeTo(0.8), parts: 1 },
  });
  const corpora = [
    score("unseen corpus: y", "emodb, tess", 0.45),
    score("unseen corpus and language", "emodb", 0.4),
    score("unseen corpus", "tess", 0.5),
  ];
  expect(unseenOf(known, voice, ...corpora)).toMatchObject({
    ...{ protocol: "unseen corpus", heldOut: "emodb, tess", wa: 0.45, low: 0.4, high: 0.5, parts: 2 },
  });
});
