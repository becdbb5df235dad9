// Samples of any kind and any number of channels to clean mono float32. Knows numbers, no formats.

/** Samples as decoders hand them out. */
export type Samples = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** What full scale is in a kind of samples: value = (sample - zero) * scale. */
interface SampleScale {
  readonly zero: number;
  readonly scale: number;
}

/** The usual scale of each kind of samples: -1..1 is full scale, unsigned bytes are centred on 128. */
function scaleOf(samples: Samples): SampleScale {
  if (samples instanceof Uint8Array) return { zero: 128, scale: 1 / 128 };
  if (samples instanceof Int8Array) return { zero: 0, scale: 1 / 128 };
  if (samples instanceof Int16Array) return { zero: 0, scale: 1 / 32768 };
  if (samples instanceof Int32Array) return { zero: 0, scale: 1 / 2147483648 };
  return { zero: 0, scale: 1 };
}

/**
 * Beyond this a float sample is no sound but a broken number: full scale is 1, and a filter that meets
 * 1e38 overflows. Written so that NaN fails the comparison too.
 */
const loudest = 1e9;

/** Mixes blocks to mono and counts what was not a number; those samples are taken as silence. */
export class MonoMixer {
  /** Samples that were NaN, infinite or absurd, over all channels. */
  nonFinite = 0;
  /** Samples seen, over all channels. */
  total = 0;

  /**
   * The mean of the channels, `[frames]`.
   * @param planes one array with interleaved channels, or one array per channel
   */
  mix(planes: readonly Samples[], channels: number, frames: number): Float32Array {
    const { zero, scale } = scaleOf(planes[0]);
    const out = new Float32Array(frames);
    this.total += frames * channels;
    if (planes.length === 1) {
      this.nonFinite += mixInterleaved(out, planes[0], channels, zero, scale);
    } else {
      for (const plane of planes) this.nonFinite += addPlane(out, plane, channels, zero, scale);
    }
    return out;
  }
}

// Two plain loops rather than one general one: every sample of every file passes here, and this is
// twice as fast. Both return how many samples were broken.

function mixInterleaved(
  out: Float32Array,
  from: Samples,
  channels: number,
  zero: number,
  scale: number,
): number {
  const share = scale / channels;
  const limit = loudest / scale;
  let broken = 0;
  for (let i = 0, j = 0; i < out.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, j++) {
      const value = from[j] - zero;
      if (value > -limit && value < limit) sum += value;
      else broken++;
    }
    out[i] = sum * share;
  }
  return broken;
}

function addPlane(out: Float32Array, from: Samples, channels: number, zero: number, scale: number): number {
  const share = scale / channels;
  const limit = loudest / scale;
  let broken = 0;
  for (let i = 0; i < out.length; i++) {
    const value = from[i] - zero;
    if (value > -limit && value < limit) out[i] += value * share;
    else broken++;
  }
  return broken;
}
