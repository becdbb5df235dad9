// What an adapter is: a corpus's facts, and what its file names and label files say. Types only.
import type { CorpusInfo } from "./info.ts";

/** A recording's name, as an adapter sees it. */
export interface RecordingName {
  /** Without folder and extension. */
  stem: string;
  /** The folders it lies in, the innermost last; the data folder's own place is not among them. */
  folders: readonly string[];
}

/** What a file's name says of the recording. */
export interface NameSays {
  /** A word of the label table, or the corpus's code for one; absent where the corpus's label files say it. */
  label?: string;
  /** Within the corpus, such as `OAF`. */
  speaker: string;
  sentence?: string;
  gender?: string;
  lang?: string;
  /** What is wrong with the name, in words, where its meaning is known all the same. */
  misnamed?: string;
}

/** A recording of the release that is no clip, and why: a song, a whole dialogue. */
export interface NotAClip {
  leftOut: string;
}

/** What a label file says of one recording. */
export interface LabelSays {
  stem: string;
  label: string;
  speaker?: string;
  gender?: string;
}

/** Labels that stand in files of their own beside the sound. */
export interface LabelFiles {
  /** As people know them, for messages: `EmoEvaluation/*.txt`. */
  called: string;
  /** Whether a file (with `/`) is one of them. */
  are(file: string): boolean;
  /** A reader of one such file, which is handed its lines in order; most are long, so nobody holds a whole one. */
  reader(): (line: string) => LabelSays | null;
}

export interface Adapter {
  info: CorpusInfo;
  /** @returns `null` where it is not this corpus's name */
  read(name: RecordingName): NameSays | NotAClip | null;
  labels?: LabelFiles;
}
