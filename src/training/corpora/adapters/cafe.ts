// CaFE by its own file names, `01-C-1-1.wav`. Knows names, not files.
// Source: Readme.txt of the release (doi:10.5281/zenodo.1478765): actor, emotion (French), intensity, sentence.
import type { Adapter } from "../adapter.ts";

// Neutral has one intensity, which some copies leave away.
const NAME = /^(0[1-9]|1[0-2])-([CDJNPST])-(?:[12]-)?([1-6])$/;
const LABELS: Record<string, string> = {
  C: "anger",
  D: "disgust",
  J: "happiness",
  N: "neutral",
  P: "fear",
  S: "surprise",
  T: "sadness",
};

export const cafe: Adapter = {
  info: {
    name: "cafe",
    title: "Canadian French Emotional speech dataset",
    languages: ["fr"],
    speakers: 12,
    clips: 936,
    nature: "acted; 6 women and 6 men; 6 sentences, 2 intensities (neutral has one)",
    licence: "CC BY-NC-SA 4.0",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "Zenodo (doi:10.5281/zenodo.1478765)",
    citation: "Gournay, Lahaie and Lefebvre, A Canadian French Emotional Speech Dataset, MMSys 2018",
    notes: [
      "The 48 kHz and the 192 kHz archives hold the same recordings: use one.",
      "Every actor says the same sentences: a split by voice shares them.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, actor, emotion, sentence] = parts;
    const gender = Number(actor) % 2 ? "M" : "F";
    return { speaker: actor!, sentence: sentence!, label: LABELS[emotion!]!, gender, lang: "fr" };
  },
};
