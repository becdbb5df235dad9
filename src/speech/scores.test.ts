import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readModelFile } from "../recognizer/index.node.ts";
import { isUnseenVoice, kindOfProtocol, weakestProtocol, withoutMeans } from "./index.ts";

test("every score of the shipped card is of voices that the model never heard; of eight corpora, and their mean", () => {
  const { scores } = readModelFile(readFileSync("models/universal.onnx"), "universal.onnx").card;
  expect(scores.map(isUnseenVoice)).toEqual(new Array(9).fill(true));
  const corpora = ["ased", "banglaser", "emodb", "emotiontts", "nemo", "ravdess", "tess", "turev-db"];
  expect(withoutMeans(scores).map(({ corpus }) => corpus)).toEqual(corpora);
});

test("voices never heard are those of protocols that hold whole voices out, whatever the folds are called", () => {
  const isUnseen = (protocol: string) => isUnseenVoice({ protocol });
  for (const protocol of ["unseen speaker", "unseen corpus", "unseen corpus and language"]) {
    expect([protocol, `${protocol}: ravdess-actors+emodb`].map(isUnseen)).toEqual([true, true]);
  }
  expect(["unseen words", "random split", "seen"].map(isUnseen)).toEqual([false, false, false]);
});

test("a protocol without the name of its folds", () => {
  expect(kindOfProtocol("unseen corpus and language: corpora")).toBe("unseen corpus and language");
  expect(kindOfProtocol("random split")).toBe("random split");
});

test("of several protocols the one that claims least", () => {
  const [speaker, corpus, language] = ["unseen speaker: x", "unseen corpus", "unseen corpus and language: x"];
  expect(weakestProtocol([language, corpus, language])).toBe(corpus);
  expect(weakestProtocol([corpus, speaker])).toBe(speaker);
  expect(weakestProtocol([speaker, "random split"])).toBe("random split");
  expect(weakestProtocol([language])).toBe(language);
});

test("a mean stays where its corpora have no scores of their own", () => {
  const scores = ["emodb, tess", "emodb", "emodb"].map((corpus) => ({ corpus }));
  expect(withoutMeans(scores)).toEqual(scores);
  expect(withoutMeans([...scores, { corpus: "tess" }])).toHaveLength(3);
});
