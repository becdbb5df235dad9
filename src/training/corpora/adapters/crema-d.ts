// CREMA-D by its own file names, `1001_DFA_ANG_XX.wav`. Knows names, not files.
// Source: "Filename labeling conventions" of github.com/CheyneyComputerScience/CREMA-D.
import type { Adapter } from "../adapter.ts";

// Actor, sentence, emotion, intensity; one name of the release has a single X: 1040_ITH_SAD_X.
const NAME =
  /^(10[0-8]\d|109[01])_(IEO|TIE|IOM|IWW|TAI|MTI|IWL|ITH|DFA|ITS|TSI|WSI)_(ANG|DIS|FEA|HAP|NEU|SAD)_(LO|MD|HI|XX?)$/;
const LABELS: Record<string, string> = {
  ANG: "anger",
  DIS: "disgust",
  FEA: "fear",
  HAP: "happy",
  NEU: "neutral",
  SAD: "sad",
};

export const cremaD: Adapter = {
  info: {
    name: "crema-d",
    title: "Crowd-sourced Emotional Multimodal Actors Dataset (sound only)",
    languages: ["en"],
    speakers: 91,
    clips: 7442,
    nature: "acted; 43 women and 48 men; 12 sentences, up to 3 intensities",
    licence: "Open Database License 1.0",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "GitHub (CheyneyComputerScience/CREMA-D)",
    citation: "Cao et al., IEEE Transactions on Affective Computing 5(4), 2014",
    notes: [
      "It has no surprise.",
      "The label is what the actor meant; listeners hear that in 41 % of the clips by voice alone.",
      "1076_MTI_SAD_XX holds no sound.",
      "Every actor says the same sentences: a split by voice shares them.",
    ],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, actor, sentence, emotion] = parts;
    return { speaker: actor!, sentence: sentence!, label: LABELS[emotion!]!, lang: "en" };
  },
};
