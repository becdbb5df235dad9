// English of the live view.

import { formatDuration, formatProbability } from "./format.ts";
import { emotionName } from "./shell.ts";

export const live = {
  title: "Live",
  lead: "Speak, and watch how it sounds as you go on. Nothing is kept unless you say so.",
  start: "Start listening",
  again: "Start again",
  stop: "Stop",
  asking: "Your browser asks whether this page may use the microphone",
  connecting: "Opening the line to the service",
  ready: "Not listening",
  readyText:
    "Echo cancellation, noise suppression and gain control are switched off: they flatten what the model listens to. A headset or a quiet room helps.",
  listening: (name: string) => (name ? `Listening to ${name}` : "Listening"),
  microphone: "Level of the microphone",
  quiet: "Quiet",
  quietText: "No voice just now",
  uncertain: "Uncertain",
  sounds: "It sounds",
  sure: (share: number) => `${formatProbability(share)} sure, by its own measure`,
  because: {
    "low-confidence": "nothing stands out",
    unlike: "unlike what it knows",
    silence: "no sound",
    "too-short": "a moment more",
    "no-speech": "no voice in it",
    "too-noisy": "too noisy",
  } as Record<string, string>,
  starting: "A moment more",
  behind: (ms: number) => `${Math.round(ms / 10) * 10} ms behind the voice`,
  strip: "The last minute",
  stripLabel: (emotions: readonly string[]) =>
    emotions.length === 0
      ? "The last minute: no emotion stood out so far."
      : `The last minute, heard longest first: ${emotions.map((name) => emotionName(name).toLowerCase()).join(", ")}.`,
  now: "now",
  ago: (seconds: number) => `${seconds} s ago`,
  ended: "What shall become of it?",
  endedText: (seconds: number) =>
    `${formatDuration(seconds)} were heard. Kept, they become a recording like any other; let go, nothing of them remains.`,
  name: "Name",
  defaultName: (date: Date) => `Live ${date.toISOString().slice(0, 16).replace("T", " ")}`,
  keep: "Keep as a recording",
  letGo: "Let it go",
  gone: "Let go. Nothing of it remains.",
  lost: "The line to the service broke",
  lostText: (seconds: number) =>
    `It broke after ${formatDuration(seconds)}; what was heard until then was not kept. Start again when the service can be reached.`,
  unplugged: "The microphone went away",
  refused: "The service could not listen",
} as const;
