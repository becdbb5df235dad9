// TurEV-DB by its own file names, `1157_kz_acik.wav`. Knows names, not files.
// Source: Canpolat, Ormanoğlu and Zeyrek, SLTU 2020, and the folders of github.com/Xeonen/TurEV-DB.
import type { Adapter } from "../adapter.ts";

// Speaker, emotion (kızgın, mutlu, sakin, hüzünlü), word.
const NAME = /^(\d{4})_(kz|mt|sk|hl)_(.+)$/;
const LABELS: Record<string, string> = { kz: "angry", mt: "happy", sk: "calm", hl: "sad" };

export const turevDb: Adapter = {
  info: {
    name: "turev-db",
    title: "Turkish Emotion Voice Database",
    languages: ["tr"],
    speakers: 6,
    clips: 1735,
    nature: "acted; 82 single words",
    licence: "CC BY-NC-ND 4.0",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "GitHub (Xeonen/TurEV-DB)",
    citation: "Canpolat, Ormanoğlu and Zeyrek, SLTU 2020",
    notes: [
      "calm is its neutral-like class, and left out: nobody says whether it is neutral.",
      "Every speaker says the same words: a split by voice shares them.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, speaker, emotion, word] = parts;
    return { speaker: speaker!, sentence: word!, label: LABELS[emotion!]!, lang: "tr" };
  },
};
