// What an adapter is: a corpus's facts, and what its file names say. Types only.
import type { CorpusInfo } from "./info.ts";

/** What a file's name says of the recording. */
export interface NameSays {
  /** A word of the label table, or the corpus's code for one. */
  label: string;
  /** Within the corpus, such as `OAF`. */
  speaker: string;
  sentence?: string;
  gender?: string;
  lang?: string;
  /** What is wrong with the name, in words, where its meaning is known all the same. */
  misnamed?: string;
}

export interface Adapter {
  info: CorpusInfo;
  /** @param stem the file's name without folder and extension. @returns `null` where it is not this corpus's name */
  read(stem: string): NameSays | null;
}
