// What the rest of training sees of a corpus: clips, and what is wrong with files. Types only.
import type { Emotion } from "../../speech/index.ts";
import type { CorpusInfo } from "./info.ts";

/** Classes of one corpus that are none of the seven emotions, and that a protocol may ask for all the same. */
export const OWN_CLASSES = ["boredom", "calm"] as const;

/** What a clip can be: an emotion, or a corpus's own class where that was asked for. */
export type ClassName = Emotion | (typeof OWN_CLASSES)[number];

/** One recording with its label. */
export interface Clip {
  /** Absolute. */
  path: string;
  /** Relative to the data folder, with `/`. */
  file: string;
  /** The corpus's name, such as `tess`. */
  corpus: string;
  /** One of the seven; a corpus's own class (`ClassName`) only where `readCorpora` was asked for it. */
  emotion: Emotion;
  /** The corpus's own word for the emotion, such as `ps`. */
  label: string;
  /** Unique across corpora: `tess/OAF`. `own/unknown` where the corpus does not say who speaks. */
  speaker: string;
  /** What is said, where the corpus says it; within the corpus: the word `back` of TESS. */
  sentence?: string;
  /** `F` or `M`, where the corpus says it. */
  gender?: string;
  /** BCP 47, such as `en`. */
  lang?: string;
  seconds?: number;
  /** Size of the file when the folder was read. */
  bytes?: number;
}

export type ProblemKind =
  | "misnamed"
  | "duplicate"
  | "undecodable"
  | "too-short"
  | "silent"
  | "unknown-label"
  | "left-out"
  | "missing"
  | "gender"
  | "not-audio";

/** Something to know about a file, or about a folder where one reason holds for all of it. */
export interface Problem {
  /** Relative to the data folder, with `/`. */
  file: string;
  kind: ProblemKind;
  /** A sentence that does not repeat the file's name. */
  message: string;
  /** Whether the file is used all the same. */
  used: boolean;
}

/** One corpus of a data folder. */
export interface CorpusSummary {
  name: string;
  /** Relative to the data folder; `.` where that is the corpus. Several, joined by `, `, where it is spread. */
  folder: string;
  /** How speakers and emotions are known. */
  from: "file names" | "manifest" | "folders";
  /** What is known of the corpus in general; `null` for a person's own. */
  info: CorpusInfo | null;
  /** How many clips are used. */
  clips: number;
  /** Sorted; `unknown` is among them where the corpus does not say. */
  speakers: string[];
  /** Clips of each emotion that the corpus has. */
  emotions: Partial<Record<Emotion, number>>;
  /** How many different sentences; 0: not known. */
  sentences: number;
  languages: string[];
  /** Seconds of all clips whose length is known. */
  seconds: number;
  /** What the whole corpus has and this folder has not, in sentences. */
  lacks: string[];
  /** What makes training or measuring on it weaker, in sentences. */
  warnings: string[];
}

export interface ReadCorpora {
  corpora: CorpusSummary[];
  /** Sorted by `file`, by code unit: the same folder gives the same order on every machine. */
  clips: Clip[];
  problems: Problem[];
}

/** The name that stands for a speaker nobody named. */
export const UNKNOWN_SPEAKER = "unknown";

/** Whether it is known who speaks. */
export function speakerIsKnown(clip: Clip): boolean {
  return !clip.speaker.endsWith(`/${UNKNOWN_SPEAKER}`);
}

/** What is said, unique across corpora (`tess/back`); `null` where it is not known. */
export function sentenceOf(clip: Clip): string | null {
  return clip.sentence === undefined ? null : `${clip.corpus}/${clip.sentence}`;
}

/** Order by UTF-16 code unit: what `sort()` does, and no locale changes. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
