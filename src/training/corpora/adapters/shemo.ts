// ShEMO by its own file names, `F01A01.wav`. Knows names, not files.
// Source: "Description of Labels" of github.com/mansourehk/ShEMO: gender and speaker, emotion, number.
import type { Adapter } from "../adapter.ts";

const NAME = /^([FM])(\d\d)([AFHNSW])(\d\d+)$/;
const LABELS: Record<string, string> = {
  A: "anger",
  F: "fear",
  H: "happiness",
  N: "neutral",
  S: "sadness",
  W: "surprise",
};

export const shemo: Adapter = {
  info: {
    name: "shemo",
    title: "Sharif Emotional Speech Database",
    languages: ["fa"],
    speakers: 87,
    clips: 3000,
    nature:
      "half natural: radio plays; 31 women and 56 men; labelled by twelve listeners, the majority counts",
    licence: "free for academic use",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "GitHub (mansourehk/ShEMO)",
    citation: "Mohamad Nezami et al., Language Resources and Evaluation 53, 2019",
    notes: [
      "It has no disgust, and 38 clips of fear: few enough that many studies leave them out.",
      "Many speakers are heard in one or two emotions only: normalising by speaker takes those away.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, gender, number, emotion] = parts;
    return { speaker: `${gender}${number}`, label: LABELS[emotion!]!, gender: gender!, lang: "fa" };
  },
};
