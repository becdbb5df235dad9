// Equal steps of time, at most so many: what falls into each is summed as it comes. Knows samples, no features by name.

/** Steps at most. */
export const MOST_COLUMNS = 2_000;
/** Samples of the finest step: 8 ms at 16,000 Hz. */
export const FINEST_COLUMN = 128;

/** Weighted means, `rows` of them in each column. */
class Means {
  readonly rows: number;
  /** `[columns, rows]`, values times weights. In doubles, whose sums hardly depend on the order. */
  readonly #sums: Float64Array;
  readonly #weights = new Float64Array(MOST_COLUMNS);

  constructor(rows: number) {
    this.rows = rows;
    this.#sums = new Float64Array(MOST_COLUMNS * rows);
  }

  /** @param values `[..., rows]`, those to add at `at` */
  add(column: number, weight: number, values: Float32Array, at: number): void {
    const sums = this.#sums;
    const { rows } = this;
    const place = column * rows;
    for (let i = 0; i < rows; i++) sums[place + i]! += weight * values[at + i]!;
    this.#weights[column]! += weight;
  }

  /** Makes one column of each two. */
  join(): void {
    joinPairs(this.#sums, this.rows, 0, (a, b) => a + b);
    joinPairs(this.#weights, 1, 0, (a, b) => a + b);
  }

  /** Nothing was added to any of the first `count` columns, nor behind them. */
  clear(count: number): void {
    this.#sums.fill(0, 0, count * this.rows);
    this.#weights.fill(0, 0, count);
  }

  /** `[count, rows]`; 0 where nothing was added. */
  of(count: number): Float32Array {
    const { rows } = this;
    const means = new Float32Array(count * rows);
    for (let column = 0; column < count; column++) {
      const share = 1 / (this.#weights[column]! || 1);
      for (let i = column * rows; i < (column + 1) * rows; i++) means[i] = this.#sums[i]! * share;
    }
    return means;
  }
}

/**
 * A recording's columns while it still arrives: once `MOST_COLUMNS` are full, each is joined with its neighbour and all are
 * twice as wide, so memory does not grow with the recording.
 */
export class Columns {
  /** Samples of a column. */
  #width = FINEST_COLUMN;
  #samples = 0;
  readonly #least = new Float32Array(MOST_COLUMNS).fill(Number.POSITIVE_INFINITY);
  readonly #most = new Float32Array(MOST_COLUMNS).fill(Number.NEGATIVE_INFINITY);
  readonly #means: readonly Means[];

  /** @param layers of means: how many rows each has */
  constructor(layers: readonly number[]) {
    this.#means = layers.map((rows) => new Means(rows));
  }

  /** Samples so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Columns so far; the last may be cut short by the end. */
  get count(): number {
    return Math.ceil(this.#samples / this.#width);
  }

  /** Takes the next samples, `[n]`. */
  push(block: Float32Array): void {
    while (this.#samples + block.length > MOST_COLUMNS * this.#width) this.#widen();
    for (let at = 0; at < block.length; ) {
      const column = Math.floor((this.#samples + at) / this.#width);
      const end = Math.min(block.length, (column + 1) * this.#width - this.#samples);
      let [least, most] = [this.#least[column]!, this.#most[column]!];
      for (; at < end; at++) {
        const value = block[at]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      this.#least[column] = least;
      this.#most[column] = most;
    }
    this.#samples += block.length;
  }

  /**
   * Numbers that stand for samples `from` to `to`, all of them pushed before, into a layer.
   * @param values `[..., rows]`, those meant at `at`
   */
  add(layer: number, from: number, to: number, values: Float32Array, at: number): void {
    const width = this.#width;
    for (let column = Math.floor(from / width); column * width < to && column < MOST_COLUMNS; column++) {
      const overlap = Math.min(to, (column + 1) * width) - Math.max(from, column * width);
      this.#means[layer]!.add(column, overlap, values, at);
    }
  }

  /** Least and greatest sample of each column, `[columns, 2]`. */
  peaks(): Float32Array {
    const peaks = new Float32Array(2 * this.count);
    for (let i = 0; i < this.count; i++) {
      peaks[2 * i] = this.#least[i]!;
      peaks[2 * i + 1] = this.#most[i]!;
    }
    return peaks;
  }

  /** Means over each column's time, `[columns, rows]`. */
  means(layer: number): Float32Array {
    return this.#means[layer]!.of(this.count);
  }

  /** Forgets the recording, and is as new: its memory is a million bytes, which a short clip need not ask for. */
  reset(): void {
    // One more: the last window's end is a sum of fractions, and may lie a hair behind the recording's.
    for (const means of this.#means) means.clear(this.count + 1);
    this.#least.fill(Number.POSITIVE_INFINITY, 0, this.count);
    this.#most.fill(Number.NEGATIVE_INFINITY, 0, this.count);
    this.#samples = 0;
    this.#width = FINEST_COLUMN;
  }

  #widen(): void {
    for (const means of this.#means) means.join();
    joinPairs(this.#least, 1, Number.POSITIVE_INFINITY, Math.min);
    joinPairs(this.#most, 1, Number.NEGATIVE_INFINITY, Math.max);
    this.#width *= 2;
  }
}

/** Columns `[columns, rows]` two by two into the first half; the second is empty then. */
function joinPairs(
  values: Float32Array | Float64Array,
  rows: number,
  empty: number,
  join: (a: number, b: number) => number,
): void {
  const half = MOST_COLUMNS / 2;
  for (let i = 0; i < half; i++) {
    for (let row = 0; row < rows; row++) {
      values[i * rows + row] = join(values[2 * i * rows + row]!, values[(2 * i + 1) * rows + row]!);
    }
  }
  values.fill(empty, half * rows);
}
