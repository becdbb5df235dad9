// The timeline while windows still arrive. Knows their seconds and where somebody speaks, no model.
import { joinTimeline, qualityLimits, type Segment, type WindowAnswer } from "../speech/index.ts";
import type { SpeechTrack } from "./speech-track.ts";

/** A stretch, and whether somebody speaks in it. */
export type HeardSegment = Segment & { spoken: boolean };

/** How many answers are held before what is settled is worked out: a matter of speed only. */
const MOST_HELD = 64;

/**
 * `joinTimeline` of windows that arrive one by one, and whether somebody speaks in each segment: holds those windows alone that
 * a later one can still change.
 */
export class RunningTimeline {
  readonly #emotions: readonly string[];
  readonly #hop: number;
  readonly #segments: HeardSegment[] = [];
  readonly #track: SpeechTrack | null;
  #held: WindowAnswer[] = [];

  /**
   * @param hop seconds
   * @param track where somebody speaks, growing as windows arrive; `null`: that is not known, and counts as everywhere
   */
  constructor(emotions: readonly string[], hop: number, track: SpeechTrack | null) {
    this.#emotions = emotions;
    this.#hop = hop;
    this.#track = track;
  }

  /** @param answer of the next window, as `WindowCutter` gives them: a hop after the last, but for the final one */
  push(answer: WindowAnswer): void {
    this.#held.push(answer);
    if (this.#held.length < MOST_HELD + this.#settledBy(this.#held[0]!.end - this.#held[0]!.start)) return;
    // No later window starts before the newest, so what ends before it is settled, once it is known whether it is speech.
    this.#settle(this.#settledBy(Math.min(answer.start, this.#track?.seconds ?? answer.start)));
    const boundary = this.#segments.length * this.#hop;
    this.#held = this.#held.filter(({ end }) => end > boundary);
    this.#track?.forget(boundary);
  }

  /** The recording ends here: all of its segments; none where no window came. */
  finish(): HeardSegment[] {
    if (this.#held.length > 0) this.#settle(Number.POSITIVE_INFINITY);
    return this.#segments;
  }

  #settledBy(seconds: number): number {
    // Seconds are samples divided by a rate: a hair below a whole number of hops is that number.
    return Math.floor(seconds / this.#hop + 1e-6);
  }

  #settle(upTo: number): void {
    const offset = Math.round(this.#held[0]!.start / this.#hop);
    const joined = joinTimeline(this.#held, this.#emotions, this.#hop);
    // What was heard in one piece is judged as a whole, not again as a stretch.
    const one = joined.length === 1;
    const settled = this.#segments.length;
    for (const segment of joined.slice(settled - offset, upTo - offset)) {
      this.#segments.push({ ...segment, spoken: one || this.#isSpoken(segment) });
    }
  }

  #isSpoken({ start, end }: Segment): boolean {
    if (this.#track === null) return true;
    return this.#track.share(start, end) * Math.max(1, end - start) >= qualityLimits.leastSegmentSpeech;
  }
}
