// EmotionTTS by its own file names, `ema00101.wav`. Knows names, not files.
// Source: the names of github.com/emotiontts/emotiontts_open_db, of which each speaker's hundreds are one emotion.
import type { Adapter } from "../adapter.ts";

const NAME = /^((?:em|ne)[a-z])(\d{5})$/;
const LABELS = ["neutral", "happy", "angry", "sad"];

export const emotiontts: Adapter = {
  info: {
    name: "emotiontts",
    title: "EmotionTTS open database (a part)",
    languages: ["ko"],
    speakers: 15,
    clips: null,
    nature: "acted",
    licence: "research, non-commercial",
    labels: LABELS,
    readBy: "file names",
    from: "GitHub (emotiontts/emotiontts_open_db)",
    citation: "EmotionTTS open database",
    notes: [
      "Even a strong encoder trained on other corpora hears little in it: look before you trust its labels.",
      "Whether speakers share sentences is not known.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    // 1 to 100 neutral, 101 to 200 happy, and so on.
    const label = LABELS[Math.floor((Number(parts[2]) - 1) / 100)];
    return label ? { speaker: parts[1]!, label, lang: "ko" } : null;
  },
};
