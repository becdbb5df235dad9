// Protocols across corpora: leave one corpus out, leave one language out. Data.
import { EMOTIONS } from "../../speech/index.ts";
import { corpusInfos } from "../corpora/index.ts";
import { type Fold, type Protocol, SEEDS, type Voices } from "./protocol.ts";

/**
 * The corpora that are measured against one another, and of each the voices that choose the checkpoint wherever the
 * corpus is not itself held out: about a tenth, a man and a woman where there are enough. TESS has no voice to spare.
 */
export const VALIDATION_VOICES: Readonly<Record<string, readonly string[]>> = {
  ased: ["01", "02", "03", "04", "05", "06"],
  banglaser: ["31", "32", "33", "34"],
  emodb: ["15", "16"],
  emotiontts: ["neo"],
  nemo: ["MP0"],
  ravdess: ["23", "24"],
  tess: [],
  "turev-db": ["1358"],
};

export const MEASURED_CORPORA: readonly string[] = Object.keys(VALIDATION_VOICES);

/** The measured corpora in two halves of about as much sound, no language in both: what is measured in one, encoders learn in the other. */
export const HALVES: readonly (readonly string[])[] = [
  ["tess", "ravdess", "emodb", "turev-db"],
  ["ased", "banglaser", "emotiontts", "nemo"],
];

function languageOf(corpus: string): string {
  return corpusInfos.find(({ name }) => name === corpus)!.languages.join(" ");
}

/** A fold whose test part is all of some corpora, and which trains on the others. */
function without(test: readonly string[]): Fold {
  const rest = MEASURED_CORPORA.filter((corpus) => !test.includes(corpus));
  const shared = rest.some((corpus) => test.some((other) => languageOf(corpus) === languageOf(other)));
  return {
    name: test.join(", "),
    unseen: shared ? "corpus" : "corpus and language",
    ...trainingOn(rest),
    test: test.map((corpus) => ({ corpus })),
  };
}

/** Corpora to train on, but for the voices that choose the checkpoint. */
export function trainingOn(corpora: readonly string[]): {
  train: Voices[];
  validation: { voices: Voices[] };
} {
  const chosen = (corpus: string) => VALIDATION_VOICES[corpus] ?? [];
  return {
    train: corpora.map((corpus) => ({
      corpus,
      ...(chosen(corpus).length > 0 && { except: chosen(corpus) }),
    })),
    validation: {
      voices: corpora
        .filter((corpus) => chosen(corpus).length > 0)
        .map((corpus) => ({ corpus, only: chosen(corpus) })),
    },
  };
}

export const leaveOneCorpusOut: Protocol = {
  name: "corpora",
  title: "leave one corpus out, eight corpora, seven classes",
  classes: EMOTIONS,
  folds: MEASURED_CORPORA.map((corpus) => without([corpus])),
  seeds: SEEDS,
};

const LANGUAGES = [...Map.groupBy(MEASURED_CORPORA, languageOf).values()];

export const leaveOneLanguageOut: Protocol = {
  name: "languages",
  title: "leave one language out, seven languages, seven classes",
  classes: EMOTIONS,
  folds: LANGUAGES.map(without),
  seeds: SEEDS,
};
