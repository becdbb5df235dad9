// IEMOCAP by its file names, `Ses01F_impro01_M000.wav`, and its label files, EmoEvaluation/*.txt. Knows names and lines.
// Source: README.txt of the release and Busso et al. 2008: a turn's line is [START - END] TURN EMOTION [V, A, D].
import type { Adapter } from "../adapter.ts";

// Session with the partner who wears the markers, dialogue, who speaks in this turn.
const TURN = /^(Ses0[1-5])[FM]_(impro\d\d|script\d\d_\d)[ab]?_([FM])(?:\d{3}|XX\d)$/;
const DIALOGUE = /^Ses0[1-5][FM]_(?:impro\d\d|script\d\d_\d)[ab]?$/;
const LINE = /^\[[\d.]+ - [\d.]+\]\t(\S+)\t(\w+)\t/;
const LABELS: Record<string, string> = {
  ang: "angry",
  dis: "disgust",
  exc: "excited",
  fea: "fear",
  fru: "frustrated",
  hap: "happy",
  neu: "neutral",
  oth: "other",
  sad: "sad",
  sur: "surprise",
  xxx: "no agreement",
};

export const iemocap: Adapter = {
  info: {
    name: "iemocap",
    title: "Interactive Emotional Dyadic Motion Capture database (sound of the turns)",
    languages: ["en"],
    speakers: 10,
    clips: 10_039,
    nature: "acted dialogues, scripted and improvised; 5 women and 5 men; labelled by three listeners",
    licence: "research only, by agreement with USC",
    labels: Object.values(LABELS),
    readBy: "label files",
    from: "University of Southern California (sail.usc.edu/iemocap)",
    citation: "Busso et al., IEMOCAP, Language Resources and Evaluation 42, 2008",
    notes: [
      "excited is left out here; studies with four classes often count it as happy, which makes other figures.",
      "About a quarter of the turns have no label that the listeners agreed on, and are left out.",
      "Sessions say the same scripts: a split by voice shares them.",
    ],
  },

  labels: {
    called: "dialog/EmoEvaluation/*.txt",
    // The folders below it hold each listener's own view.
    are: (file) => /(^|\/)EmoEvaluation\/Ses0[1-5][FM]_\w+\.txt$/.test(file),
    reader: () => (line) => {
      const [, stem, code] = LINE.exec(line) ?? [];
      // A code that is not known stays as it is, and is named as a label that nobody knows.
      return stem && code ? { stem, label: LABELS[code] ?? code } : null;
    },
  },

  read({ stem }) {
    const parts = TURN.exec(stem);
    if (!parts)
      return DIALOGUE.test(stem) ? { leftOut: "is a whole dialogue, whose turns lie in sentences/" } : null;
    const [, session, scene, gender] = parts;
    return {
      speaker: `${session}${gender}`,
      gender: gender!,
      lang: "en",
      // What is improvised is said once; of a script at least the scene is known.
      sentence: scene!.startsWith("script") ? scene! : stem,
    };
  },
};
