// TESS by its own file names, `OAF_back_angry.wav`. Knows names, not files.
import type { Adapter } from "../adapter.ts";

// Some copies change the case; the extension is whatever the copy was converted to.
const NAME = /^(OAF|YAF|OA)_([a-z]+)_(angry|disgust|fear|happy|neutral|ps|sad)$/i;

export const tess: Adapter = {
  info: {
    name: "tess",
    title: "Toronto emotional speech set",
    languages: ["en"],
    speakers: 2,
    clips: 2800,
    nature: 'acted; two women of 26 and 64 years; 200 words in the phrase "Say the word ..."',
    licence: "CC BY-NC-ND 4.0",
    labels: ["angry", "disgust", "fear", "happy", "neutral", "ps", "sad"],
    readBy: "file names",
    from: "Borealis, the Canadian Dataverse Repository (doi:10.5683/SP2/E8H2MF)",
    citation: "Pichora-Fuller and Dupuis, Toronto emotional speech set (TESS), 2020",
    notes: [
      "Two voices: a random split says how well a model knows these two women and nothing about others.",
      "Every word is spoken in every emotion by both: a split by voice shares the words.",
      "OA_bite_neutral is speaker OAF, misnamed in the release.",
      "The archive on Kaggle holds every file twice.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [speaker, word, label] = [
      parts[1]!.toUpperCase(),
      parts[2]!.toLowerCase(),
      parts[3]!.toLowerCase(),
    ];
    return {
      speaker: speaker === "OA" ? "OAF" : speaker,
      sentence: word,
      label,
      gender: "F",
      lang: "en",
      ...(speaker === "OA" && { misnamed: "the name lacks a letter: speaker OAF, misnamed in the release" }),
    };
  },
};
