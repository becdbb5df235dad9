// Engines that take turns, and the numbers of each. Knows clocks and medians, not what is measured.

/** Something that is timed in blocks, a block each round. */
export interface Contestant {
  /** Milliseconds of each run of one block. */
  block(): Promise<readonly number[]>;
}

export interface Timing {
  /** Milliseconds. */
  median: number;
  min: number;
  /** Runs that were timed. */
  runs: number;
}

/**
 * `rounds` blocks of each contestant, in turns: what slows the machine for a while slows all of them. A first block of
 * each is thrown away: it compiles, fills caches and waits for what is starting.
 */
export async function takeTurns(contestants: readonly Contestant[], rounds: number): Promise<Timing[]> {
  for (const contestant of contestants) await contestant.block();
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) times[i]!.push(...(await contestant.block()));
  }
  return times.map(timing);
}

/** A contestant that runs here, so many times a block. */
export function timed(run: () => Promise<unknown>, runs: number): Contestant {
  return {
    async block() {
      const times: number[] = [];
      for (let i = 0; i < runs; i++) {
        const start = performance.now();
        await run();
        times.push(performance.now() - start);
      }
      return times;
    },
  };
}

export function timing(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, min: sorted[0]!, runs: sorted.length };
}

/** How many times as long `one` takes as `other`: by the medians, and by the minima, which noise moves less. */
export function ratio(one: Timing, other: Timing): { median: number; min: number } {
  return { median: one.median / other.median, min: one.min / other.min };
}
