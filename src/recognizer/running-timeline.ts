// The timeline and the whole answer while windows still arrive. Knows their seconds, no model.
import { joinTimeline, type Segment, type WindowAnswer, wholeOf } from "../speech/index.ts";

/** How the whole recording sounds. */
export type Whole = Omit<Segment, "start" | "end">;

/** How many answers are held before what is settled is worked out: a matter of speed only. */
const MOST_HELD = 64;

/**
 * `joinTimeline` and `wholeOf` of windows that arrive one by one: holds those alone that a later window can still
 * change, so hours of sound need no more memory than minutes. Segments are kept only where they are asked for.
 */
export class RunningTimeline {
  readonly #emotions: readonly string[];
  readonly #hop: number;
  readonly #kept: Segment[] | null;
  #held: WindowAnswer[] = [];
  /** How many segments are settled, from the beginning. */
  #settled = 0;
  /** All settled segments as one: a weighted mean of means is the mean. */
  #whole: Segment | null = null;

  /** @param hop seconds @param keep whether `finish` gives the segments too */
  constructor(emotions: readonly string[], hop: number, keep: boolean) {
    this.#emotions = emotions;
    this.#hop = hop;
    this.#kept = keep ? [] : null;
  }

  /** @param answer of the next window, as `WindowCutter` gives them: a hop after the last, but for the final one */
  push(answer: WindowAnswer): void {
    this.#held.push(answer);
    if (this.#held.length < MOST_HELD + this.#settledBy(this.#held[0]!.end - this.#held[0]!.start)) return;
    // No later window starts before the newest, so what ends before it is settled.
    this.#settle(this.#settledBy(answer.start));
    const boundary = this.#settled * this.#hop;
    this.#held = this.#held.filter(({ end }) => end > boundary);
  }

  /** The recording ends here: its answer, and its segments where they were asked for; `null`: no window came. */
  finish(): { whole: Whole; segments: Segment[] } | null {
    if (this.#held.length === 0) return null;
    this.#settle(Number.POSITIVE_INFINITY);
    const { emotion, confidence, probabilities } = this.#whole!;
    return { whole: { emotion, confidence, probabilities }, segments: this.#kept ?? [] };
  }

  #settledBy(seconds: number): number {
    // Seconds are samples divided by a rate: a hair below a whole number of hops is that number.
    return Math.floor(seconds / this.#hop + 1e-6);
  }

  #settle(upTo: number): void {
    const offset = Math.round(this.#held[0]!.start / this.#hop);
    const joined = joinTimeline(this.#held, this.#emotions, this.#hop);
    const fresh = joined.slice(this.#settled - offset, upTo - offset);
    if (fresh.length === 0) return;
    const parts = this.#whole ? [this.#whole, ...fresh] : fresh;
    this.#whole = { start: 0, end: fresh.at(-1)!.end, ...wholeOf(parts, this.#emotions) };
    this.#settled += fresh.length;
    this.#kept?.push(...fresh);
  }
}
