// Mono sound at 16 kHz as a 16-bit WAV: its header, and samples as bytes. Pure.

export const SAMPLE_RATE = 16_000;
export const HEADER_BYTES = 44;
/** What a header says where the length is not known. */
const UNKNOWN = 0xffff_ffff;

/**
 * RIFF, one "fmt " chunk of PCM, one "data" chunk (Microsoft, "New Multimedia Data Types").
 * @param samples null: not known, the sound goes on to the end of the file
 */
export function wavHeader(samples: number | null): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const bytes = samples === null ? UNKNOWN : Math.min(UNKNOWN, 2 * samples);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(Math.min(UNKNOWN, bytes + HEADER_BYTES - 8), 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(2 * SAMPLE_RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(bytes, 40);
  return header;
}

/** @param block `[samples]`, -1..1; what is beyond is cut off */
export function wavSamples(block: Float32Array): Buffer {
  const samples = new Int16Array(block.length);
  for (let i = 0; i < block.length; i++)
    samples[i] = Math.round(32767 * Math.max(-1, Math.min(1, block[i]!)));
  return Buffer.from(samples.buffer);
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
