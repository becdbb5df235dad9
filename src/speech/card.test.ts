import { expect, test } from "vitest";
import { CardError, type ModelCard, parseCard, unknownCard } from "./card.ts";

const full: ModelCard = {
  name: "tess-lstm",
  version: "1",
  emotions: ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
  sampleRate: 16000,
  window: 3,
  hop: 1,
  features: "40 MFCC",
  architecture: "LSTM 128 x 2",
  parameters: 223_000,
  corpora: [
    {
      name: "tess",
      licence: "CC BY-NC-ND 4.0",
      speakers: 2,
      clips: 2240,
      languages: ["en"],
      voices: ["tess/OAF"],
    },
  ],
  scores: [
    {
      protocol: "unseen speaker",
      heldOut: "tess/YAF",
      corpus: "tess",
      clips: 1120,
      wa: 0.5,
      uar: 0.5,
      recall: { angry: 1, happy: 0 },
      low: 0.47,
      high: 0.53,
      ece: 0.2,
      warnings: ["200 sentences stand on both sides"],
    },
  ],
  threshold: 0.4,
  training: { command: "undertone train tess-lstm", commit: "abc", seed: 1 },
  licence: "CC BY-NC 4.0",
  notice: "an estimate",
};
const text = (change: object) => JSON.stringify({ ...full, ...change });

test("a card survives the way through the file", () => {
  expect(parseCard(JSON.stringify(full))).toEqual(full);
});

test("a model without a card has one that says it is not known, and that parses", () => {
  const card = unknownCard("stranger");
  expect(card).toMatchObject({ name: "stranger", version: null, corpora: [], scores: [], training: null });
  expect(parseCard(JSON.stringify(card))).toEqual(card);
});

test("what is usual survives too, and may be left out", () => {
  const usual = { mean: [0.5, -1.25], spread: [0, 2], limit: 1.75 };
  expect(parseCard(text({ usual })).usual).toEqual(usual);
  expect(parseCard(text({}))).not.toHaveProperty("usual");
});

test("a field of a later version is kept", () => {
  expect(parseCard(text({ mood: "new" }))).toHaveProperty("mood", "new");
});

test.each([
  ["{", /Model card: not JSON/],
  ["[]", /Model card: it is \[\], expected an object/],
  [
    text({ emotions: ["angry", "angry"] }),
    /"tess-lstm": "emotions" is \["angry","angry"\], expected two or more/,
  ],
  [text({ window: undefined }), /"window" is missing, expected seconds above 0/],
  [text({ hop: 4 }), /"hop" is 4, expected at most the window of 3 s/],
  [text({ threshold: 40 }), /"threshold" is 40, expected 0..1 or null/],
  [text({ corpora: [{ ...full.corpora[0], speakers: "two" }] }), /corpora\[0\]: "speakers" is "two"/],
  [text({ scores: [{ ...full.scores[0], recall: { angry: 2 } }] }), /scores\[0\]: "recall" is {"angry":2}/],
  [text({ scores: [full.scores[0], null] }), /scores\[1\]: it is null, expected an object/],
  [text({ training: { command: "x", commit: "y" } }), /training: "seed" is missing/],
  [text({ usual: null }), /"usual" is null, expected an object or nothing/],
  [text({ usual: { mean: [1], spread: [1] } }), /usual: "limit" is missing, expected a distance above 0/],
  [text({ usual: { mean: [1], spread: [1], limit: 0 } }), /usual: "limit" is 0/],
  [
    text({ usual: { mean: [1, 2], spread: [1], limit: 1 } }),
    /usual: "spread" is \[1\], expected as many numbers as "mean", 2/,
  ],
  [
    text({ usual: { mean: [1], spread: [-1], limit: 1 } }),
    /usual: "spread" is \[-1\], expected a list of numbers of 0/,
  ],
  [text({ usual: { mean: ["1"], spread: [1], limit: 1 } }), /usual: "mean" is \["1"\]/],
  [text({ usual: { mean: [], spread: [], limit: 1 } }), /usual: "mean" is \[\], expected one number/],
])("a wrong card says what and where: %s", (json, message) => {
  expect(() => parseCard(json)).toThrow(CardError);
  expect(() => parseCard(json)).toThrow(message);
});
