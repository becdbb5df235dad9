// What is known of a corpus in general, whether or not a folder holds it. A type only.

/** Facts for people, and for the model's card. */
export interface CorpusInfo {
  /** As its folder is called: `tess`. */
  name: string;
  title: string;
  /** BCP 47 tags. */
  languages: string[];
  speakers: number;
  /** In the whole release; `null`: not known. */
  clips: number | null;
  /** How it came to be: acted or natural, sentences, intensities. */
  nature: string;
  licence: string;
  /** Its words for its emotions; `meaningOf` says what each is here, or why it is left out. */
  labels: string[];
  /** How a file's speaker and emotion are known to this program. */
  readBy: "file names" | "label files";
  /** The site that gives it out. */
  from: string;
  citation: string;
  /** What to know before trusting it. */
  notes: string[];
}
