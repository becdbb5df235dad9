// ASED by its own file names, `n1-01-01-01-01.wav`. Knows names, not files.
// Source: README of github.com/Ethio2021/ASED_V1: emotion, sentence, repetition, gender, speaker.
import type { Adapter } from "../adapter.ts";

// One name of the release has a capital: S4-04-02-01-29.
const NAME = /^(n1|f2|h3|s4|a5)-(\d\d)-(\d\d)-(0[12])-(\d\d)$/i;
const LABELS: Record<string, string> = { n: "neutral", f: "fearful", h: "happy", s: "sad", a: "angry" };

export const ased: Adapter = {
  info: {
    name: "ased",
    title: "Amharic Speech Emotion Dataset",
    languages: ["am"],
    speakers: 65,
    clips: 2474,
    nature: "acted by volunteers, 25 women and 40 men; four dialects; kept where eight judges agreed",
    licence: "none stated",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "GitHub (Ethio2021/ASED_V1)",
    citation: "Retta et al., ACM TALLIP 22(1), 2023 (doi:10.1145/3529759)",
    notes: [
      "Four pairs of files hold the same recording.",
      "Each emotion has sentences of its own, so what is said gives the emotion away to a model that knows words.",
      "Five speakers' names (09, 15, 21, 23, 25) say woman in some files and man in others.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, emotion, sentence, , gender, speaker] = parts;
    const letter = emotion![0]!.toLowerCase();
    return {
      speaker: speaker!,
      sentence: `${letter}${sentence}`,
      label: LABELS[letter]!,
      gender: gender === "01" ? "F" : "M",
      lang: "am",
    };
  },
};
