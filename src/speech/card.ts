// The model card: what a model file says of itself. Pure: knows the JSON, not the file that carries it.
import { EMOTIONS } from "./emotions.ts";
import type { Usual } from "./usual.ts";

/** The key of `metadata_props` under which a model file carries its card. */
export const CARD_KEY = "undertone.card";

/** What people must be told wherever an answer of a model is shown. */
export const USE_NOTICE =
  "This estimates how a voice sounds to listeners; it does not know what anyone feels, and it is often wrong " +
  "on voices, languages and microphones unlike those it was trained on. The EU forbids inferring the emotions " +
  "of people at work and in education from their voice (AI Act, Art. 5(1)(f)) and wants people told " +
  "(Art. 50(3)).";

/** A corpus that a model was trained on. */
export type CorpusCard = {
  name: string;
  licence: string;
  /** How many different voices. */
  speakers: number;
  clips: number;
  /** Language tags (BCP 47), such as `en`. */
  languages: string[];
  /** The voices by name ("tess/OAF"), so that an evaluation can tell whether the model has heard one. */
  voices?: string[];
};

/** A score, with what it was measured on: a number without its protocol says nothing. */
export type ScoreCard = {
  /** Such as `random split`, `unseen words`, `unseen speaker`. */
  protocol: string;
  /** What the model had not heard, such as `tess/YAF`. */
  heldOut: string;
  corpus: string;
  clips: number;
  /** Weighted accuracy: the share of clips answered rightly, 0..1. */
  wa: number;
  /** Unweighted average recall: the mean of `recall`, 0..1. */
  uar: number;
  recall: Record<string, number>;
  /** 95 % interval of `wa`. */
  low: number;
  high: number;
  /** Expected calibration error, 15 bins. */
  ece: number;
  /** Clips of each emotion (rows) by what they were heard as (columns), both in the order of `recall`. */
  confusion?: number[][];
  /** What weakens the score, in sentences: a speaker, a sentence or a recording on both sides. */
  warnings: string[];
};

/** `null` and empty lists mean: not known. */
export type ModelCard = {
  name: string;
  version: string | null;
  /** What the outputs are, in their order. Mostly the seven; a protocol with other classes has its own. */
  emotions: string[];
  /** Hertz. */
  sampleRate: number;
  /** Seconds of audio that the network hears at once, and the step from one window to the next. */
  window: number;
  hop: number;
  /** One line each, for people. */
  features: string | null;
  architecture: string | null;
  /** Trained numbers in the network. */
  parameters: number | null;
  corpora: CorpusCard[];
  scores: ScoreCard[];
  /** The confidence below which the answer is "uncertain", 0..1. */
  threshold: number | null;
  /** What its embeddings usually are, and how far from that it does not answer; absent: not known. */
  usual?: Usual;
  training: { command: string; commit: string; seed: number } | null;
  /** Of the weights. */
  licence: string | null;
  notice: string;
};

type Check = (value: unknown) => boolean;

const text: Check = (v) => typeof v === "string" && v !== "";
const number: Check = (v) => typeof v === "number" && Number.isFinite(v);
const positive: Check = (v) => number(v) && (v as number) > 0;
const notNegative: Check = (v) => number(v) && (v as number) >= 0;
const count: Check = (v) => Number.isSafeInteger(v) && (v as number) >= 0;
const share: Check = (v) => number(v) && (v as number) >= 0 && (v as number) <= 1;
const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === "object" && v !== null && !Array.isArray(v);
const listOf =
  (check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.every(check);

type Rule = { check: Check; expected: string; optional?: "null" | "absent" };
type Rules = Record<string, Rule>;

const CARD: Rules = {
  name: { check: text, expected: "a name" },
  version: { check: text, expected: "text or null", optional: "null" },
  emotions: {
    check: (v) =>
      listOf(text)(v) && (v as string[]).length > 1 && new Set(v as string[]).size === (v as string[]).length,
    expected: `two or more different names such as ${JSON.stringify(EMOTIONS.slice(0, 3))}`,
  },
  sampleRate: { check: positive, expected: "hertz, such as 16000" },
  window: { check: positive, expected: "seconds above 0" },
  hop: { check: positive, expected: "seconds above 0" },
  features: { check: text, expected: "text or null", optional: "null" },
  architecture: { check: text, expected: "text or null", optional: "null" },
  parameters: { check: count, expected: "a whole number or null", optional: "null" },
  corpora: { check: Array.isArray, expected: "a list" },
  scores: { check: Array.isArray, expected: "a list" },
  threshold: { check: share, expected: "0..1 or null", optional: "null" },
  usual: { check: isRecord, expected: "an object or nothing", optional: "absent" },
  training: { check: isRecord, expected: "an object or null", optional: "null" },
  licence: { check: text, expected: "text or null", optional: "null" },
  notice: { check: text, expected: "text" },
};

const CORPUS: Rules = {
  name: { check: text, expected: "a name" },
  licence: { check: text, expected: "text" },
  speakers: { check: count, expected: "a whole number" },
  clips: { check: count, expected: "a whole number" },
  languages: { check: listOf(text), expected: 'language tags such as ["en"]' },
  voices: { check: listOf(text), expected: "names or nothing", optional: "absent" },
};

const SCORE: Rules = {
  protocol: { check: text, expected: "text" },
  heldOut: { check: text, expected: "text" },
  corpus: { check: text, expected: "text" },
  clips: { check: count, expected: "a whole number" },
  wa: { check: share, expected: "0..1" },
  uar: { check: share, expected: "0..1" },
  recall: {
    check: (v) => isRecord(v) && Object.values(v).every(share),
    expected: "0..1 for each emotion",
  },
  low: { check: share, expected: "0..1" },
  high: { check: share, expected: "0..1" },
  ece: { check: share, expected: "0..1" },
  confusion: {
    check: listOf(listOf(count)),
    expected: "rows of whole numbers, or nothing",
    optional: "absent",
  },
  warnings: { check: listOf(text), expected: "a list of sentences" },
};

const USUAL: Rules = {
  mean: { check: listOf(number), expected: "a list of numbers" },
  spread: { check: listOf(notNegative), expected: "a list of numbers of 0 or more" },
  limit: { check: positive, expected: "a distance above 0" },
};

const TRAINING: Rules = {
  command: { check: text, expected: "text" },
  commit: { check: text, expected: "text" },
  seed: { check: count, expected: "a whole number" },
};

/** A card that cannot be read. The message says which field, what it was and what was expected. */
export class CardError extends Error {
  override name = "CardError";
}

function hold(value: unknown, rules: Rules, who: string): void {
  if (!isRecord(value)) throw wrong(who, "", value, "an object");
  for (const [field, { check, expected, optional }] of Object.entries(rules)) {
    const got = value[field];
    if (optional === "null" && got === null) continue;
    if (optional === "absent" && got === undefined) continue;
    if (!check(got)) throw wrong(who, field, got, expected);
  }
}

function holdUsual(usual: Usual, who: string): void {
  hold(usual, USUAL, who);
  const { mean, spread } = usual;
  if (mean.length === 0) throw wrong(who, "mean", mean, "one number at least");
  if (spread.length !== mean.length)
    throw wrong(who, "spread", spread, `as many numbers as "mean", ${mean.length}`);
}

function wrong(who: string, field: string, got: unknown, expected: string): CardError {
  const shown = got === undefined ? "missing" : (JSON.stringify(got)?.slice(0, 80) ?? typeof got);
  const what = field ? `"${field}" is ${shown}` : `it is ${shown}`;
  return new CardError(
    `${who}: ${what}, expected ${expected}; export the model again, or take the card out to load it without`,
  );
}

/**
 * Read a card from the JSON text of `metadata_props`. Fields that this version does not know are kept.
 *
 * @param json the text under `CARD_KEY`
 * @throws CardError where it is not JSON or a field is missing or of another kind
 */
export function parseCard(json: string): ModelCard {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new CardError(
      `Model card: not JSON (${(error as Error).message}), expected an object under "${CARD_KEY}"; export the model again`,
    );
  }
  const name = isRecord(value) && typeof value.name === "string" ? ` "${value.name}"` : "";
  const who = `Model card${name}`;
  hold(value, CARD, who);
  const card = value as ModelCard;
  if (card.hop > card.window) throw wrong(who, "hop", card.hop, `at most the window of ${card.window} s`);
  card.corpora.forEach((corpus, i) => {
    hold(corpus, CORPUS, `${who}, corpora[${i}]`);
  });
  card.scores.forEach((score, i) => {
    hold(score, SCORE, `${who}, scores[${i}]`);
  });
  if (card.usual) holdUsual(card.usual, `${who}, usual`);
  if (card.training) hold(card.training, TRAINING, `${who}, training`);
  return card;
}

/**
 * What is assumed of a model file without a card: the seven emotions in their order, 16 kHz, windows of 3 s every
 * second. All else is not known, and says so by being `null` or empty.
 */
export function unknownCard(name: string): ModelCard {
  return {
    name,
    version: null,
    emotions: [...EMOTIONS],
    sampleRate: 16000,
    window: 3,
    hop: 1,
    features: null,
    architecture: null,
    parameters: null,
    corpora: [],
    scores: [],
    threshold: null,
    training: null,
    licence: null,
    notice: USE_NOTICE,
  };
}
