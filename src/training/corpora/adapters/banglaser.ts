// BanglaSER by its own file names, `03-01-05-01-03-03-23.wav`. Knows names, not files.
// Source: Das et al., Data in Brief 42: 108091, 2022, section on file names, which follow RAVDESS's form.
import type { Adapter } from "../adapter.ts";

// Mode, statement type, emotion, intensity, statement, repetition, actor.
const NAME = /^(0[13])-01-(0[1-5])-(0[12])-(0[1-3])-(0[1-3])-(0[1-9]|[12]\d|3[0-4])$/;
const LABELS = ["happy", "sad", "angry", "surprise", "neutral"];

export const banglaser: Adapter = {
  info: {
    name: "banglaser",
    title: "BanglaSER",
    languages: ["bn"],
    speakers: 34,
    clips: 1467,
    nature: "acted by non-professionals, on telephones and laptops; 17 women and 17 men; 3 sentences",
    licence: "CC BY 4.0",
    labels: LABELS,
    readBy: "file names",
    from: "Mendeley Data (t9h6p943xy)",
    citation: "Das et al., BanglaSER, Data in Brief 42: 108091, 2022",
    notes: [
      "Two pairs of files hold the same recording; three names begin with 01-01-.",
      "Its names have the form of RAVDESS's and other meanings: a folder is the one whose names fit more files.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, mode, emotion, , statement, , actor] = parts;
    return {
      speaker: actor!,
      sentence: statement!,
      label: LABELS[Number(emotion) - 1]!,
      gender: Number(actor) % 2 ? "M" : "F",
      lang: "bn",
      ...(mode === "01" && { misnamed: "begins with 01 where the release's other names have 03" }),
    };
  },
};
