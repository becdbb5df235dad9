// MSP-Podcast by its file names, `MSP-PODCAST_0001_0008.wav`, and Labels/labels_consensus.csv. Knows names and lines.
// Source: readme.txt of release 1.12 (June 2024): columns FileName, EmoClass, EmoAct, EmoVal, EmoDom, SpkrID, Gender,
// Split_Set; none holds a comma.
import type { Adapter, LabelSays } from "../adapter.ts";
import { UNKNOWN_SPEAKER } from "../clip.ts";

const NAME = /^MSP-PODCAST_\d{4}_\d{4}(?:_\d{4})?$/;
const LABELS: Record<string, string> = {
  A: "angry",
  C: "contempt",
  D: "disgust",
  F: "fear",
  H: "happy",
  N: "neutral",
  O: "other",
  S: "sad",
  U: "surprise",
  X: "no agreement",
};
const GENDERS: Record<string, string> = { Female: "F", Male: "M" };

export const mspPodcast: Adapter = {
  info: {
    name: "msp-podcast",
    title: "MSP-Podcast corpus",
    languages: ["en"],
    speakers: 2100,
    clips: null,
    nature: "natural: podcasts; labelled by five listeners or more, the plurality counts",
    licence: "academic or commercial, by agreement with UT Dallas",
    labels: Object.values(LABELS),
    readBy: "label files",
    from: "University of Texas at Dallas (ecs.utdallas.edu/research/researchlabs/msp-lab/MSP-Podcast.html)",
    citation: "Lotfian and Busso, IEEE Transactions on Affective Computing 10(4), 2019",
    notes: [
      "Speakers as of release 1.11 (1,409 to train, 454 to develop, 237 of the first test); it grows with each.",
      "Some clips name no speaker, so whether such a voice stands on both sides of a split cannot be said.",
      "The labels of its third test set are kept by its makers: those clips are left out.",
    ],
  },

  labels: {
    called: "Labels/labels_consensus.csv",
    // Early releases spell it "concensus".
    are: (file) => /(^|\/)labels_con[cs]ensus\.csv$/.test(file),
    reader: () => {
      let columns: string[] | null = null;
      return (line): LabelSays | null => {
        const cells = line
          .replace(/^\ufeff/, "")
          .split(",")
          .map((cell) => cell.trim());
        if (!columns) {
          columns = cells;
          return null;
        }
        const cell = (name: string) => cells[columns!.indexOf(name)] ?? "";
        const [stem, code] = [cell("FileName").replace(/\.wav$/, ""), cell("EmoClass")];
        if (!stem || !code) return null;
        const speaker = cell("SpkrID");
        const gender = GENDERS[cell("Gender")];
        return {
          stem,
          label: LABELS[code] ?? code,
          speaker: /^\d+$/.test(speaker) ? speaker : UNKNOWN_SPEAKER,
          ...(gender && { gender }),
        };
      };
    },
  },

  read: ({ stem }) => (NAME.test(stem) ? { speaker: UNKNOWN_SPEAKER, lang: "en" } : null),
};
