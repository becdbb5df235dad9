// English of the shell and of the common parts. A view's words stand in strings/<view>.ts; nothing else holds any.
import type { Emotion } from "../../../src/speech/index.ts";

export const shell = {
  name: "Undertone",
  skip: "Skip to the content",
  navigation: "Main",
  analyse: "Analyse",
  live: "Live",
  history: "History",
  batch: "Batch",
  models: "Models",
  train: "Train",
  recording: "Recording",
  notFound: "Nothing is at this address",
  notFoundText: "It may have been deleted, or the address is not whole.",
  toAnalyse: "Analyse a voice",
  loading: "Loading",
  theme: "Colours",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  connecting: "Connecting",
  online: "Connected",
  offline: "The service cannot be reached. Trying again…",
  offlineShort: "Offline",
  apiDocs: "HTTP API",
  viewFailed: "This view could not be shown",
  pageFailed: "The page could not be loaded whole. Load it again.",
} as const;

export const parts = {
  retry: "Try again",
  close: "Close",
  dismiss: "Dismiss",
  cancel: "Cancel",
  busy: "Working",
  failed: "That did not work",
  messages: "Messages",
  probabilities: "Probability of each emotion",
  chosen: "the answer",
} as const;

export const errors = {
  unreachable: "The service cannot be reached. Is it still running?",
  status: (status: number) => `The service answered with status ${status}.`,
} as const;

export const token = {
  title: "This service asks for its token",
  text: "It was printed where the service was started, or chosen there with --token.",
  label: "Token",
  enter: "Open",
  wrong: "That is not the token of this service.",
} as const;

export const notice = {
  label: "What this is",
  short:
    "This estimates how a voice sounds to listeners. It does not know what anyone feels, and on voices unlike those it was trained on it is often wrong.",
  law: "In the EU it must not be used on people at work or in education (AI Act, Art. 5(1)(f)); wherever else it is used, the people concerned must be told (Art. 50(3)).",
  here: "Your audio goes nowhere: it stays on this machine until you delete it.",
  there: (host: string) =>
    `Your audio goes to ${host}, which shows you this page, and nowhere else; there it stays until you delete it.`,
} as const;

/** The name of each emotion where it stands alone. Unknown ones (a model with other classes) show as they are. */
const emotionNames: Record<Emotion | "uncertain", string> = {
  angry: "Angry",
  disgust: "Disgust",
  fear: "Fear",
  happy: "Happy",
  neutral: "Neutral",
  sad: "Sad",
  surprise: "Surprise",
  uncertain: "Uncertain",
};

/** @param emotion null: uncertain */
export function emotionName(emotion: string | null): string {
  const key = emotion ?? "uncertain";
  return key in emotionNames ? emotionNames[key as Emotion] : key;
}
