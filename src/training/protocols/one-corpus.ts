// Protocols within one corpus: TESS, RAVDESS, EmoDB and nEMO by speaker. Data.
import { EMOTIONS } from "../../speech/index.ts";
import { type Protocol, SEEDS, type Voices } from "./protocol.ts";

/** A tenth of TESS's words: 20 of 200. */
const HELD_OUT_WORDS = 0.1;

export const tessSpeakers: Protocol = {
  name: "tess-speakers",
  title: "TESS, unseen speaker, both ways, seven classes",
  classes: EMOTIONS,
  folds: [
    ["OAF", "YAF"],
    ["YAF", "OAF"],
  ].map(([heard, unheard]) => ({
    name: `tess/${unheard}`,
    unseen: "speaker",
    train: [{ corpus: "tess", only: [heard!] }],
    validation: { sentences: HELD_OUT_WORDS },
    test: [{ corpus: "tess", only: [unheard!] }],
  })),
  seeds: SEEDS,
};

/** The folds of the issue that set the figure; each lists test actors, then one man and one woman of the next fold. */
export const RAVDESS_FOLDS: readonly [test: string[], validation: string[]][] = [
  [
    ["02", "05", "14", "15", "16"],
    ["03", "06"],
  ],
  [
    ["03", "06", "07", "13", "18"],
    ["11", "10"],
  ],
  [
    ["10", "11", "12", "19", "20"],
    ["17", "08"],
  ],
  [
    ["08", "17", "21", "23", "24"],
    ["01", "04"],
  ],
  [
    ["01", "04", "09", "22"],
    ["05", "02"],
  ],
];

export const ravdessActors: Protocol = {
  name: "ravdess-actors",
  title: "RAVDESS speech, five folds by actor, eight classes",
  classes: ["angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
  folds: RAVDESS_FOLDS.map(([test, validation]) => byVoice("ravdess", test, validation)),
  seeds: SEEDS,
};

export const EMODB_VOICES = ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"];

export const emodbSpeakers: Protocol = {
  name: "emodb-speakers",
  title: "EmoDB, leave one speaker out, its own seven classes (boredom, no surprise)",
  classes: ["angry", "boredom", "disgust", "fear", "happy", "neutral", "sad"],
  folds: leaveOneVoiceOut("emodb", EMODB_VOICES),
  seeds: SEEDS,
};

export const NEMO_VOICES = ["EB0", "IC0", "KD0", "KS0", "MK0", "MP0", "SM0", "TP0", "WR0"];

export const nemoSpeakers: Protocol = {
  name: "nemo-speakers",
  title: "nEMO, leave one speaker out, its six classes (no disgust)",
  classes: ["angry", "fear", "happy", "neutral", "sad", "surprise"],
  folds: leaveOneVoiceOut("nemo", NEMO_VOICES),
  seeds: SEEDS,
};

/** Each voice measured once; the next one in the list, after the last the first, chooses the checkpoint. */
function leaveOneVoiceOut(corpus: string, voices: readonly string[]): Protocol["folds"] {
  return voices.map((voice, i) => byVoice(corpus, [voice], [voices[(i + 1) % voices.length]!]));
}

function byVoice(
  corpus: string,
  test: readonly string[],
  validation: readonly string[],
): Protocol["folds"][number] {
  const voices = (only: readonly string[]): Voices[] => [{ corpus, only }];
  return {
    name: test.map((voice) => `${corpus}/${voice}`).join(", "),
    unseen: "speaker",
    train: [{ corpus, except: [...test, ...validation] }],
    validation: { voices: voices(validation) },
    test: voices(test),
  };
}
