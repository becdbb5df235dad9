// Uncompressed sound: how samples lie in a file, and bytes to samples. Knows encodings, no containers.

import type { Samples } from "./mono.ts";

/** How one sample is written. */
export type PcmEncoding = "u8" | "s8" | "s16" | "s24" | "s32" | "f32" | "f64" | "alaw" | "ulaw";

/** Where the samples of an uncompressed file are, and how they are written. */
export interface PcmLayout {
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly encoding: PcmEncoding;
  readonly bigEndian: boolean;
  /** First byte of the samples, from the start of the file. */
  readonly offset: number;
  /** Bytes of samples; Infinity when only the end of the file will tell. */
  readonly length: number;
}

/** Bytes of one sample. */
export const sampleBytes: Record<PcmEncoding, number> = {
  u8: 1,
  s8: 1,
  s16: 2,
  s24: 3,
  s32: 4,
  f32: 4,
  f64: 8,
  alaw: 1,
  ulaw: 1,
};

const machineIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Interleaved samples from whole samples' bytes. May be a view of `bytes`. */
export function pcmSamples(bytes: Uint8Array, encoding: PcmEncoding, bigEndian: boolean): Samples {
  const width = sampleBytes[encoding];
  if (encoding === "s24") return widen24(bytes, bigEndian);
  const inOrder = width === 1 || bigEndian !== machineIsLittleEndian;
  const aligned = bytes.byteOffset % width === 0;
  const own = inOrder ? (aligned ? bytes : bytes.slice()) : reversed(bytes, width);
  const { buffer, byteOffset } = own;
  const count = own.length / width;
  switch (encoding) {
    case "u8":
      return own;
    case "s8":
      return new Int8Array(buffer, byteOffset, count);
    case "s16":
      return new Int16Array(buffer, byteOffset, count);
    case "s32":
      return new Int32Array(buffer, byteOffset, count);
    case "f32":
      return new Float32Array(buffer, byteOffset, count);
    case "f64":
      return new Float64Array(buffer, byteOffset, count);
    case "alaw":
      return expand(own, aLaw);
    case "ulaw":
      return expand(own, muLaw);
  }
}

function reversed(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += width) {
    for (let k = 0; k < width; k++) out[i + k] = bytes[i + width - 1 - k];
  }
  return out;
}

/** 24-bit samples in the upper bits of 32, so that one scale fits both. */
function widen24(bytes: Uint8Array, bigEndian: boolean): Int32Array {
  const out = new Int32Array(bytes.length / 3);
  const [low, high] = bigEndian ? [2, 0] : [0, 2];
  for (let i = 0, j = 0; i < out.length; i++, j += 3) {
    out[i] = (bytes[j + high] << 24) | (bytes[j + 1] << 16) | (bytes[j + low] << 8);
  }
  return out;
}

function expand(bytes: Uint8Array, table: Int16Array): Int16Array {
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < out.length; i++) out[i] = table[bytes[i]];
  return out;
}

/** ITU-T G.711, A-law: even bits inverted, 3-bit segment, 4-bit step; 13 bits, here scaled to 16. */
const aLaw = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 15) << 4) | 8;
  const size = segment === 0 ? step : (step | 0x100) << (segment - 1);
  return bits & 0x80 ? size : -size;
});

/** ITU-T G.711, mu-law: all bits inverted, 3-bit segment, 4-bit step, bias 33; 14 bits, here scaled to 16. */
const muLaw = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code;
  const size = ((((bits & 15) << 3) | 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -size : size;
});
