// English of the view that takes recordings and shows what was heard in them.

import { count, formatBytes, formatDuration, formatProbability, formatSeconds } from "./format.ts";
import { emotionName } from "./shell.ts";

export const intake = {
  title: "How does a voice sound?",
  lead: "Give it a recording of someone speaking. It answers with one of seven emotions, how sure it is, and what it listened to.",
  drop: "Drop recordings here",
  dropNow: "Let go to analyse",
  or: "or paste them, or",
  choose: "Choose files",
  folder: "Choose a folder",
  record: "Record",
  another: "Another recording",
  formats: (bytes: number, seconds: number) =>
    `WAV, MP3, M4A, OGG, FLAC, WebM and the sound of videos, up to ${formatBytes(bytes)} or ${formatDuration(seconds)} each.`,
  formatsPlain: "WAV, MP3, M4A, OGG, FLAC, WebM and the sound of videos.",
  model: "Model",
  nothing: "There was no audio in what you gave.",
  leftOut: (n: number) => `${count(n, "file", "files")} without sound left out.`,
  tooLarge: (name: string, limit: number) =>
    `“${name}” is larger than the ${formatBytes(limit)} that this service takes.`,
  many: "For many files, a batch gives one table and one CSV.",
  toBatch: "Open Batch",
  known: "What it can tell apart",
  knownLead: "Each emotion has its colour, its word, and the line that a voice draws.",
} as const;

export const recorder = {
  ready: "Ready when you are. Nothing is sent until you press “Analyse”.",
  asking: "Your browser asks whether this page may use the microphone.",
  recording: "Recording",
  stop: "Stop",
  analyse: "Analyse",
  discard: "Discard",
  start: "Start recording",
  cancel: "Close",
  length: "Length",
  level: "Level",
  fileName: (date: Date) =>
    `Recording ${date.toISOString().slice(0, 16).replace("T", " ").replace(":", ".")}.wav`,
  listen: "Listen to it first",
} as const;

export const uploads = {
  title: "This visit",
  sending: "Sending",
  waiting: "Waiting its turn",
  analysing: "Listening",
  failed: "Failed",
  stop: "Stop",
  stopNamed: (name: string) => `Stop ${name}`,
  retry: "Try again",
  retryNamed: (name: string) => `Try ${name} again`,
  remove: "Remove from this list",
  removeNamed: (name: string) => `Remove ${name} from this list`,
  open: "Open",
  finished: (name: string, emotion: string) => `${name}: ${emotion}`,
  notRead: (name: string) => `${name} could not be analysed`,
} as const;

export const answer = {
  heading: "The answer",
  sounds: "It sounds",
  uncertain: "Uncertain",
  sure: (share: number) => `${formatProbability(share)} sure, by its own measure`,
  /** @param score such as "right for 56 of 100 clips" */
  unseen: (score: string) => `On voices it never heard it is ${score}.`,
  notMeasured: "How it does on voices it never heard was not measured.",
  changes: (emotions: readonly string[]) =>
    `Taken as a whole no emotion stands out, because it changes: ${emotions.map((name) => emotionName(name).toLowerCase()).join(", ")}. The timeline below has it step by step.`,
  bars: "All it weighed",
  barsUncertain: "What it weighed, without an answer",
  nothing: "Left out: without a voice the numbers mean nothing.",
  /** What a person can do about it, by `because`. */
  advice: {
    silence: "Check that the microphone was on, or that this is the right file.",
    "too-short": "Give it at least a word or two; three seconds are better.",
    "too-noisy": "Try a quieter place, or the microphone nearer to the mouth.",
    "no-speech": "It may be noise or music. Try a part where someone speaks.",
    "low-confidence": "Voices, languages or rooms unlike those it was trained on make this common.",
    unlike:
      "An answer would be a guess. Singing, an effect on the voice or a sound that is no voice may be why.",
  } as Record<string, string>,
  quality: "The recording",
  verdict: { good: "Good", fair: "Fair", poor: "Poor" },
  speech: (share: string) => `${share} voice`,
  snr: (db: number) => `${Math.round(db)} dB above the background`,
  clipped: (share: string) => `${share} overloaded`,
  noClip: "nothing overloaded",
} as const;

export const evidence = {
  title: "What it listened to",
  lead: "Every lane shows the same seconds. Click anywhere to hear that moment.",
  play: "Play",
  pause: "Pause",
  position: "Position",
  positionText: (at: number, seconds: number, emotion: string | null | undefined) =>
    `${formatSeconds(at)} of ${formatSeconds(seconds)}${emotion === undefined ? "" : `, ${emotionName(emotion)}`}`,
  cannotPlay: "This browser cannot play it; the lanes still show it.",
  timeline: "Emotions over time",
  timelineHelp: "Arrow keys move along it, Enter plays from there.",
  segment: (start: number, end: number, emotion: string | null, share: number) =>
    `${formatSeconds(start)} to ${formatSeconds(end)}: ${emotionName(emotion)}, ${formatProbability(share)}`,
  noTimeline: "There is nothing on it: no voice was heard.",
  waveform: "Waveform",
  waveformLabel: (seconds: number, loudest: number) =>
    `Waveform of ${formatDuration(seconds)}, loudest at ${formatSeconds(loudest)}.`,
  attention: "Listened",
  attentionLabel: (start: number, end: number) =>
    `Where the model listened: most between ${formatSeconds(start)} and ${formatSeconds(end)}.`,
  spectrogram: "Spectrum",
  spectrogramLabel: (hertz: number) =>
    `Spectrogram: the strength of each pitch over time, up to ${Math.round(hertz / 1000)} kHz.`,
  mfcc: "MFCC",
  mfccLabel: (rows: number) =>
    `The ${rows} coefficients that the network is fed with, over time, lowest at the foot.`,
  failed: "What it listened to could not be loaded",
  hertz: (hertz: number) => (hertz >= 1000 ? `${hertz / 1000} kHz` : `${hertz} Hz`),
  about: {
    title: "How to read this",
    score:
      "Emotions: one line each, as in a score. The block is the answer for that stretch; the shade on the other lines is what else it weighed.",
    attention: "Listened: how much each moment counted for the answer.",
    spectrogram:
      "Spectrum: low pitches at the foot, high ones at the top; the stronger, the darker (or lighter, on dark).",
    mfcc: "MFCC: the same sound squeezed into the few numbers that the network reads.",
  },
} as const;

export const recording = {
  loading: "Loading the recording",
  failed: "The recording could not be loaded",
  analysing: "Listening to it",
  queued: "Waiting its turn",
  failedAnalysis: "It could not be analysed",
  answered: (emotion: string | null) => `Heard: ${emotionName(emotion)}.`,
  again: "Another model",
  startAgain: "Analyse again",
  againStarted: (model: string) => `Listening again with ${model}.`,
  json: "JSON",
  audio: "Audio",
  remove: "Delete",
  removeTitle: "Delete this recording?",
  removeText: "The audio, what was heard in it, your label and your note are gone for good.",
  removed: "Deleted.",
  live: "recorded live",
  label: "What do you hear?",
  labelLead: "Your own answer stands beside the model's and goes into exports. It changes nothing else.",
  labelNone: "No answer of mine",
  labelled: (name: string) => `Kept: you hear ${name.toLowerCase()}.`,
  unlabelled: "Your answer was taken back.",
} as const;
