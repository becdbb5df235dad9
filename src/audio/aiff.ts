// The header of AIFF and AIFC files. Knows IFF chunks, not how samples are decoded.
// Source: Apple, "Audio Interchange File Format AIFF-C", draft of 26 August 1991.

import { type ByteSource, text, view } from "./byte-source.ts";
import type { PcmEncoding, PcmLayout } from "./pcm.ts";

/** What is inside, or undefined when it is no AIFF, or one that is not plain PCM, float or G.711. */
export async function readAiff(source: ByteSource): Promise<PcmLayout | undefined> {
  const head = await source.read(0, 12);
  const kind = text(head, 8);
  if (text(head, 0) !== "FORM" || (kind !== "AIFF" && kind !== "AIFC")) return undefined;
  let format: Omit<PcmLayout, "offset" | "length"> | undefined;
  let sound: Pick<PcmLayout, "offset" | "length"> | undefined;
  // The two chunks may stand in either order.
  for (let at = 12; !(format && sound); ) {
    const chunk = await source.read(at, 8);
    if (chunk.length < 8) return undefined;
    const id = text(chunk, 0);
    const size = view(chunk).getUint32(4);
    const body = at + 8;
    if (id === "COMM") {
      format = parseCommon(await source.read(body, Math.min(size, 22)), kind);
      if (!format) return undefined;
    } else if (id === "SSND") {
      const start = await source.read(body, 8);
      if (start.length < 8) return undefined;
      const offset = body + 8 + view(start).getUint32(0);
      const end = Math.min(body + size, source.size);
      sound = { offset, length: Math.max(0, end - offset) };
    }
    at = body + size + (size % 2);
  }
  return { ...format, ...sound };
}

function parseCommon(
  bytes: Uint8Array,
  kind: "AIFF" | "AIFC",
): Omit<PcmLayout, "offset" | "length"> | undefined {
  if (bytes.length < (kind === "AIFC" ? 22 : 18)) return undefined;
  const field = view(bytes);
  const bytesPerSample = Math.ceil(field.getUint16(6) / 8);
  const compression = kind === "AIFC" ? text(bytes, 18) : "NONE";
  const encoding = encodingOf(compression, bytesPerSample);
  if (!encoding) return undefined;
  return {
    sampleRate: extended(field, 8),
    channels: field.getUint16(0),
    encoding,
    bigEndian: compression !== "sowt",
  };
}

function encodingOf(compression: string, bytes: number): PcmEncoding | undefined {
  switch (compression.toLowerCase()) {
    case "none":
    case "twos":
    case "sowt":
      return ({ 1: "s8", 2: "s16", 3: "s24", 4: "s32" } as const)[bytes];
    case "raw ":
      return bytes === 1 ? "u8" : undefined;
    case "in24":
      return "s24";
    case "in32":
      return "s32";
    case "fl32":
      return "f32";
    case "fl64":
      return "f64";
    case "alaw":
    case "ulaw":
      return compression.toLowerCase() as PcmEncoding;
    default:
      return undefined;
  }
}

/** An 80-bit extended number, as AIFF writes its rate: sign and exponent 16 bits, mantissa 64. */
function extended(field: DataView, at: number): number {
  const exponent = (field.getUint16(at) & 0x7fff) - 16383;
  return Math.round(Number(field.getBigUint64(at + 2)) * 2 ** (exponent - 63));
}
