// What a room, a background and a narrow line do to a sound, on its mel bands. Knows powers in dB, no files.
import type { FrontEnd } from "../models/index.ts";
import { hertzToMel, melToHertz } from "../speech/features/index.ts";
import { type Bands, background, powerOf } from "./backgrounds.ts";
import type { Played } from "./batches.ts";
import type { Random } from "./random.ts";

/** How often each happens to a clip, 0..1, and how much of it. */
export interface Acoustics {
  /** A background this many dB below the voice: steady noise, sounds of things, or other people's voices. */
  noise?: { often: number; snr: readonly [number, number] };
  /** Reverberation that takes this many seconds to fall by 60 dB, at this many dB below the direct sound. */
  room?: { often: number; seconds: readonly [number, number]; below: readonly [number, number] };
  /** A line that lets only a part of the spectrum through: a telephone, a codec, a cheap microphone. */
  line?: { often: number };
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
    const behind = background({ hertz, rate }, power.length, others, random);
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
