// ESD by its own file names, `0011_000351.wav`. Knows names, not files.
// Source: readme of the release (github.com/HLTSingapore/Emotional-Speech-Data): speaker and running number; a
// speaker's 350 sentences follow one another in each emotion.
import type { Adapter } from "../adapter.ts";

const NAME = /^00(0[1-9]|1\d|20)_(\d{6})$/;
const LABELS = ["neutral", "angry", "happy", "sad", "surprise"];
const SENTENCES = 350;
/** Speakers up to this one speak Mandarin, the others English. */
const LAST_MANDARIN = 10;
const MEN = [4, 5, 6, 8, 10, 11, 12, 13, 14, 20];

export const esd: Adapter = {
  info: {
    name: "esd",
    title: "Emotional Speech Dataset",
    languages: ["en", "zh"],
    speakers: 20,
    clips: 35_000,
    nature: "acted; 10 women and 10 men, half of them in each language; 350 sentences a language",
    licence: "research only",
    labels: LABELS,
    readBy: "file names",
    from: "GitHub (HLTSingapore/Emotional-Speech-Data)",
    citation:
      "Zhou et al., Emotional voice conversion: Theory, databases and ESD, Speech Communication 137, 2022",
    notes: [
      "It has no disgust and no fear.",
      "Its own folders train, evaluation and test share all speakers: they are passed over.",
      "All speakers of a language say the same sentences: a split by voice shares them.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [speaker, place] = [Number(parts[1]), Number(parts[2]) - 1];
    const label = LABELS[Math.floor(place / SENTENCES)];
    if (!label) return null;
    const lang = speaker <= LAST_MANDARIN ? "zh" : "en";
    const sentence = `${lang} ${(place % SENTENCES) + 1}`;
    return { speaker: `00${parts[1]}`, label, sentence, gender: MEN.includes(speaker) ? "M" : "F", lang };
  },
};
