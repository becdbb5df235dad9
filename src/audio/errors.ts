// What can go wrong with a sound file, as one error type. Knows nothing of files or decoders.

/** Why a sound could not be had; stable, for programs to branch on. The message is for people. */
export type AudioErrorCode =
  | "unreadable-audio"
  | "empty-audio"
  | "too-long"
  | "not-found"
  | "decoder-missing"
  | "decoder-failed";

/** A sound that could not be had: `code` says which kind, the message names the file and the way out. */
export class AudioError extends Error {
  readonly code: AudioErrorCode;

  constructor(code: AudioErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AudioError";
    this.code = code;
  }
}

/** A name as it can stand in a one-line message: newlines, quotes and control characters escaped. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}
