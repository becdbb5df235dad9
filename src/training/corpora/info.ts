// What is known of a corpus in general, whether or not a folder holds it. A type only.

/** Facts for people, and for the model's card. */
export interface CorpusInfo {
  /** As its folder is called: `tess`. */
  name: string;
  title: string;
  /** BCP 47 tags. */
  languages: string[];
  speakers: number;
  /** In the whole release. */
  clips: number;
  /** How it came to be: acted or natural, sentences, intensities. */
  nature: string;
  licence: string;
  /** The corpus's own label -> emotion, or why it is left out. */
  labels: Record<string, string>;
  /** How a file's speaker and emotion are known to this program. */
  readBy: "file names" | "manifest";
  /** The site that gives it out. */
  from: string;
  citation: string;
  /** What to know before trusting it. */
  notes: string[];
}
