// nEMO by its own file names, `EB0_anger_1.wav`. Knows names, not files.
// Source: README of github.com/amu-cai/nEMO: speaker, emotion, number of the sentence.
import type { Adapter } from "../adapter.ts";

const NAME = /^([A-Z]{2}\d)_(anger|fear|happiness|neutral|sadness|surprised)_(\d{1,2})$/;
const WOMEN = ["EB0", "IC0", "KD0", "MK0"];
const MEN = ["KS0", "MP0", "SM0", "TP0", "WR0"];

export const nemo: Adapter = {
  info: {
    name: "nemo",
    title: "nEMO",
    languages: ["pl"],
    speakers: 9,
    clips: 4481,
    nature: "acted; 4 women and 5 men; 90 sentences",
    licence: "CC BY-NC-SA 4.0",
    labels: ["anger", "fear", "happiness", "neutral", "sadness", "surprised"],
    readBy: "file names",
    from: "GitHub (amu-cai/nEMO)",
    citation: "Christop, nEMO: Dataset of Emotional Speech in Polish, LREC-COLING 2024",
    notes: ["It has no disgust.", "Every speaker says the same sentences: a split by voice shares them."],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, speaker, label, sentence] = parts;
    const gender = WOMEN.includes(speaker!) ? "F" : MEN.includes(speaker!) ? "M" : undefined;
    return { speaker: speaker!, label: label!, sentence: sentence!, ...(gender && { gender }), lang: "pl" };
  },
};
