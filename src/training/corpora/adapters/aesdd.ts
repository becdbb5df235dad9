// AESDD by its own file names, `a01 (1).wav`. Knows names, not files.
// Source: the release's readme, "Organising the database": xAA (B) is emotion, utterance, speaker; takes add a letter.
import type { Adapter } from "../adapter.ts";

const NAME = /^([adfhs])(\d\d) ?\((\d+)\) ?[a-z]?$/;
const LABELS: Record<string, string> = {
  a: "anger",
  d: "disgust",
  f: "fear",
  h: "happiness",
  s: "sadness",
};
/** The twentieth utterance of each actor and emotion is improvised. */
const IMPROVISED = "20";

export const aesdd: Adapter = {
  info: {
    name: "aesdd",
    title: "Acted Emotional Speech Dynamic Database",
    languages: ["el"],
    speakers: 5,
    clips: null,
    nature: "acted by professionals, 3 women and 2 men at first, more later; 19 sentences and one improvised",
    licence: "none stated",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "Aristotle University of Thessaloniki (m3c.web.auth.gr)",
    citation: "Vryzas et al., Speech Emotion Recognition for Performance Interaction, JAES 66(6), 2018",
    notes: [
      "It has no neutral and no surprise.",
      "About 500 clips in version 1, and it grows; s05 (3) cannot be read in some releases.",
      "Every actor says the same sentences: a split by voice shares them.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, emotion, utterance, speaker] = parts;
    const sentence = utterance === IMPROVISED ? `${emotion}${utterance} by ${speaker}` : utterance!;
    return { speaker: speaker!, sentence, label: LABELS[emotion!]!, lang: "el" };
  },
};
