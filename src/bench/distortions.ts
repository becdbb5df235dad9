// What a worse recording does to a sound: a telephone, noise, a room. Knows samples at 16 kHz, no files.
import { resample } from "../audio/index.ts";
import type { Random } from "../training/index.ts";
import { centred, convolve } from "./convolve.ts";
import { SAMPLE_RATE } from "./sound.ts";

/** Mean of the squares. */
export function power(sound: Float32Array): number {
  return sound.reduce((sum, x) => sum + x * x, 0) / Math.max(1, sound.length);
}

const LOW = 300;
const HIGH = 3400;
/** With Kaiser's window of 8 it falls by 80 dB in 200 Hz: at 200 Hz nothing is left, nor is at 3.5 kHz. */
const TAPS = 401;
const BETA = 8;
const TELEPHONE_RATE = 8000;

/** A telephone line: its band, its rate, and eight bits a sample. As long as the clip, to a sample. */
export function telephone(clip: Float32Array): Float32Array {
  const line = resample(telephoneBand(clip), SAMPLE_RATE, TELEPHONE_RATE).map(muLaw);
  return resample(line, TELEPHONE_RATE, SAMPLE_RATE);
}

/** 300 to 3400 Hz, -6 dB at either edge. */
export function telephoneBand(clip: Float32Array): Float32Array {
  return centred(clip, BAND_PASS);
}

const BAND_PASS = Float32Array.from({ length: TAPS }, (_, i) => {
  const n = i - (TAPS - 1) / 2;
  // Everything below an edge: a sinc.
  const below = (hertz: number) => {
    const cut = (2 * hertz) / SAMPLE_RATE;
    return n === 0 ? cut : Math.sin(Math.PI * cut * n) / (Math.PI * n);
  };
  const window = bessel(BETA * Math.sqrt(1 - ((2 * n) / (TAPS - 1)) ** 2)) / bessel(BETA);
  return (below(HIGH) - below(LOW)) * window;
});

/** The modified Bessel function of the first kind, order 0: its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const BIAS = 132;
const LARGEST = 32_635;

/** A sample to eight bits and back by the mu-law of ITU-T G.711, in a 16-bit range: sign, three bits of exponent, four more. */
export function muLaw(x: number): number {
  const biased = Math.min(LARGEST, Math.round(32_768 * Math.abs(x))) + BIAS;
  const exponent = Math.floor(Math.log2(biased)) - 7;
  const mantissa = (biased >> (exponent + 3)) & 15;
  return (Math.sign(x) * ((((mantissa << 3) + BIAS) << exponent) - BIAS)) / 32_768;
}

/** Noise behind a clip, so many dB below it: power over power, each over the whole clip, pauses and all. */
export function inNoise(clip: Float32Array, noise: Float32Array, snr: number): Float32Array {
  const gain = Math.sqrt(power(clip) / power(noise) / 10 ** (snr / 10));
  return clip.map((x, i) => x + gain * noise[i]!);
}

/**
 * A stretch of a recorded noise, from anywhere in it, repeated where it is too short. Not one of its silences: the hiss in
 * them would be made as loud as the noise.
 */
export function stretchOf(recorded: Float32Array, length: number, random: Random): Float32Array {
  // One exists: over all places to begin, the mean of the stretches is that of the whole.
  const least = power(recorded) / 10;
  for (;;) {
    const from = random.int(recorded.length);
    const stretch = Float32Array.from({ length }, (_, i) => recorded[(from + i) % recorded.length]!);
    if (power(stretch) >= least) return stretch;
  }
}

/** Noise that is as strong in every octave, to a decibel, by three one-pole filters (P. Kellet, musicdsp.org, no. 76). */
export function pinkNoise(length: number, random: Random): Float32Array {
  let [a, b, c] = [0, 0, 0];
  return Float32Array.from({ length }, () => {
    const white = random.normal();
    a = 0.99765 * a + 0.099046 * white;
    b = 0.963 * b + 0.2965164 * white;
    c = 0.57 * c + 1.0526913 * white;
    return a + b + c + 0.1848 * white;
  });
}

/** Seconds in which a room's sound falls by 60 dB. */
export const ROOM_SECONDS = 0.6;
/** Then it lies 100 dB below its start: nothing is cut off. */
const TAIL_SECONDS = 1;

/**
 * How a room answers a click: the click, and from the next sample on noise that dies away (Polack 1988; Jot, ICASSP 1992), with
 * as much energy as the click has.
 */
export function room(random: Random): Float32Array {
  const falls = Math.log(1000) / (ROOM_SECONDS * SAMPLE_RATE);
  const tail = Float32Array.from(
    { length: TAIL_SECONDS * SAMPLE_RATE },
    (_, i) => random.normal() * Math.exp(-falls * i),
  );
  const energy = power(tail) * tail.length;
  return Float32Array.from([1, ...tail.map((x) => x / Math.sqrt(energy))]);
}

/** A clip in a room: as long as it was and as strong, so that only the room is new. */
export function inRoom(clip: Float32Array, response: Float32Array): Float32Array {
  const heard = convolve(clip, response).subarray(0, clip.length);
  const gain = Math.sqrt(power(clip) / power(heard));
  return heard.map((x) => (Number.isFinite(gain) ? gain * x : 0));
}
