// The rows of a sweep's table: folds, or corpora where a test part holds several. Knows runs, no statistics.
import type { Finished } from "./sweep.ts";
import type { Draw } from "./sweep-figures.ts";

/** What is measured, by which runs, and what counts as one value of its estimates. */
export interface Row {
  /** The fold's name, or the corpus. */
  name: string;
  unseen: string;
  runs: readonly Finished[];
  /** A fold's: its runs. A corpus's: the seeds, in each the folds that measured it. */
  draws: Draw[];
}

export interface Rows {
  kind: "folds" | "corpora";
  rows: Row[];
  /** Of all rows together. */
  draws: Draw[];
}

/** @param own runs of one recipe */
export function rowsByFold(own: readonly Finished[]): Rows {
  const byRun = (runs: readonly Finished[]) => runs.map(({ result }): Draw => [result.parts]);
  const rows = [...Map.groupBy(own, ({ run }) => run.fold)]
    .sort(([a], [b]) => a - b)
    .map(([, runs]): Row => {
      const { unseen, heldOut } = runs[0]!.result;
      return { name: heldOut, unseen, runs, draws: byRun(runs) };
    });
  return { kind: "folds", rows, draws: byRun(own) };
}

/** @param own runs of one recipe */
export function rowsByCorpus(own: readonly Finished[]): Rows {
  const corpora = [...new Set(own.flatMap(({ result }) => result.parts.map(({ corpus }) => corpus)))].sort();
  const rows = corpora.map((name): Row => {
    const runs = own.filter(({ result }) => result.parts.some(({ corpus }) => corpus === name));
    const unseen = [...new Set(runs.map(({ result }) => result.unseen))].join(", ");
    return { name, unseen, runs, draws: bySeed(runs, [name]) };
  });
  return { kind: "corpora", rows, draws: bySeed(own, corpora) };
}

/** Each seed by itself, and in it each corpus over the folds that measured it. */
function bySeed(runs: readonly Finished[], corpora: readonly string[]): Draw[] {
  return [...Map.groupBy(runs, ({ run }) => run.seed).values()].map((own) => {
    const parts = own.flatMap(({ result }) => result.parts);
    return corpora.map((name) => parts.filter(({ corpus }) => corpus === name));
  });
}
