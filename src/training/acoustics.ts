// What a room, a background and a narrow line do to a sound, on its mel bands. Knows powers in dB, no files.
import type { FrontEnd } from "../models/index.ts";
import { hertzToMel, melToHertz } from "../speech/features/index.ts";
import type { Played } from "./batches.ts";
import { Random } from "./random.ts";

/** How often each happens to a clip, 0..1, and how much of it. */
export interface Acoustics {
  /** Noise of some colour, or other people's voices, this many dB below the voice. */
  noise?: { often: number; snr: readonly [number, number] };
  /** Reverberation that takes this many seconds to fall by 60 dB, at this many dB below the direct sound. */
  room?: { often: number; seconds: readonly [number, number]; below: readonly [number, number] };
  /** A line that lets only a part of the spectrum through: a telephone, a codec, a cheap microphone. */
  line?: { often: number };
}

export interface Bands {
  /** Centre of each band. */
  hertz: readonly number[];
  /** Frames in a second. */
  rate: number;
}

/** @throws Error where the features are no mel bands in dB */
export function bandsOf(frontEnd: FrontEnd): Bands {
  if (frontEnd.kind !== "log-mel" || frontEnd.options.log !== "db") {
    throw new Error(
      "noise, rooms and lines act on mel bands in dB; take them out of the recipe, or choose such features",
    );
  }
  const { nMels, fMin, fMax, mel, sampleRate, hopSamples } = frontEnd.options;
  const [low, high] = [hertzToMel(fMin, mel), hertzToMel(fMax, mel)];
  const centre = (i: number) => melToHertz(low + ((high - low) * (i + 1)) / (nMels + 1), mel);
  return { hertz: Array.from({ length: nMels }, (_, i) => centre(i)), rate: sampleRate / hopSamples };
}

/** Quieter than this below the loudest is taken as nothing, dB: what a line has cut stays there. */
const DEEPEST = -100;

/**
 * Features `[frames, bands]` in dB as they would have been recorded elsewhere. Powers add up and decay; phases are not
 * known, which for bands of noise and voice is right on the average.
 *
 * @param others clips whose voices may be heard behind this one
 */
export function recordElsewhere(
  features: Float32Array,
  { noise, room, line }: Acoustics,
  { hertz, rate }: Bands,
  others: readonly Played[],
  random: Random,
): Float32Array {
  const happens = (often: number | undefined) => often !== undefined && random.next() < often;
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * random.next();
  const [noisy, echoing, narrow] = [happens(noise?.often), happens(room?.often), happens(line?.often)];
  if (!noisy && !echoing && !narrow) return features;
  const bands = hertz.length;
  const power = new Float32Array(features.length);
  for (let i = 0; i < power.length; i++) power[i] = powerOf(features[i]!);
  if (echoing) reverberate(power, bands, rate, between(room!.seconds), between(room!.below));
  if (noisy) {
    const colour = random.next() < 0.3 && others.length > 0;
    const behind = colour ? voices(others, power.length, random) : coloured(hertz, power.length, random);
    const ratio = mean(power) / mean(behind) / 10 ** (between(noise!.snr) / 10);
    for (let i = 0; i < power.length; i++) power[i]! += ratio * behind[i]!;
  }
  if (narrow) pass(power, hertz, random);
  let most = 0;
  for (let i = 0; i < power.length; i++) if (power[i]! > most) most = power[i]!;
  const floor = Math.max(most * 10 ** (DEEPEST / 10), 1e-10);
  for (let i = 0; i < power.length; i++) {
    power[i] = DECIBELS * Math.log(power[i]! > floor ? power[i]! : floor);
  }
  return power;
}

const DECIBELS = 10 / Math.LN10;

/** Powers of -140 to +80 dB, a sixteenth apart: far finer than anything here, and several times faster than to compute. */
const LOWEST = -140;
const STEPS = 16;
const POWERS = Float64Array.from({ length: 220 * STEPS }, (_, i) => 10 ** ((LOWEST + i / STEPS) / 10));
function powerOf(decibels: number): number {
  const at = Math.round((decibels - LOWEST) * STEPS);
  return POWERS[at < 0 ? 0 : at < POWERS.length ? at : POWERS.length - 1]!;
}

function mean(power: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < power.length; i++) sum += power[i]!;
  return sum / power.length;
}

/** Each band rings on: what is in the room falls by 60 dB in `seconds`, and starts `below` dB under what came in. */
function reverberate(power: Float32Array, bands: number, rate: number, seconds: number, below: number): void {
  const stays = 10 ** (-6 / (rate * seconds));
  // What one frame gives over all time is 1 / (1 - stays) of its first: scaled, so that `below` is of the whole.
  const enters = 10 ** (-below / 10) * (1 - stays);
  for (let band = 0; band < bands; band++) {
    let ringing = 0;
    for (let at = band; at < power.length; at += bands) {
      const direct = power[at]!;
      power[at] = direct + ringing;
      ringing = stays * ringing + enters * direct;
    }
  }
}

/** Steady noise, from -6 to +3 dB an octave, unsteady by a few dB from frame to frame as noise in narrow bands is. */
function coloured(hertz: readonly number[], length: number, random: Random): Float32Array {
  const slope = (-6 + 9 * random.next()) / 10;
  const shape = hertz.map((f) => (Math.max(f, 50) / 1000) ** (slope * Math.log2(10)));
  const unsteady = flicker();
  let from = random.int(unsteady.length);
  const noise = new Float32Array(length);
  for (let at = 0; at < length; at += shape.length) {
    for (let band = 0; band < shape.length; band++) {
      noise[at + band] = shape[band]! * unsteady[from]!;
      from = from + 1 < unsteady.length ? from + 1 : 0;
    }
  }
  return noise;
}

/** The power of noise in a band is a sum of a few squares: the mean of four exponential numbers. Drawn once, read anywhere. */
function flicker(): Float32Array {
  flickering ??= (() => {
    const random = new Random(0, "flicker");
    return Float32Array.from({ length: 99_991 }, () => {
      const product = random.next() * random.next() * random.next() * random.next();
      return -Math.log(Math.max(product, 1e-12)) / 4;
    });
  })();
  return flickering;
}
let flickering: Float32Array | undefined;

/** One or two other clips, from anywhere in them, repeated as long as it takes. */
function voices(others: readonly Played[], length: number, random: Random): Float32Array {
  const heard = new Float32Array(length);
  for (let i = 0; i < 1 + random.int(2); i++) {
    const { features, frames } = others[random.int(others.length)]!;
    const width = features.length / frames;
    const from = random.int(frames) * width;
    for (let at = 0; at < length; at++) heard[at]! += powerOf(features[(from + at) % features.length]!);
  }
  return heard;
}

/** Beyond two edges, 20 to 60 dB are lost, over a third of an octave or so. Every other line is about a telephone's. */
function pass(power: Float32Array, hertz: readonly number[], random: Random): void {
  const telephone = random.next() < 0.5;
  const low = telephone ? 200 + 200 * random.next() : random.next() < 0.5 ? 0 : 100 + 300 * random.next();
  const high = 3000 * (telephone ? 4 / 3 : 8 / 3) ** random.next();
  const lost = 20 + 40 * random.next();
  const keeps = hertz.map((f) => {
    const beyond = Math.max(Math.log2(low / Math.max(f, 1)), Math.log2(f / high), 0);
    return 10 ** (-Math.min(lost, 3 * lost * beyond) / 10);
  });
  for (let at = 0; at < power.length; at += keeps.length) {
    for (let band = 0; band < keeps.length; band++) power[at + band]! *= keeps[band]!;
  }
}
