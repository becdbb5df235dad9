// The header of WAV, RF64 and BW64 files. Knows RIFF chunks, not how samples are decoded.
// Sources: Microsoft, "Multiple Channel Audio Data and WAVE Files" (extensible); EBU Tech 3306 (RF64);
// ITU-R BS.2088 (BW64).

import { type ByteSource, text, view } from "./byte-source.ts";
import type { PcmEncoding, PcmLayout } from "./pcm.ts";

const unknownSize = 0xffff_ffff;
/** The last 14 bytes of every wave sub-format GUID that stands for a plain format tag. */
const guidTail = "000000001000800000aa00389b71";

/** What is inside, or undefined when it is no WAV, or one that is not plain PCM, float or G.711. */
export async function readWav(source: ByteSource): Promise<PcmLayout | undefined> {
  const head = await source.read(0, 12);
  const container = text(head, 0);
  if (!["RIFF", "RF64", "BW64"].includes(container) || text(head, 8) !== "WAVE") return undefined;
  let format: Omit<PcmLayout, "offset" | "length"> | undefined;
  let longData: number | undefined;
  for (let at = 12; ; ) {
    const chunk = await source.read(at, 8);
    if (chunk.length < 8) return undefined;
    const id = text(chunk, 0);
    const size = view(chunk).getUint32(4, true);
    const body = at + 8;
    if (id === "data") {
      if (!format) return undefined;
      const promised = size === unknownSize && longData !== undefined ? longData : size;
      return { ...format, offset: body, length: await trueLength(source, body, promised) };
    }
    if (id === "fmt ") {
      format = parseFormat(await source.read(body, Math.min(size, 40)));
      if (!format) return undefined;
    } else if (id === "ds64") {
      const sizes = await source.read(body, 16);
      if (sizes.length === 16) longData = Number(view(sizes).getBigUint64(8, true));
    }
    at = body + size + (size % 2);
  }
}

/**
 * Headers lie: a recorder that was cut off leaves 0, a stream 0xFFFFFFFF, a damaged file anything. What
 * is promised beyond the end of the file is not there; 0 means "to the end", unless a chunk follows.
 */
async function trueLength(source: ByteSource, body: number, promised: number): Promise<number> {
  const rest = source.size - body;
  if (promised === unknownSize || promised > rest) return rest;
  if (promised > 0) return promised;
  const next = await source.read(body, 8);
  const size = next.length === 8 ? view(next).getUint32(4, true) : Number.POSITIVE_INFINITY;
  const chunkFollows = /^[\x20-\x7e]{4}$/.test(text(next, 0)) && size + 8 <= rest;
  return chunkFollows ? 0 : rest;
}

function parseFormat(bytes: Uint8Array): Omit<PcmLayout, "offset" | "length"> | undefined {
  if (bytes.length < 16) return undefined;
  const field = view(bytes);
  let tag = field.getUint16(0, true);
  const channels = field.getUint16(2, true);
  const sampleRate = field.getUint32(4, true);
  const frameBytes = field.getUint16(12, true);
  if (tag === 0xfffe && bytes.length >= 40) {
    if (hex(bytes.subarray(26, 40)) !== guidTail) return undefined;
    tag = field.getUint16(24, true);
  }
  // The space a sample takes, not how many of its bits are used: those are the upper ones.
  const encoding = encodingOf(tag, frameBytes / channels);
  return encoding && { sampleRate, channels, encoding, bigEndian: false };
}

function encodingOf(tag: number, bytes: number): PcmEncoding | undefined {
  if (tag === 1) return ({ 1: "u8", 2: "s16", 3: "s24", 4: "s32" } as const)[bytes];
  if (tag === 3) return ({ 4: "f32", 8: "f64" } as const)[bytes];
  if (bytes !== 1) return undefined;
  return ({ 6: "alaw", 7: "ulaw" } as const)[tag];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
