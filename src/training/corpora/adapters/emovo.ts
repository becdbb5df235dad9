// EMOVO by its own file names, `dis-f1-b1.wav`. Knows names, not files.
// Source: "Documents" of the release (voice.fub.it): emotion (Italian), actor, sentence.
import type { Adapter } from "../adapter.ts";

const NAME = /^(dis|gio|neu|pau|rab|sor|tri)-([fm][123])-([bdlnt]\d)$/;
const LABELS: Record<string, string> = {
  dis: "disgust",
  gio: "joy",
  neu: "neutral",
  pau: "fear",
  rab: "anger",
  sor: "surprise",
  tri: "sadness",
};

export const emovo: Adapter = {
  info: {
    name: "emovo",
    title: "EMOVO Corpus",
    languages: ["it"],
    speakers: 6,
    clips: 588,
    nature: "acted; 3 women and 3 men; 14 sentences",
    licence: "none stated",
    labels: Object.values(LABELS),
    readBy: "file names",
    from: "Fondazione Ugo Bordoni (voice.fub.it/activities/corpora/emovo)",
    citation: "Costantini et al., EMOVO Corpus: an Italian Emotional Speech Database, LREC 2014",
    notes: ["Every actor says the same sentences: a split by voice shares them."],
  },

  read({ stem }) {
    const parts = NAME.exec(stem);
    if (!parts) return null;
    const [, emotion, actor, sentence] = parts;
    const gender = actor!.startsWith("f") ? "F" : "M";
    return { speaker: actor!, sentence: sentence!, label: LABELS[emotion!]!, gender, lang: "it" };
  },
};
