// What is kept, as the contract shows it; what was heard, as it is kept. Pure.
import type { Kept } from "../store/index.ts";
import type { Analysis, Recording } from "./contract.ts";

export type KeptRecording = Kept<Analysis>;

/** @param progress of the analysis, while it runs */
export function shown({ model: _, voice: __, ...kept }: KeptRecording, progress = 0): Recording {
  return { ...kept, progress: kept.state === "done" ? 1 : kept.state === "running" ? progress : 0 };
}

/** Rounded to what means anything: so are shares that rounding in the network put a hair above 1. */
export function tidied({ quality, timeline, probabilities, ...rest }: Analysis): Analysis {
  return {
    ...rest,
    seconds: rounded(rest.seconds, 3),
    confidence: share(rest.confidence),
    probabilities: probabilities && shares(probabilities),
    quality: {
      ...quality,
      speech: share(quality.speech),
      snr: rounded(quality.snr, 1),
      clipped: Math.min(1, rounded(quality.clipped, 5)),
    },
    timeline: timeline.map(({ start, end, emotion, confidence, probabilities }) => ({
      start: rounded(start, 3),
      end: rounded(end, 3),
      emotion,
      confidence: share(confidence),
      probabilities: shares(probabilities),
    })),
  };
}

function shares(of: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, share(value)]));
}

function share(value: number): number {
  return Math.min(1, Math.max(0, rounded(value, 4)));
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** Controls, line separators, and the marks that turn writing around; joiners stay, which some scripts need. */
const UNSAFE = /[\p{Cc}\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A file's name as it can be kept and shown: without its folders, controls and marks that turn writing around, and not
 * longer than a file system takes.
 */
export function cleanName(name: string): string {
  const base = name.split(/[/\\]/).at(-1)!;
  const clean = base.toWellFormed().normalize("NFC").replace(UNSAFE, "").trim();
  return [...clean].slice(0, 200).join("") || "recording";
}

/** What sound files are that a browser or a program gave no type for. */
const TYPES = new Map(
  Object.entries({
    ...{
      wav: "audio/wav",
      mp3: "audio/mpeg",
      flac: "audio/flac",
      ogg: "audio/ogg",
      oga: "audio/ogg",
      opus: "audio/ogg",
    },
    ...{ m4a: "audio/mp4", aac: "audio/aac", webm: "video/webm", mp4: "video/mp4", mov: "video/quicktime" },
    ...{
      aif: "audio/aiff",
      aiff: "audio/aiff",
      amr: "audio/amr",
      wma: "audio/x-ms-wma",
      mkv: "video/x-matroska",
    },
  }),
);

/**
 * The media type that was sent, else the one that the name stands for, if it is one of sound or film; anything else is
 * served as nothing that a browser would run.
 */
export function cleanType(type: string | undefined, name: string): string {
  const plain = (type ?? "").split(";")[0]!.trim().toLowerCase();
  if (/^(audio|video)\/[a-z0-9][a-z0-9.+-]{0,60}$/.test(plain)) return plain;
  return TYPES.get(/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "") ?? "application/octet-stream";
}
