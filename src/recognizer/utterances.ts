// Where a recording's utterances are, by its pauses, while it is heard. Knows probabilities of speech, no sound and no network.
import { CHUNK_SECONDS } from "./speech-track.ts";

/**
 * A shorter silence is part of what is said: of 0.3, 0.5 and 0.8 s the last takes fewest sentences of EmoDB apart, and finds
 * as many of RAVDESS's that stand one after the other (`docs/results.md`).
 */
const PAUSE = chunks(0.8);
/** Silence that belongs to an utterance on either side, as it does in the recordings that models learn from. */
const MARGIN = chunks(1);
/** Shorter speech is a breath or a click. */
const LEAST = chunks(0.25);
/** What is said longer without a pause is several sentences, and is heard in parts: of each a model tells more than of all. */
const LONGEST = chunks(6);
/** Parts are about as long as the clips that models learn from; a rest that would be a scrap stays with the last (`docs/results.md`). */
const LONGEST_PART = chunks(2.5);
const SHORTEST_PART = chunks(1.5);

/** `spoken`: how long of it somebody speaks, small silences between words among it. All in seconds. */
export interface Utterance {
  start: number;
  end: number;
  spoken: number;
}

/** What is being said, in chunks. */
interface Speech {
  /** From where it is heard, silence before it among it; `null`: may still be a click. */
  from: number | null;
  start: number;
  end: number;
  /** Silences between words: their middles and lengths. */
  gaps: { middle: number; length: number }[];
  /** Whether something was cut off before it. */
  isPart: boolean;
}

/**
 * Finds what is said without a pause, each with up to a second of silence around it, in order; two never overlap. An utterance
 * is known when the next begins, or after two seconds of silence; what lasts longer than 6 s is given in parts of 1.5 to
 * 4 s, cut at its longest silences.
 */
export class UtteranceFinder {
  #chunks = 0;
  /** Said now, or less than a pause ago. */
  #open: Speech | null = null;
  /** Said before: where it ends depends on when the next begins. */
  #last: Speech | null = null;

  /**
   * @param probabilities of speech in the next chunks of `CHUNK_SECONDS`, in order
   * @returns what is known by now, each once
   */
  push(probabilities: ArrayLike<number>): Utterance[] {
    const found: Utterance[] = [];
    for (let i = 0; i < probabilities.length; i++) {
      const at = this.#chunks++;
      if (probabilities[i]! > 0.5) this.#speak(at, found);
      else this.#pause(at + 1, found);
    }
    return found;
  }

  /** The recording ends here, after so many seconds: what is left. */
  finish(seconds: number): Utterance[] {
    const end = seconds / CHUNK_SECONDS;
    const found: Utterance[] = [];
    for (const said of [this.#last, this.#open]) {
      if (said?.from != null) found.push(utterance(said, Math.min(end, said.end + MARGIN)));
    }
    this.#chunks = 0;
    this.#open = null;
    this.#last = null;
    return found;
  }

  /** No utterance to come begins before this, in seconds. */
  get since(): number {
    const start = this.#open?.start ?? this.#chunks;
    return Math.max(0, this.#last?.from ?? this.#open?.from ?? start - MARGIN) * CHUNK_SECONDS;
  }

  #speak(at: number, found: Utterance[]): void {
    this.#open ??= { from: null, start: at, end: at, gaps: [], isPart: false };
    const said = this.#open;
    if (at > said.end) said.gaps.push({ middle: (said.end + at) / 2, length: at - said.end });
    said.end = at + 1;
    if (said.from === null && said.end - said.start >= LEAST) {
      const between = this.#last ? (this.#last.end + said.start) / 2 : 0;
      if (this.#last) found.push(utterance(this.#last, Math.min(between, this.#last.end + MARGIN)));
      this.#last = null;
      said.from = Math.max(between, said.start - MARGIN);
    }
    while (said.end - said.start > (said.isPart ? LONGEST_PART + SHORTEST_PART : LONGEST)) {
      const cut = cutOf(said);
      found.push(utterance({ ...said, end: cut }, cut));
      said.from = cut;
      said.start = cut;
      said.isPart = true;
      said.gaps = said.gaps.filter(({ middle }) => middle > cut);
    }
  }

  /** @param now where the silence has come to */
  #pause(now: number, found: Utterance[]): void {
    if (this.#open && now - this.#open.end >= PAUSE) {
      if (this.#open.from !== null) this.#last = this.#open;
      this.#open = null;
    }
    if (this.#last && !this.#open && now - this.#last.end >= 2 * MARGIN) {
      found.push(utterance(this.#last, this.#last.end + MARGIN));
      this.#last = null;
    }
  }
}

/** Where long speech is cut: in the longest silence that leaves a part on either side; where it has none, after a part. */
function cutOf({ start, gaps }: Speech): number {
  const [first, last] = [start + SHORTEST_PART, start + LONGEST_PART];
  const fit = gaps.filter(({ middle }) => middle >= first && middle <= last);
  return fit.reduce((best, gap) => (gap.length > best.length ? gap : best), { middle: last, length: 0 })
    .middle;
}

function utterance({ from, start, end }: Speech, until: number): Utterance {
  return {
    start: from! * CHUNK_SECONDS,
    end: until * CHUNK_SECONDS,
    spoken: (end - start) * CHUNK_SECONDS,
  };
}

function chunks(seconds: number): number {
  return Math.round(seconds / CHUNK_SECONDS);
}
