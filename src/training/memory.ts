// Memory that is used again batch after batch: what is not thrown away needs no collecting. Knows bytes, no clips.

/** Pieces of one block, which grows to what a round needs; all of them are given back at once. */
export class Memory {
  #block: ArrayBufferLike;
  #used = 0;
  readonly #make: (bytes: number) => ArrayBufferLike;

  /** @param shared whether other threads shall see it */
  constructor(shared = false) {
    this.#make = (bytes) => (shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    this.#block = this.#make(0);
  }

  /** Begins a round: what was given out before may be written over from now on. */
  reset(): void {
    this.#used = 0;
  }

  /** Whatever numbers were there before. */
  floats(length: number): Float32Array {
    return new Float32Array(this.#take(4 * length), this.#used - rounded(4 * length), length);
  }

  /** The block in which the last so many bytes are the piece. What was given out of an older block stays where it is. */
  #take(bytes: number): ArrayBufferLike {
    const size = rounded(bytes);
    if (this.#used + size > this.#block.byteLength) {
      this.#block = this.#make(2 * (this.#used + size));
      this.#used = 0;
    }
    this.#used += size;
    return this.#block;
  }
}

/** To whole cache lines. */
function rounded(bytes: number): number {
  return 64 * Math.ceil(bytes / 64);
}
