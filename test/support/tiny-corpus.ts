// A corpus of synthetic "speech", named as TESS names its files: each emotion is a movement that is easily heard. Knows
// no network.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/training/index.ts";
import { wavBytes } from "./wav.ts";

/** Pitch over time, as a factor of the voice's own; `t` runs from 0 to 1. */
const MELODIES = {
  angry: (t: number) => (Math.floor(t * 8) % 2 ? 2 : 1),
  happy: (t: number) => 1 + 2 * t,
  neutral: () => 1,
  sad: (t: number) => 3 - 2 * t,
};

export type TinyEmotion = keyof typeof MELODIES;
export const TINY_EMOTIONS = Object.keys(MELODIES) as TinyEmotion[];

const VOICES = { OAF: 180, YAF: 260 };
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** 0.4 to 0.8 s of one voice "saying" something, `[samples]` at 16 kHz; the same names give the same sound. */
export function tinySound(speaker: keyof typeof VOICES, word: string, emotion: TinyEmotion): Float32Array {
  const random = new Random(1, `${speaker} ${word} ${emotion}`);
  const samples = Math.round(16_000 * (0.4 + 0.4 * random.next()));
  const pitch = VOICES[speaker] * (0.9 + 0.2 * random.next());
  let phase = 0;
  return Float32Array.from({ length: samples }, (_, i) => {
    const t = i / samples;
    phase += (2 * Math.PI * pitch * MELODIES[emotion](t)) / 16_000;
    const voice = Math.sin(phase) + Math.sin(2 * phase) / 2 + Math.sin(5 * phase) / 4;
    // Louder in its middle, as a word is.
    return 0.3 * Math.sin(Math.PI * t) * voice + 0.003 * random.normal();
  });
}

/** Words that TESS could have: letters only. */
export function tinyWords(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `w${LETTERS[Math.floor(i / 26)]}${LETTERS[i % 26]}`);
}

/** Writes both voices, saying `words` words in each emotion, into `dir`; gives the files' names. */
export function writeTinyCorpus(
  dir: string,
  words: number,
  emotions: readonly TinyEmotion[] = TINY_EMOTIONS,
): string[] {
  mkdirSync(dir, { recursive: true });
  const names: string[] = [];
  for (const speaker of ["OAF", "YAF"] as const) {
    for (const word of tinyWords(words)) {
      for (const emotion of emotions) {
        const name = `${speaker}_${word}_${emotion}.wav`;
        writeFileSync(join(dir, name), wavBytes(tinySound(speaker, word, emotion)));
        names.push(name);
      }
    }
  }
  return names;
}
