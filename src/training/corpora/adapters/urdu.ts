// URDU by its own file names, `SM1_F1_A01.wav`. Knows names, not files.
// Source: README of github.com/siddiquelatif/URDU-Dataset: speaker with gender, file, emotion with number.
import type { Adapter } from "../adapter.ts";

const NAME = /^(S([MF])\d+)_F\d+_([AHNS])\d+$/i;
const LABELS: Record<string, string> = { A: "angry", H: "happy", N: "neutral", S: "sad" };

export const urdu: Adapter = {
  info: {
    name: "urdu",
    title: "URDU-Dataset",
    languages: ["ur"],
    speakers: 38,
    clips: 400,
    nature: "natural: television talk shows; 27 men and 11 women",
    licence: "none stated",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "GitHub (siddiquelatif/URDU-Dataset)",
    citation: "Latif et al., Cross Lingual Speech Emotion Recognition: Urdu vs. Western Languages, FIT 2018",
    notes: ["Many speakers are heard in one emotion only: normalising by speaker takes that emotion away."],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, speaker, gender, emotion] = parts;
    return {
      speaker: speaker!.toUpperCase(),
      label: LABELS[emotion!.toUpperCase()]!,
      gender: gender!.toUpperCase(),
      lang: "ur",
    };
  },
};
