// English of Models: the choice, and a model's card as a page.
import { count, formatNumber } from "./format.ts";

export const models = {
  title: "Models",
  lead: "Which model answers new recordings, and what each one is known to be worth on voices it never heard.",
  choice: "Model for new recordings",
  chosen: (name: string) => `New recordings are answered by ${name}`,
  byDefault: "the service's default",
  empty: "This service has no model",
  emptyText: "Put an .onnx file beside the shipped ones and start the service again.",
  failed: "The models could not be loaded",
  cardFailed: "This model's card could not be loaded",
  notFound: "This service has no model of that name.",
  back: "All models",
  use: "Use for new recordings",
  inUse: "Used for new recordings",
  card: (name: string) => `Read its card: ${name}`,
  cardLink: "Read its card",
  download: "Download .onnx",
  unseen: "On voices it never heard",
  notMeasured: "Not measured",
  notMeasuredText:
    "Nothing is known of how well it does on voices it never heard. Do not rely on its answers.",
  right: "of clips answered rightly",
  interval: (low: string, high: string) => `95 % interval ${low} to ${high}`,
  range: (low: string, high: string) => `the mean of what was held out, from ${low} to ${high}`,
  chance: (share: string) => `a blind guess gets ${share}`,
  protocol: (protocol: string, heldOut: string) => `${protocol}, held out: ${heldOut}`,
  size: "Size",
  parameters: "Trained numbers",
  languages: "Languages",
  corpora: "Trained on",
  threshold: "Answers only when at least this sure",
  noThreshold: "Always answers",
  licence: "Licence",
  unknown: "Not known",
  version: "Version",
  features: "What it hears",
  architecture: "Network",
  window: "Hears at once",
  windowText: (window: string, hop: string) => `${window}, every ${hop}`,
  training: "Made by",
  commit: "Commit",
  seed: "Seed",
  scoresUnseen: "On voices it never heard",
  scoresUnseenText: "These are the figures to go by: a stranger's voice is what it will meet.",
  scoresSeen: "On voices it knows",
  scoresSeenText:
    "Easier tests: the same voices were in its training. Good for comparing with papers, not for trust.",
  uar: "Average recall",
  ece: "Calibration error",
  eceText: "how far its stated certainty is from how often it is right",
  clips: (n: number) => count(n, "clip", "clips"),
  recall: "Recall by emotion",
  misses: (list: string) => `Takes most often for something else: ${list}.`,
  missed: (emotion: string, share: string, takenFor: string | null) =>
    takenFor === null ? `${emotion} (${share})` : `${emotion} (${share}, mostly heard as ${takenFor})`,
  missesNone: "It misses no emotion more than one time in ten.",
  missesUnknown: "Its card does not say what it takes them for.",
  warnings: "What weakens this figure",
  corporaTitle: "What it was trained on",
  noCorpora: "Its card does not say what it was trained on.",
  corpusLine: (voices: number, clips: number, languages: string) =>
    `${count(voices, "voice", "voices")}, ${count(clips, "clip", "clips")}${languages && `, ${languages}`}`,
  about: "About the model",
  notice: "What it may be used for",
} as const;

/** A measured share with one decimal, since scores differ there: 0.9982 -> "99.8 %". */
export function formatScore(share: number): string {
  return `${formatNumber(share * 100)} %`;
}
