// What is heard behind a voice, as powers in mel bands: noise, things, other people. Knows powers, no clips' names.
import type { Played } from "./batches.ts";
import { Random } from "./random.ts";

export interface Bands {
  /** Centre of each band. */
  hertz: readonly number[];
  /** Frames in a second. */
  rate: number;
}

/** A background `[frames, bands]` of so many numbers in all, at any level: the frames of `others` if voices are drawn. */
export function background(
  bands: Bands,
  length: number,
  others: readonly Played[],
  random: Random,
): Float32Array {
  const drawn = random.next();
  if (drawn < 0.25 && others.length > 0) return voices(others, length, random);
  return drawn < 0.6 ? steady(bands, length, random) : ofThings(bands, length, random);
}

/** From -6 to +3 dB an octave. */
function steady({ hertz }: Bands, length: number, random: Random): Float32Array {
  const slope = -6 + 9 * random.next();
  return sounding(
    hertz.map((f) => sloping(f, slope)),
    length,
    () => 1,
    random,
  );
}

/** Rain, an engine, steps, a bark: a spectrum with some resonances, in swells or in strokes that ring on. */
function ofThings({ hertz, rate }: Bands, length: number, random: Random): Float32Array {
  const between = (low: number, high: number) => low + (high - low) * random.next();
  // As evenly over octaves.
  const octaves = (low: number, high: number) => low * (high / low) ** random.next();
  const slope = between(-9, 3);
  const resonances = Array.from({ length: 1 + random.int(3) }, () => ({
    at: octaves(80, 7000),
    octaves: between(0.1, 1),
    power: 10 ** between(0.5, 2.5),
  }));
  const shape = hertz.map((f) => {
    const rises = resonances.map(
      ({ at, octaves, power }) => power * Math.exp(-((Math.log2(f / at) / octaves) ** 2)),
    );
    return sloping(f, slope) * rises.reduce((sum, rise) => sum + rise, 1);
  });
  if (random.next() < 0.5) {
    const [depth, turn] = [between(0.2, 1.2), (2 * Math.PI * octaves(0.2, 20)) / rate];
    let phase = between(0, 2 * Math.PI);
    const swelling = () => {
      phase += turn;
      return 10 ** (depth * Math.sin(phase));
    };
    return sounding(shape, length, swelling, random);
  }
  const [often, stays] = [octaves(0.5, 20) / rate, 10 ** (-1 / (rate * octaves(0.02, 0.6)))];
  let rings = 1;
  return sounding(
    shape,
    length,
    () => {
      rings = stays * rings + (random.next() < often ? 1 : 0);
      return rings + LEAST;
    },
    random,
  );
}

/** Between two strokes the room is heard. */
const LEAST = 1e-3;

function sloping(hertz: number, decibels: number): number {
  return (Math.max(hertz, 50) / 1000) ** ((decibels / 10) * Math.log2(10));
}

/** A spectrum, frame after frame as loud as `loudness` says, unsteady by a few dB as noise in narrow bands is. */
function sounding(
  shape: readonly number[],
  length: number,
  loudness: () => number,
  random: Random,
): Float32Array {
  const unsteady = flicker();
  let from = random.int(unsteady.length);
  const noise = new Float32Array(length);
  for (let at = 0; at < length; at += shape.length) {
    const loud = loudness();
    for (let band = 0; band < shape.length; band++) {
      noise[at + band] = loud * shape[band]! * unsteady[from]!;
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

/** Powers of -140 to +80 dB, a sixteenth apart: far finer than anything here, and several times faster than to compute. */
const LOWEST = -140;
const STEPS = 16;
const POWERS = Float64Array.from({ length: 220 * STEPS }, (_, i) => 10 ** ((LOWEST + i / STEPS) / 10));
export function powerOf(decibels: number): number {
  const at = Math.round((decibels - LOWEST) * STEPS);
  return POWERS[at < 0 ? 0 : at < POWERS.length ? at : POWERS.length - 1]!;
}
