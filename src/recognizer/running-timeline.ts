// The timeline and the whole answer while windows still arrive. Knows their seconds and where somebody speaks, no model.
import { joinTimeline, qualityLimits, type Segment, type WindowAnswer, wholeOf } from "../speech/index.ts";
import type { SpeechTrack } from "./speech-track.ts";

/** How the whole recording sounds. */
export type Whole = Omit<Segment, "start" | "end">;
/** A stretch, and whether somebody speaks in it. */
export type HeardSegment = Segment & { spoken: boolean };

/** How many answers are held before what is settled is worked out: a matter of speed only. */
const MOST_HELD = 64;

/**
 * `joinTimeline` and `wholeOf` of windows that arrive one by one: holds those alone that a later window can still
 * change, so hours of sound need no more memory than minutes. Segments are kept only where they are asked for. Those in
 * which somebody speaks make up the whole; where nobody does, all of them do.
 */
export class RunningTimeline {
  readonly #emotions: readonly string[];
  readonly #hop: number;
  readonly #kept: HeardSegment[] | null;
  readonly #track: SpeechTrack | null;
  #held: WindowAnswer[] = [];
  /** How many segments are settled, from the beginning. */
  #settled = 0;
  readonly #all: Mean;
  readonly #spoken: Mean;

  /**
   * @param hop seconds
   * @param keep whether `finish` gives the segments too
   * @param track where somebody speaks, growing as windows arrive; `null`: that is not known, and counts as everywhere
   */
  constructor(emotions: readonly string[], hop: number, keep: boolean, track: SpeechTrack | null) {
    this.#emotions = emotions;
    this.#hop = hop;
    this.#kept = keep ? [] : null;
    this.#track = track;
    this.#all = new Mean(emotions);
    this.#spoken = new Mean(emotions);
  }

  /** @param answer of the next window, as `WindowCutter` gives them: a hop after the last, but for the final one */
  push(answer: WindowAnswer): void {
    this.#held.push(answer);
    if (this.#held.length < MOST_HELD + this.#settledBy(this.#held[0]!.end - this.#held[0]!.start)) return;
    // No later window starts before the newest, so what ends before it is settled, once it is known whether it is speech.
    this.#settle(this.#settledBy(Math.min(answer.start, this.#track?.seconds ?? answer.start)));
    const boundary = this.#settled * this.#hop;
    this.#held = this.#held.filter(({ end }) => end > boundary);
    this.#track?.forget(boundary);
  }

  /**
   * The recording ends here: its answer, whether anything was said in it, and its segments where they were asked for;
   * `null`: no window came.
   */
  finish(): { whole: Whole; spoken: boolean; segments: HeardSegment[] } | null {
    if (this.#held.length === 0) return null;
    this.#settle(Number.POSITIVE_INFINITY);
    const whole = this.#spoken.whole;
    return { whole: whole ?? this.#all.whole!, spoken: whole !== null, segments: this.#kept ?? [] };
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
    const fresh = joined.slice(this.#settled - offset, upTo - offset).map((segment) => ({
      ...segment,
      spoken: one || this.#isSpoken(segment),
    }));
    this.#all.add(fresh);
    this.#spoken.add(fresh.filter(({ spoken }) => spoken));
    this.#settled += fresh.length;
    this.#kept?.push(...fresh);
  }

  #isSpoken({ start, end }: Segment): boolean {
    if (this.#track === null) return true;
    return this.#track.share(start, end) * Math.max(1, end - start) >= qualityLimits.leastSegmentSpeech;
  }
}

/** Segments as one, while they arrive: a weighted mean of means is the mean. */
class Mean {
  readonly #emotions: readonly string[];
  #sofar: Segment | null = null;

  constructor(emotions: readonly string[]) {
    this.#emotions = emotions;
  }

  add(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    const parts = this.#sofar ? [this.#sofar, ...segments] : segments;
    const seconds = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#sofar = { start: 0, end: seconds, ...wholeOf(parts, this.#emotions) };
  }

  get whole(): Whole | null {
    if (!this.#sofar) return null;
    const { start: _, end: __, ...whole } = this.#sofar;
    return whole;
  }
}
