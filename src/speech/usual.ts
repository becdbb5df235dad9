// How far an embedding lies from all that a model was trained on. Pure: numbers in, a distance out; runs no model.

/** What a model's embeddings usually are, and the distance beyond which a sound is unlike all that it was trained on. */
export type Usual = {
  /** Of each number of the embedding, over what the model was trained on. */
  mean: number[];
  spread: number[];
  limit: number;
};

/** A number that hardly changed in training would make a stranger of everybody who changes it. */
const LEAST_SPREAD = 1e-3;
/** Significant digits on a card: a few kilobytes instead of ten, for a difference that no distance shows. */
const DIGITS = 5;

/**
 * The root mean square of how many spreads each number lies from its mean: some 1 for what the model was trained on.
 * @throws RangeError where the embedding is of another width
 */
export function unlikeness(
  embedding: ArrayLike<number>,
  { mean, spread }: Pick<Usual, "mean" | "spread">,
): number {
  const width = mean.length;
  if (embedding.length !== width) {
    throw new RangeError(
      `unlikeness: an embedding of ${embedding.length} numbers, expected ${width}; what is usual fits one model only`,
    );
  }
  let sum = 0;
  for (let k = 0; k < width; k++) {
    sum += ((embedding[k]! - mean[k]!) / Math.max(spread[k]!, LEAST_SPREAD)) ** 2;
  }
  return Math.sqrt(sum / width);
}

/**
 * What is usual for a model, for its card.
 *
 * @param embeddings `[width]` each, of what it was trained on
 * @param strangers `[width]` each, of voices that it was not trained on and must still answer: what it was trained on
 * lies nearer than any new voice, and would draw the line too close
 * @param share of the strangers that lie within the limit, 0..1
 * @throws RangeError where there are none, one is of another width than the first, or the limit would be 0
 */
export function usualOf(
  embeddings: readonly ArrayLike<number>[],
  strangers: readonly ArrayLike<number>[],
  share = 0.99,
): Usual {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`usualOf: a share of ${share}, expected 0..1`);
  if (embeddings.length === 0 || strangers.length === 0) {
    throw new RangeError(
      `usualOf: ${embeddings.length} embeddings and ${strangers.length} of strangers, expected one of each at least`,
    );
  }
  const width = embeddings[0]!.length;
  const other = embeddings.find(({ length }) => length !== width);
  if (other) {
    throw new RangeError(
      `usualOf: an embedding of ${other.length} numbers, expected ${width}, as the first has; give what one model heard`,
    );
  }
  const mean = meanOf(embeddings, width, (x) => x);
  const variance = meanOf(embeddings, width, (x, k) => (x - mean[k]!) ** 2);
  const usual = { mean: Array.from(mean, short), spread: Array.from(variance, (v) => short(Math.sqrt(v))) };
  // With the rounded numbers, which are those that will be compared with.
  const limit = short(
    quantile(
      strangers.map((one) => unlikeness(one, usual)),
      share,
    ),
  );
  if (!(limit > 0)) {
    throw new RangeError(`usualOf: a limit of ${limit}, expected more than 0; give strangers that differ`);
  }
  return { ...usual, limit };
}

/** As many clips count as they are for a speaker's spread, and what is usual counts as so many more. */
export const USUAL_CLIPS = 8;

/**
 * A speaker's spread of one number, as far as so many clips of him can tell: of a few alone it is mostly chance, so that
 * what is usual of everybody has a say (the posterior of a variance under a scaled inverse chi-squared prior, Gelman et al., Bayesian Data
 * Analysis, 3rd ed., section 2.6).
 *
 * @param usual the spread over what a model was trained on
 */
export function steadied(spread: number, clips: number, usual: number): number {
  return Math.sqrt((clips * spread ** 2 + USUAL_CLIPS * usual ** 2) / (clips + USUAL_CLIPS));
}

/** The mean over the rows of `of` each of their numbers, `[width]`. */
function meanOf(
  rows: readonly ArrayLike<number>[],
  width: number,
  of: (value: number, k: number) => number,
): Float64Array {
  const sums = new Float64Array(width);
  for (const row of rows) for (let k = 0; k < width; k++) sums[k]! += of(row[k]!, k);
  return sums.map((sum) => sum / rows.length);
}

/** Between two neighbours on the straight line: type 7 of Hyndman and Fan (doi:10.2307/2684934), as NumPy has it. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
