// The one error of this folder.

/** A data folder that cannot be used as it is. The message names the thing and the way out. */
export class CorpusError extends Error {
  override name = "CorpusError";
}
