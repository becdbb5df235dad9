// How much of a recording has been heard, where nobody says how long it is. Knows file sizes and the WAV header.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes a second of what is not WAV: 64 kbit/s, as speech is mostly sent. */
const USUAL_RATE = 8_000;

/** How long a file lasts, in seconds, by its size; exact for plain WAV, a guess for all else. */
export function expectedSeconds(path: string): number {
  const header = Buffer.alloc(32);
  const file = openSync(path, "r");
  try {
    readSync(file, header, 0, header.length, 0);
    const isWav = header.toString("latin1", 0, 4) === "RIFF" && header.toString("latin1", 12, 16) === "fmt ";
    return fstatSync(file).size / ((isWav && header.readUInt32LE(28)) || USUAL_RATE);
  } finally {
    closeSync(file);
  }
}

/** Up to here a guess is taken at its word. */
const TRUSTED = 0.8;

/** The share that is done: grows steadily, slower and slower where more comes than was expected, and stays below 1. */
export function shareOf(heard: number, expected: number): number {
  const share = heard / expected;
  if (share < TRUSTED) return share;
  return 1 - (1 - TRUSTED) * Math.exp(-(share - TRUSTED) / (1 - TRUSTED));
}
