// Mono sound as a 16-bit WAV: its header, and its samples. Runs anywhere.

export const WAV_HEADER_BYTES = 44;
/** What a header says where the length is not known, or more than it can say. */
const UNKNOWN = 0xffff_ffff;

/**
 * RIFF, one "fmt " chunk of PCM, one "data" chunk (Microsoft, "New Multimedia Data Types").
 * @param samples null: not known, the sound goes on to the end of the file
 */
export function wavHeader(samples: number | null, sampleRate: number): Uint8Array<ArrayBuffer> {
  const bytes = samples === null ? UNKNOWN : Math.min(UNKNOWN, 2 * samples);
  const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  const text = (at: number, word: string) => {
    for (let i = 0; i < word.length; i++) header.setUint8(at + i, word.charCodeAt(i));
  };
  text(0, "RIFF");
  header.setUint32(4, Math.min(UNKNOWN, bytes + WAV_HEADER_BYTES - 8), true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, 2 * sampleRate, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, bytes, true);
  return new Uint8Array(header.buffer);
}

/** @param block `[samples]`, -1..1; what is beyond is cut off */
export function pcm16(block: Float32Array): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(block.length);
  for (let i = 0; i < block.length; i++)
    samples[i] = Math.round(32_767 * Math.max(-1, Math.min(1, block[i]!)));
  return samples;
}
