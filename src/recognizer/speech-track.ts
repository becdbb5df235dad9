// Where in a recording somebody speaks, as it is heard. Knows probabilities in order, no sound and no network.

/** Seconds that one probability stands for. */
export const CHUNK_SECONDS = 0.032;
/** Seconds of a stretch that decide whether anything was said: see `densest`. */
const STRETCH = 5;
const STRETCH_CHUNKS = Math.round(STRETCH / CHUNK_SECONDS);

/**
 * Probabilities of speech, one for each 32 ms. Only the last of them are held, so memory does not grow with the
 * recording if whoever asks for stretches says which will not be asked for again.
 */
export class SpeechTrack {
  /** Probabilities from `#first` on. */
  #held: number[] = [];
  #first = 0;
  #sum = 0;
  /** Sum over the last `STRETCH_CHUNKS`, and the greatest so far. */
  #stretch = 0;
  #densest = 0;

  /** The next probabilities, in order. */
  add(probabilities: Iterable<number>): void {
    for (const p of probabilities) {
      this.#held.push(p);
      this.#sum += p;
      this.#stretch += p - (this.#held[this.#held.length - 1 - STRETCH_CHUNKS] ?? 0);
      this.#densest = Math.max(this.#densest, this.#stretch);
    }
  }

  /** How far it goes, in seconds. */
  get seconds(): number {
    return this.#count * CHUNK_SECONDS;
  }

  /** Share of all of it that is speech, 0..1. */
  get speech(): number {
    return this.#sum / Math.max(1, this.#count);
  }

  /** Share of the 5 s with most speech in them, or of all where that is shorter. */
  get densest(): number {
    return this.#densest / Math.max(1, Math.min(this.#count, STRETCH_CHUNKS));
  }

  /** Share of a stretch that is speech; of the chunk nearest to it where it holds no chunk's centre. */
  share(start: number, end: number): number {
    const last = this.#held.length - 1;
    const index = (seconds: number) => Math.ceil(seconds / CHUNK_SECONDS - 0.5) - this.#first;
    const from = Math.max(0, Math.min(last, index(start)));
    const to = Math.max(from + 1, Math.min(last + 1, index(end)));
    const part = this.#held.slice(from, to);
    return part.reduce((sum, p) => sum + p, 0) / Math.max(1, part.length);
  }

  /** No stretch that begins before this will be asked for again. */
  forget(before: number): void {
    const drop = Math.floor(before / CHUNK_SECONDS) - this.#first;
    const keep = this.#held.length - STRETCH_CHUNKS;
    if (Math.min(drop, keep) <= 0) return;
    this.#held.splice(0, Math.min(drop, keep));
    this.#first += Math.min(drop, keep);
  }

  get #count(): number {
    return this.#first + this.#held.length;
  }
}
