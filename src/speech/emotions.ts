// The seven emotions and what other people's labels mean in them. Pure: knows no corpus and no model.

/** The emotions in the order of every model's outputs. */
export const EMOTIONS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"] as const;

export type Emotion = (typeof EMOTIONS)[number];

/** What a corpus's label means here. `reason` is a sentence for people wherever the answer is not obvious. */
export type LabelMeaning =
  | { kind: "emotion"; emotion: Emotion; reason?: string }
  | { kind: "left-out"; reason: string }
  | { kind: "unknown"; reason: string };

type LabelRule = { labels: readonly string[]; emotion: Emotion | null; reason?: string };

/**
 * The one table of labels. A label is here either because it is a word for one of the seven, or because
 * corpora use it for something that is not one of them. Codes that mean something in one corpus only (EmoDB's
 * `W`, RAVDESS's `05`) belong to that corpus's adapter, which turns them into a word of this table.
 */
export const LABEL_RULES: readonly LabelRule[] = [
  { labels: ["angry", "anger", "ang", "mad"], emotion: "angry" },
  {
    labels: ["hot anger", "cold anger", "fury", "rage"],
    emotion: "angry",
    reason: "a kind or strength of anger",
  },
  { labels: ["disgust", "disgusted", "dis"], emotion: "disgust" },
  { labels: ["fear", "fearful", "afraid", "scared", "fea"], emotion: "fear" },
  { labels: ["anxiety", "anxious", "panic"], emotion: "fear", reason: "a kind or strength of fear" },
  { labels: ["happy", "happiness", "hap", "joy", "joyful"], emotion: "happy" },
  { labels: ["elation", "amusement"], emotion: "happy", reason: "a kind or strength of happiness" },
  { labels: ["neutral", "neutrality", "neu", "normal"], emotion: "neutral" },
  { labels: ["sad", "sadness"], emotion: "sad" },
  { labels: ["grief", "despair"], emotion: "sad", reason: "a kind or strength of sadness" },
  { labels: ["surprise", "surprised", "sur"], emotion: "surprise" },
  {
    labels: ["ps", "pleasant surprise", "pleasant surprised"],
    emotion: "surprise",
    reason: "pleasant surprise is the only surprise that was recorded (TESS)",
  },
  {
    labels: ["calm", "calmness"],
    emotion: null,
    reason: "calm is a class of its own beside neutral in RAVDESS, and the neutral-like class of TurEV-DB",
  },
  {
    labels: ["boredom", "bored"],
    emotion: null,
    reason: "boredom is none of the seven: low arousal, close to both neutral and sad",
  },
  {
    labels: ["excited", "excitement"],
    emotion: null,
    reason: "excitement is folded into happy by some studies and kept apart by others",
  },
  { labels: ["frustrated", "frustration"], emotion: null, reason: "frustration lies between angry and sad" },
  { labels: ["contempt"], emotion: null, reason: "contempt is none of the seven" },
  { labels: ["sarcasm", "sarcastic"], emotion: null, reason: "sarcasm is a manner of speaking, no emotion" },
  {
    labels: ["other", "unknown", "xxx", "no agreement", "mixed"],
    emotion: null,
    reason: "the raters did not agree on one emotion",
  },
];

const meanings = new Map<string, LabelMeaning>();
for (const { labels, emotion, reason } of LABEL_RULES) {
  const meaning: LabelMeaning = emotion
    ? { kind: "emotion", emotion, ...(reason && { reason }) }
    : { kind: "left-out", reason: reason! };
  for (const label of labels) meanings.set(label, meaning);
}

/**
 * What a label means. Case, and whether words are joined by space, `_` or `-`, do not matter.
 *
 *     meaningOf("Pleasant_Surprise") // { kind: "emotion", emotion: "surprise", reason: "..." }
 *     meaningOf("calm")              // { kind: "left-out", reason: "..." }
 */
export function meaningOf(label: string): LabelMeaning {
  const word = label
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
  return (
    meanings.get(word) ?? {
      kind: "unknown",
      reason: `label "${label}" is in no table; write one of ${EMOTIONS.join(", ")}`,
    }
  );
}
