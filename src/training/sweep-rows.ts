// The rows of a sweep's table: folds, or corpora where a test part holds several. Knows runs, no statistics.
import type { PartScore } from "./measure.ts";
import type { Finished } from "./sweep.ts";
import type { Draw, Parts } from "./sweep-figures.ts";

/** What is measured, and by which runs. Its draws are its seeds. */
export interface Row extends Parts {
  /** The fold's name, or the corpus. */
  name: string;
  unseen: string;
  runs: readonly Finished[];
}

/** All rows together: each is a draw, and stands for the people in it. */
export interface Rows extends Parts {
  kind: "folds" | "corpora";
  rows: Row[];
}

/** @param own runs of one recipe */
export function rowsByFold(own: readonly Finished[]): Rows {
  const rows = [...Map.groupBy(own, ({ run }) => run.fold)]
    .sort(([a], [b]) => a - b)
    .map(([, runs]): Row => {
      const { unseen, heldOut } = runs[0]!.result;
      return { name: heldOut, unseen, runs, ...bySeed(runs, () => true) };
    });
  return { kind: "folds", rows, ...together(own, rows) };
}

/** @param own runs of one recipe */
export function rowsByCorpus(own: readonly Finished[]): Rows {
  const corpora = [...new Set(own.flatMap(({ result }) => result.parts.map(({ corpus }) => corpus)))].sort();
  const rows = corpora.map((name): Row => {
    const runs = own.filter(({ result }) => result.parts.some(({ corpus }) => corpus === name));
    const unseen = [...new Set(runs.map(({ result }) => result.unseen))].join(", ");
    return { name, unseen, runs, ...bySeed(runs, ({ corpus }) => corpus === name) };
  });
  return { kind: "corpora", rows, ...together(own, rows) };
}

/** A draw a seed, in it one group: the parts of all folds. */
function bySeed(runs: readonly Finished[], which: (part: PartScore) => boolean): Parts {
  const seeds = [...Map.groupBy(runs, ({ run }) => run.seed).values()].map((of) =>
    of.flatMap(({ result }) => result.parts.filter(which)),
  );
  return { draws: seeds.map((parts): Draw => [parts]), seeds };
}

/** A draw a row, in it a group a seed. */
function together(own: readonly Finished[], rows: readonly Row[]): Parts {
  return { draws: rows.map(({ seeds }): Draw => seeds), seeds: bySeed(own, () => true).seeds };
}
