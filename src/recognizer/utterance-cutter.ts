// Cuts sound into its utterances as it comes. Knows samples and where somebody speaks, no network.
import type { SoundWindow } from "../speech/index.ts";
import { SAMPLE_RATE } from "./model-file.ts";
import { CHUNK_SECONDS } from "./speech-track.ts";
import { type Utterance, UtteranceFinder } from "./utterances.ts";

const CHUNK = CHUNK_SECONDS * SAMPLE_RATE;

/** An utterance and its sound, which is its own. */
export type SpokenWindow = Utterance & SoundWindow;

/** Holds what may still belong to an utterance, a quarter of a minute at most, whatever the length of the recording. */
export class UtteranceCutter {
  readonly #finder = new UtteranceFinder();
  /** The last samples, of which `#length` are there; the first of them is the recording's `#first`. */
  #held = new Float32Array(0);
  #length = 0;
  #first = 0;
  /** Chunks that the finder knows of. */
  #chunks = 0;

  /**
   * Takes the next samples, `[n]`; gives the utterances that are known by then.
   *
   * @param speech probabilities of the next chunks, as many as are known: they may lag behind the samples; `null`: nobody
   * listens for speech, and all counts as such
   */
  push(samples: Float32Array, speech: ArrayLike<number> | null): SpokenWindow[] {
    this.#hold(samples);
    return this.#find(speech ?? this.#unheard(Math.floor));
  }

  /** The recording ends here: gives what is left. Then begins a new one. */
  flush(speech: ArrayLike<number> | null): SpokenWindow[] {
    const found = this.#find(speech ?? this.#unheard(Math.ceil));
    found.push(...this.#cut(this.#finder.finish((this.#first + this.#length) / SAMPLE_RATE)));
    this.#first = 0;
    this.#length = 0;
    this.#chunks = 0;
    return found;
  }

  /** Ones for all chunks that there are and the finder does not know of. */
  #unheard(whole: (chunks: number) => number): number[] {
    return new Array(whole((this.#first + this.#length) / CHUNK) - this.#chunks).fill(1);
  }

  #find(speech: ArrayLike<number>): SpokenWindow[] {
    this.#chunks += speech.length;
    const found = this.#cut(this.#finder.push(speech));
    const drop = Math.floor(this.#finder.since * SAMPLE_RATE) - this.#first;
    this.#held.copyWithin(0, drop, this.#length);
    this.#first += drop;
    this.#length -= drop;
    return found;
  }

  #cut(utterances: readonly Utterance[]): SpokenWindow[] {
    return utterances.map((utterance) => {
      const [from, to] = [utterance.start, utterance.end].map(
        (s) => Math.round(s * SAMPLE_RATE) - this.#first,
      );
      return { ...utterance, samples: this.#held.slice(from, Math.min(to!, this.#length)) };
    });
  }

  #hold(samples: Float32Array): void {
    if (this.#length + samples.length > this.#held.length) {
      const held = new Float32Array(2 * (this.#length + samples.length));
      held.set(this.#held.subarray(0, this.#length));
      this.#held = held;
    }
    this.#held.set(samples, this.#length);
    this.#length += samples.length;
  }
}
