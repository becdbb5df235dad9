// From the answers of windows to a timeline and to one answer for the recording. Pure: knows no model.

/**
 * What a model said of a window: seconds, and probabilities in the order of the card's emotions. `unlikeness`: how far it
 * lies from what the model knows; absent: not known.
 */
export type WindowAnswer = {
  start: number;
  end: number;
  probabilities: ArrayLike<number>;
  unlikeness?: number;
};

/**
 * A stretch of a recording, in seconds, and how it sounds. `confidence` is the probability of `emotion`; `unlikeness` is the
 * mean of the windows' own, and absent where theirs is.
 */
export type Segment = {
  start: number;
  end: number;
  emotion: string;
  confidence: number;
  probabilities: Record<string, number>;
  unlikeness?: number;
};

/** How it sounds, wherever that is. */
export type Sounds = Omit<Segment, "start" | "end">;

/**
 * Join overlapping windows into segments of one hop each that cover the recording once, from the first window's
 * start to the last one's end.
 *
 * A segment's probabilities are the mean over the windows that overlap it, each counted by the seconds it overlaps. What is
 * left at the end and shorter than half a hop belongs to the segment before it. Neighbours with the same emotion stay
 * apart: their probabilities differ, and a reader of the timeline can merge but not split.
 *
 * @param answers by ascending start, without gaps: as `WindowCutter` gives windows
 * @param emotions what the probabilities are of
 * @param hop seconds
 */
export function joinTimeline(
  answers: readonly WindowAnswer[],
  emotions: readonly string[],
  hop: number,
): Segment[] {
  if (answers.length === 0) return [];
  const begin = answers[0]!.start;
  const finish = answers.at(-1)!.end;
  // What was heard in one piece is one segment: there is nothing finer to tell.
  const whole = answers.length === 1 && begin === 0;
  const count = whole ? 1 : Math.max(1, Math.round((finish - begin) / hop));
  const segments: Segment[] = [];
  let first = 0;
  for (let i = 0; i < count; i++) {
    const start = begin + i * hop;
    const end = i === count - 1 ? finish : begin + (i + 1) * hop;
    while (first < answers.length - 1 && answers[first]!.end <= start) first++;
    const mean = new MeanAnswer(emotions);
    for (let w = first; w < answers.length && answers[w]!.start < end; w++) {
      const overlap = Math.min(end, answers[w]!.end) - Math.max(start, answers[w]!.start);
      if (overlap > 0) mean.add(answers[w]!, overlap);
    }
    segments.push({ start, end, ...mean.sounds! });
  }
  return segments;
}

/** One answer for a whole recording, while its parts are heard: their mean, each counted by its seconds. */
export class MeanAnswer {
  readonly #emotions: readonly string[];
  readonly #sums: Float64Array;
  #far = 0;

  /** @param emotions what the probabilities are of */
  constructor(emotions: readonly string[]) {
    this.#emotions = emotions;
    this.#sums = new Float64Array(emotions.length);
  }

  add(
    { probabilities, unlikeness = Number.NaN }: Omit<WindowAnswer, "start" | "end">,
    seconds: number,
  ): this {
    for (let k = 0; k < this.#sums.length; k++) this.#sums[k]! += seconds * probabilities[k]!;
    this.#far += seconds * unlikeness;
    return this;
  }

  /** `null`: nothing was added. */
  get sounds(): Sounds | null {
    return this.#sums.some((sum) => sum > 0) ? decide(this.#sums, this.#far, this.#emotions) : null;
  }
}

/**
 * Weighted sums -> probabilities, and the likeliest emotion. Probabilities sum to 1, so dividing by their total undoes the
 * weights.
 *
 * @param far the weighted sum of unlikeness; NaN: not known
 */
function decide(sums: Float64Array, far: number, emotions: readonly string[]): Sounds {
  const total = sums.reduce((a, b) => a + b, 0);
  const shares = sums.map((s) => s / total);
  const best = shares.indexOf(Math.max(...shares));
  return {
    emotion: emotions[best]!,
    confidence: shares[best]!,
    probabilities: Object.fromEntries(emotions.map((emotion, k) => [emotion, shares[k]!])),
    ...(!Number.isNaN(far) && { unlikeness: far / total }),
  };
}
