// Seeded random numbers: the same seed gives the same splits, batches and weights. Knows nothing else.

/** FNV-1a, 32 bits, over UTF-16 code units: a stream's name becomes a number. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The mixing step of splitmix32: every bit of the input moves about half of the output's. */
function mix(z: number): number {
  let m = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  m = Math.imul(m ^ (m >>> 15), 0x735a2d97);
  return (m ^ (m >>> 15)) >>> 0;
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 *
 * A `stream` names an independent sequence of the same seed ("split", "dropout"), so that drawing one number more
 * in one place changes nothing in another.
 */
export class Random {
  readonly #s: Uint32Array;

  /** @throws RangeError where `seed` is not a whole number of 0 to 2^53 - 1. */
  constructor(seed: number, stream = "") {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`Random: seed is ${seed}, expected a whole number from 0; pass one as --seed 1`);
    }
    const [low, high, name] = [seed >>> 0, Math.floor(seed / 2 ** 32), hash(stream)];
    // Each word mixes all three in turn: seeds and streams that are alike give states that are not.
    this.#s = Uint32Array.from([1, 2, 3, 4], (i) => mix(mix(mix(low + i * 0x9e3779b9) + high) + name));
    // The state of all zeros is the one that the generator never leaves.
    if (this.#s.every((word) => word === 0)) this.#s[0] = 1;
  }

  /** Uniform in [0, 2^32), whole. */
  uint32(): number {
    const s = this.#s;
    const result = Math.imul(rotl(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotl(s[3]!, 11);
    return result;
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number {
    return this.uint32() / 2 ** 32;
  }

  /** Uniform over the whole numbers 0 to n - 1. */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Standard normal (Box and Muller, 1958). The second value is not kept. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(xs: readonly T[]): T[] {
    const out = [...xs];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}
