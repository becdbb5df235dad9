// Sounds and files for this room's tests, made from nothing. Used by tests only.

import type { ByteSource } from "./byte-source.ts";

/** A sine, `[seconds * rate]`. */
export function tone(hertz: number, rate: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

/** Amplitude of the sine at `hertz` that fits best, and what is left beside it in dB under it. */
export function fitTone(
  samples: Float32Array,
  hertz: number,
  rate: number,
): { amplitude: number; snr: number } {
  // Least squares on sine and cosine, which need not be orthogonal over this stretch.
  let [ss, sc, cc, xs, xc] = [0, 0, 0, 0, 0];
  samples.forEach((x, i) => {
    const [s, c] = [Math.sin((2 * Math.PI * hertz * i) / rate), Math.cos((2 * Math.PI * hertz * i) / rate)];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    xs += x * s;
    xc += x * c;
  });
  const det = ss * cc - sc * sc;
  const [a, b] = [(xs * cc - xc * sc) / det, (xc * ss - xs * sc) / det];
  let left = 0;
  samples.forEach((x, i) => {
    const w = (2 * Math.PI * hertz * i) / rate;
    left += (x - a * Math.sin(w) - b * Math.cos(w)) ** 2;
  });
  const power = ((a * a + b * b) / 2) * samples.length;
  return { amplitude: Math.hypot(a, b), snr: 10 * Math.log10(power / left) };
}

/** Root mean square. */
export function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}

/** Repeatable noise in -1..1 (an LCG; its seed is the whole state). */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Bytes one after the other; strings are ASCII. */
export function bytes(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? Array.from(part, (c) => c.charCodeAt(0)) : Array.from(part),
    ),
  );
}

/** A number in `width` bytes, little-endian. */
export function le(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}

/** The same, big-endian. */
export function be(value: number, width: number): number[] {
  return le(value, width).reverse();
}

/** A WAV file around `data`; `promised` is what its data chunk says its size is. */
export function wav(
  data: Uint8Array,
  { tag = 1, channels = 1, rate = 16000, bits = 16, promised = data.length, before = [] as number[] } = {},
): Uint8Array {
  const frame = (channels * bits) / 8;
  const format = [...le(tag, 2), ...le(channels, 2), ...le(rate, 4), ...le(rate * frame, 4), ...le(frame, 2)];
  const head = bytes("WAVE", before, "fmt ", le(16, 4), format, le(bits, 2), "data", le(promised, 4));
  return bytes("RIFF", le(Math.min(head.length + promised, 0xffffffff), 4), head, data);
}

/** The bytes of a typed array. */
export function raw(samples: Float32Array | Float64Array | Int16Array | Int32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Bytes as a source; remembers nothing. */
export function sourceOf(file: Uint8Array): ByteSource {
  return { size: file.length, read: async (offset, length) => file.subarray(offset, offset + length) };
}
