// EmoDB by its own file names, `03a01Fa.wav`. Knows names, not files.
// Source: "Code of utterances" at emodb.bilderbar.info: speaker (2), text (3), emotion (a German initial), version.
import type { Adapter } from "../adapter.ts";

const NAME = /^(03|08|09|1[0-6])([ab]\d\d)([WLEAFTN])([a-z]?)$/;
const MEN = ["03", "10", "11", "12", "15"];
const LABELS: Record<string, string> = {
  W: "anger",
  L: "boredom",
  E: "disgust",
  A: "anxiety",
  F: "happiness",
  T: "sadness",
  N: "neutral",
};

export const emodb: Adapter = {
  info: {
    name: "emodb",
    title: "Berlin Database of Emotional Speech",
    languages: ["de"],
    speakers: 10,
    clips: 535,
    nature: "acted; 5 women and 5 men; 10 sentences",
    licence: "free with citation",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "Technische Universität Berlin (emodb.bilderbar.info)",
    citation: "Burkhardt et al., A Database of German Emotional Speech, Interspeech 2005",
    notes: [
      "Its clips were chosen for being recognised by listeners: scores on it are high.",
      "It has no surprise. boredom is left out of the seven, and is one of its own seven (protocol emodb-speakers).",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, speaker, text, emotion] = parts;
    const gender = MEN.includes(speaker!) ? "M" : "F";
    return { speaker: speaker!, sentence: text!, label: LABELS[emotion!]!, gender, lang: "de" };
  },
};
