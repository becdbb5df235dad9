// A corpus's clip as samples, or the reason why it is left out. Knows the decoder, no model.
import { AudioError, decodeFile } from "../audio/index.node.ts";
import type { Clip } from "./corpora/index.ts";

/** A clip that could not be heard, and why: a sentence that does not repeat the file's name. */
export interface LeftOut {
  clip: Clip;
  reason: string;
}

/** Of a longer recording the rest is not heard. */
const LONGEST_SECONDS = 60;

/**
 * @returns [samples], mono; at 16 kHz unless said
 * @throws AudioError where it cannot be decoded
 */
export function decodeClip(
  clip: Clip,
  { sampleRate, signal }: { sampleRate?: number; signal?: AbortSignal } = {},
): Promise<Float32Array> {
  return decodeFile(clip.path, { sampleRate, maxSeconds: LONGEST_SECONDS, signal });
}

/** What `answer` makes of the clip's samples at 16 kHz; left out where it cannot be decoded, or is too short for the model. */
export async function hearClip<T>(
  clip: Clip,
  answer: (audio: Float32Array) => Promise<T>,
  signal?: AbortSignal,
): Promise<T | LeftOut> {
  try {
    return await answer(await decodeClip(clip, { signal }));
  } catch (error) {
    // Too short for the model is a RangeError.
    if (error instanceof AudioError || error instanceof RangeError) return leaveOut(clip, error);
    throw error;
  }
}

/** @param error of decoding the clip, or of hearing it */
export function leaveOut(clip: Clip, { message }: Error): LeftOut {
  const name = `${JSON.stringify(clip.path)} `;
  return { clip, reason: message.startsWith(name) ? message.slice(name.length) : message };
}
