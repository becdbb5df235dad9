// The service's evidence, from text to numbers. Knows the contract's bytes; pure.
import type { Evidence } from "../../../api/types.ts";

/** A picture by columns of time: value of row `r` at column `c` is `data[c * rows + r]`, row 0 is the lowest. */
export type Picture = { columns: number; rows: number; data: Uint8Array };

export type Seen = {
  seconds: number;
  columns: number;
  /** [columns, 2]: least and greatest sample, -127..127. */
  peaks: Int8Array;
  spectrogram: Picture & { hertz: readonly number[] };
  mfcc: Picture;
  /** [columns]: 0..255. */
  attention: Uint8Array;
};

/** @throws Error where a lane has not the bytes that its shape needs */
export function decode(evidence: Evidence): Seen {
  const { seconds, columns, spectrogram, mfcc } = evidence;
  return {
    seconds,
    columns,
    peaks: new Int8Array(bytesOf(evidence.peaks, columns * 2, "peaks").buffer),
    spectrogram: { ...pictureOf(spectrogram, columns, "spectrogram"), hertz: spectrogram.hertz },
    mfcc: pictureOf(mfcc, columns, "mfcc"),
    attention: bytesOf(evidence.attention, columns, "attention"),
  };
}

function pictureOf({ rows, data }: { rows: number; data: string }, columns: number, lane: string): Picture {
  return { columns, rows, data: bytesOf(data, columns * rows, lane) };
}

function bytesOf(base64: string, expected: number, lane: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  if (text.length !== expected) {
    throw new Error(`Evidence, ${lane}: got ${text.length} bytes, expected ${expected}; load the page again`);
  }
  const bytes = new Uint8Array(expected);
  for (let i = 0; i < expected; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The second of the loudest column. */
export function loudestAt({ peaks, columns, seconds }: Seen): number {
  let best = 0;
  let most = -1;
  for (let c = 0; c < columns; c++) {
    const span = peaks[2 * c + 1]! - peaks[2 * c]!;
    if (span > most) {
      most = span;
      best = c;
    }
  }
  return columns === 0 ? 0 : ((best + 0.5) / columns) * seconds;
}

/** The shortest stretch, in seconds, that holds half of the attention. */
export function mostAttended({ attention, columns, seconds }: Seen): { start: number; end: number } {
  const half = attention.reduce((a, b) => a + b, 0) / 2;
  let best = { from: 0, to: columns };
  let held = 0;
  for (let from = 0, to = 0; from < columns; held -= attention[from++]!) {
    while (held < half && to < columns) held += attention[to++]!;
    if (held < half) break;
    if (to - from < best.to - best.from) best = { from, to };
  }
  const second = (column: number) => (columns === 0 ? 0 : (column / columns) * seconds);
  return { start: second(best.from), end: second(best.to) };
}
