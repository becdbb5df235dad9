// The protocol of many voices: five folds by speaker over eight corpora at once. Data.
import { MEASURED_CORPORA } from "./across.ts";
import { EMODB_VOICES, NEMO_VOICES, RAVDESS_FOLDS } from "./one-corpus.ts";
import { type Fold, type Protocol, SEEDS, type Voices } from "./protocol.ts";

/** Of one corpus: who is measured in a fold, and who chooses the checkpoint in it. */
type Shares = readonly { test: readonly string[]; validation: readonly string[] }[];

const FOLDS = 5;
const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1).padStart(2, "0"));

/** Voices dealt out over the folds one after another; the first `choosing` of the next fold choose the checkpoint. */
function dealt(voices: readonly string[], choosing: number): Shares {
  const test = Array.from({ length: FOLDS }, (_, fold) => voices.filter((_, i) => i % FOLDS === fold));
  return test.map((own, fold) => ({
    test: own,
    validation: test[(fold + 1) % FOLDS]!.slice(0, choosing),
  }));
}

const SHARES: Readonly<Record<string, Shares>> = {
  ased: dealt(numbered(65), 3),
  banglaser: dealt(numbered(34), 2),
  emodb: dealt(EMODB_VOICES, 1),
  emotiontts: dealt(
    [..."abfgh"].map((letter) => `em${letter}`).concat([..."abcdeklmno"].map((letter) => `ne${letter}`)),
    1,
  ),
  nemo: dealt(NEMO_VOICES, 1),
  ravdess: RAVDESS_FOLDS.map(([test, validation]) => ({ test, validation })),
  // Of two voices, one in each of two folds; in the others both train. None to spare for choosing.
  tess: [["OAF"], ["YAF"], [], [], []].map((test) => ({ test, validation: [] })),
  "turev-db": dealt(["1157", "1234", "1358", "1984", "6783", "7895"], 1),
};

function fold(i: number): Fold {
  const voices = (part: "test" | "validation"): Voices[] =>
    MEASURED_CORPORA.flatMap((corpus) => {
      const only = SHARES[corpus]![i]![part];
      return only.length > 0 ? [{ corpus, only }] : [];
    });
  return {
    name: `fold ${i + 1} of ${FOLDS}`,
    unseen: "speaker",
    train: MEASURED_CORPORA.map((corpus) => {
      const { test, validation } = SHARES[corpus]![i]!;
      const except = [...test, ...validation];
      return { corpus, ...(except.length > 0 && { except }) };
    }),
    validation: { voices: voices("validation") },
    test: voices("test"),
  };
}

export const manySpeakers: Protocol = {
  name: "speakers",
  title: "five folds by speaker over eight corpora at once, the seven classes, calm and boredom",
  classes: ["angry", "boredom", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
  folds: Array.from({ length: FOLDS }, (_, i) => fold(i)),
  seeds: SEEDS,
  notes: [
    "Each corpus is measured by itself, on its own classes: RAVDESS on eight, in the folds of ravdess-actors; EmoDB on its " +
      "seven; TESS both ways, in the first two folds.",
    "Two speakers of EmoDB and one or two of nEMO are held out together, so that one run serves all corpora: the model has " +
      "less to learn from than where one is left out at a time.",
    "The checkpoint is chosen on further voices, none of which trains or is measured; TESS has none to spare.",
  ],
};
