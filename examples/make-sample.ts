// Makes examples/sample.wav: a phrase of vowels from a source and formants, with a contour of pitch. Knows no recording.
//
//     node examples/make-sample.ts [OUT.wav]
//
// Source-filter synthesis: a glottal pulse train (Rosenberg 1971, type B) and a little breath through a cascade of
// resonators at a vowel's formants (Klatt 1980). Vowels after Peterson and Barney 1952, a woman's means.
import { renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const RATE = 16_000;
const BANDWIDTHS = [80, 100, 140, 200];

/** Formants in hertz. The fourth is the same for all. */
const VOWELS = {
  a: [850, 1220, 2810, 3600],
  e: [610, 2330, 2990, 3600],
  i: [310, 2790, 3310, 3900],
  o: [590, 920, 2710, 3600],
  u: [370, 950, 2670, 3600],
} as const;

/** The phrase: seconds, vowel (or a pause), and pitch in hertz from the beginning to the end of each. */
const PHRASE: readonly { seconds: number; vowel: keyof typeof VOWELS | null; from: number; to: number }[] = [
  { seconds: 0.12, vowel: null, from: 0, to: 0 },
  { seconds: 0.24, vowel: "e", from: 205, to: 240 },
  { seconds: 0.2, vowel: "i", from: 240, to: 290 },
  { seconds: 0.06, vowel: null, from: 0, to: 0 },
  { seconds: 0.34, vowel: "a", from: 310, to: 255 },
  { seconds: 0.22, vowel: "u", from: 250, to: 225 },
  { seconds: 0.08, vowel: null, from: 0, to: 0 },
  { seconds: 0.2, vowel: "o", from: 230, to: 265 },
  { seconds: 0.26, vowel: "i", from: 285, to: 245 },
  { seconds: 0.42, vowel: "a", from: 235, to: 165 },
  { seconds: 0.16, vowel: null, from: 0, to: 0 },
];

/** Two poles at a formant (Klatt 1980, equation 2); unity gain at 0 Hz. */
class Resonator {
  #y1 = 0;
  #y2 = 0;

  step(x: number, hertz: number, bandwidth: number): number {
    const c = -Math.exp((-2 * Math.PI * bandwidth) / RATE);
    const b = 2 * Math.exp((-Math.PI * bandwidth) / RATE) * Math.cos((2 * Math.PI * hertz) / RATE);
    const y = (1 - b - c) * x + b * this.#y1 + c * this.#y2;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/** Derivative of the airflow through the glottis over one period: opens for 40 %, closes within 16 %. */
function glottis(phase: number): number {
  if (phase < 0.4) return (6 * phase * (0.4 - phase)) / 0.4 ** 3 / 10;
  if (phase < 0.56) return (-2 * (phase - 0.4)) / 0.16 ** 2 / 10;
  return 0;
}

/** Noise in -1..1 from a fixed seed (Park and Miller 1988), so that the file is the same each time. */
function* noise(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield (2 * state) / 2_147_483_647 - 1;
  }
}

function synthesise(): Float64Array {
  const total = PHRASE.reduce((sum, { seconds }) => sum + Math.round(seconds * RATE), 0);
  const sound = new Float64Array(total);
  const resonators = BANDWIDTHS.map(() => new Resonator());
  const breath = noise();
  let formants: number[] = [...VOWELS.e];
  let [at, phase, loudness] = [0, 0, 0];
  for (const { seconds, vowel, from, to } of PHRASE) {
    const samples = Math.round(seconds * RATE);
    for (let i = 0; i < samples; i++, at++) {
      // The mouth moves: formants and loudness follow their targets with a time constant of 20 ms.
      const target: readonly number[] = vowel ? VOWELS[vowel] : formants;
      formants = formants.map((hertz, k) => hertz + (target[k]! - hertz) / (0.02 * RATE));
      loudness += ((vowel ? 1 : 0) - loudness) / (0.02 * RATE);
      const pitch =
        (vowel ? from + ((to - from) * i) / samples : 200) * (1 + 0.01 * Math.sin((at / RATE) * 34));
      phase = (phase + pitch / RATE) % 1;
      const air = loudness * (glottis(phase) + 0.02 * breath.next().value) + 1e-4 * breath.next().value;
      sound[at] = resonators.reduce(
        (x, resonator, k) => resonator.step(x, formants[k]!, BANDWIDTHS[k]!),
        air,
      );
    }
  }
  return sound;
}

/** 16-bit mono RIFF/WAVE, its loudest sample at half of full scale. */
function toWav(sound: Float64Array): Uint8Array {
  const peak = sound.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const bytes = Buffer.alloc(44 + 2 * sound.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + 2 * sound.length, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * sound.length, 40);
  sound.forEach((x, i) => {
    bytes.writeInt16LE(Math.round((x / peak) * 16_383), 44 + 2 * i);
  });
  return bytes;
}

const path = process.argv[2] ?? fileURLToPath(new URL("sample.wav", import.meta.url));
writeFileSync(`${path}.part`, toWav(synthesise()));
renameSync(`${path}.part`, path);
console.log(`wrote ${path}`);
