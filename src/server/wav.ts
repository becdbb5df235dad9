// Mono sound at 16 kHz as a 16-bit WAV: its header, and samples as bytes. Pure.

import { wavHeader as headerAt, pcm16, WAV_HEADER_BYTES } from "../audio/index.ts";

export const SAMPLE_RATE = 16_000;
export const HEADER_BYTES = WAV_HEADER_BYTES;

/** @param samples null: not known, the sound goes on to the end of the file */
export function wavHeader(samples: number | null): Buffer {
  return Buffer.from(headerAt(samples, SAMPLE_RATE).buffer);
}

/** @param block `[samples]`, -1..1; what is beyond is cut off */
export function wavSamples(block: Float32Array): Buffer {
  return Buffer.from(pcm16(block).buffer);
}

/**
 * A WAV from its byte `start` to its byte `end`, of a sound that can only be read from its beginning. A sound that turns
 * out shorter than the header says goes on in silence: what was promised is sent.
 */
export async function* wavBytes(
  sound: AsyncIterable<Float32Array>,
  samples: number,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  let at = 0;
  function cut(bytes: Buffer): Buffer {
    const part = bytes.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    at += bytes.length;
    return part;
  }
  yield cut(wavHeader(samples));
  for await (const block of sound) {
    const part = cut(wavSamples(block));
    if (part.length > 0) yield part;
    if (at > end) return;
  }
  while (at <= end) yield cut(Buffer.alloc(Math.min(65_536, end + 1 - at)));
}
