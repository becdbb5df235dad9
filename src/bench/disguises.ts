// Speech as it is hard to hear: very quiet, in noise, whispered. Knows samples.
import { Random } from "../training/index.ts";

/** What is made of a clip, given its level, dBFS, and a number of its own. */
export type Disguise = (clip: Float32Array, level: number, seed: number) => Float32Array;

export const DISGUISES: Record<string, Disguise> = {
  "as it is": (clip) => clip,
  "at -45 dBFS": (clip, level) => scaled(clip, -45 - level),
  "overloaded by 12 dB": (clip, level) => scaled(clip, -level).map((x) => Math.max(-1, Math.min(1, x))),
  "noise at 15 dB": (clip, level, seed) => inNoise(clip, level - 15, seed),
  "noise at 5 dB": (clip, level, seed) => inNoise(clip, level - 5, seed),
  whispered,
};

export function scaled(clip: Float32Array, db: number): Float32Array {
  return clip.map((x) => x * 10 ** (db / 20));
}

/** With low noise, as of a street, of a level in dBFS. */
function inNoise(clip: Float32Array, level: number, seed: number): Float32Array {
  const random = new Random(seed, "noise");
  let last = 0;
  const noise = clip.map(() => {
    last = 0.9 * last + random.next() - 0.5;
    return last;
  });
  const power = noise.reduce((sum, x) => sum + x * x, 0) / noise.length;
  const gain = 10 ** (level / 20) / Math.sqrt(power);
  return clip.map((x, i) => x + gain * noise[i]!);
}

const [WINDOW, HOP, ORDER] = [480, 240, 18];

/**
 * Noise in place of the vocal folds, in frames of 30 ms: linear prediction (Makhoul 1975, doi:10.1109/PROC.1975.9792) finds what
 * the mouth makes of a sound, and noise goes through it. The lift of the highs stays, as in a whisper.
 */
function whispered(clip: Float32Array, _: number, seed: number): Float32Array {
  const random = new Random(seed, "whisper");
  const lifted = clip.map((x, i) => x - 0.95 * (clip[i - 1] ?? 0));
  const hann = Float32Array.from(
    { length: WINDOW },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW),
  );
  const out = new Float32Array(clip.length);
  const filtered = new Float32Array(WINDOW);
  for (let at = 0; at + WINDOW <= clip.length; at += HOP) {
    const { filter, error } = predict(hann.map((w, i) => w * lifted[at + i]!));
    const size = Math.sqrt(Math.max(0, error) / WINDOW);
    for (let i = 0; i < WINDOW; i++) {
      let value = size * random.normal();
      for (let j = 1; j <= Math.min(i, ORDER); j++) value -= filter[j]! * filtered[i - j]!;
      filtered[i] = value;
      out[at + i]! += value * hann[i]!;
    }
  }
  return out;
}

/** Levinson and Durbin's recursion. */
function predict(frame: Float32Array): { filter: Float64Array; error: number } {
  const correlation = Float64Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < frame.length; i++) sum += frame[i]! * frame[i - lag]!;
    return sum;
  });
  const filter = new Float64Array(ORDER + 1);
  filter[0] = 1;
  // A little noise under it: silence has no filter.
  let error = correlation[0]! * 1.0001 + 1e-12;
  for (let i = 1; i <= ORDER; i++) {
    let sum = 0;
    for (let j = 0; j < i; j++) sum += filter[j]! * correlation[i - j]!;
    const reflection = -sum / error;
    const before = filter.slice();
    for (let j = 1; j <= i; j++) filter[j] = before[j]! + reflection * before[i - j]!;
    error *= 1 - reflection ** 2;
  }
  return { filter, error };
}
