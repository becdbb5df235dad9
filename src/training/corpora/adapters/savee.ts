// SAVEE by its own file names, `DC/a01.wav` or `DC_a01.wav`. Knows names, not files.
// Source: AudioData/Info.txt of the release: a speaker's folder, the emotion's initials, the sentence's number.
import type { Adapter } from "../adapter.ts";

const NAME = /^(?:(DC|JE|JK|KL)_)?(a|d|f|h|n|sa|su)(\d\d)$/;
const SPEAKERS = ["DC", "JE", "JK", "KL"];
const LABELS: Record<string, string> = {
  a: "anger",
  d: "disgust",
  f: "fear",
  h: "happiness",
  n: "neutral",
  sa: "sadness",
  su: "surprise",
};

export const savee: Adapter = {
  info: {
    name: "savee",
    title: "Surrey Audio-Visual Expressed Emotion database (sound only)",
    languages: ["en"],
    speakers: 4,
    clips: 480,
    nature: "acted by four men; 15 TIMIT sentences an emotion, 30 neutral",
    licence: "research only, after registration",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "University of Surrey (kahlan.eps.surrey.ac.uk/savee)",
    citation: "Haq and Jackson, Speaker-Dependent Audio-Visual Emotion Recognition, AVSP 2009",
    notes: [
      "Men only.",
      "All speakers say the same sentences, most of which belong to one emotion: a split by voice shares them.",
    ],
  },

  read({ stem, folders }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, prefix, emotion, number] = parts;
    // In the release itself the speaker is the folder; copies put the folder's name before the file's.
    const speaker = prefix ?? folders.at(-1);
    if (!speaker || !SPEAKERS.includes(speaker)) return null;
    return { speaker, sentence: `${emotion}${number}`, label: LABELS[emotion!]!, gender: "M", lang: "en" };
  },
};
