// MESD by its own file names, `Anger_F_A_abajo.wav`. Knows names, not files.
// Source: description of the release, doi:10.17632/cy34mh68j9.5: emotion, voice (woman, man, child), word list, word.
import type { Adapter } from "../adapter.ts";
import { UNKNOWN_SPEAKER } from "../clip.ts";

const NAME = /^(Anger|Disgust|Fear|Happiness|Neutral|Sadness)_([FMC])_([AB])_(.+)$/;

export const mesd: Adapter = {
  info: {
    name: "mesd",
    title: "Mexican Emotional Speech Database",
    languages: ["es"],
    speakers: 11,
    clips: 864,
    nature:
      "acted by non-professionals, 3 women, 2 men and 6 children; 48 single words, 24 of them in every emotion",
    licence: "CC BY 4.0",
    labels: ["Anger", "Disgust", "Fear", "Happiness", "Neutral", "Sadness"],
    readBy: "file names",
    from: "Mendeley Data (doi:10.17632/cy34mh68j9.5)",
    citation: "Duville, Alonso-Valerdi and Ibarra-Zarate, Data 6(12): 130, 2021",
    notes: [
      "A name says woman, man or child but not who: no split by voice can be made within it.",
      "It has no surprise. Words of list B belong to one emotion each.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, label, voice, list, word] = parts;
    return {
      speaker: UNKNOWN_SPEAKER,
      label: label!,
      sentence: `${list} ${word}`,
      // A child's gender is not said.
      ...(voice !== "C" && { gender: voice! }),
      lang: "es",
    };
  },
};
