// What a sweep's runs say together: means and intervals over folds and seeds, never the best run. Knows no files.
import type { ScoreCard } from "../speech/index.ts";
import type { Protocol } from "./protocols/index.ts";
import type { Finished } from "./sweep.ts";
import { scoreCardsOf } from "./sweep-cards.ts";
import { type Figures, figuresOf, meanRecall } from "./sweep-figures.ts";
import { type Row, type Rows, rowsByCorpus, rowsByFold } from "./sweep-rows.ts";

/** A row: one fold's test part over the seeds; or one corpus, of each seed the mean over the folds that measured it. Intervals are over seeds. */
export interface PartSummary extends Figures {
  unseen: string;
  /** The fold's name, or the corpus. */
  heldOut: string;
  /** That measured it. */
  runs: number;
  /** Clips that are measured with each seed. */
  clips: number;
  /** Mean over the runs, of every class that the part has. */
  recall: Record<string, number>;
  warnings: string[];
}

/** One recipe under one protocol. Figures are over the rows, each the mean over its seeds: people differ more than seeds. */
export interface SweepSummary extends Figures {
  recipe: string;
  protocol: string;
  seeds: number[];
  /** Of the protocol's. */
  folds: number;
  allFolds: number;
  /** What `parts` are: corpora where any test part holds several. */
  rows: Rows["kind"];
  parts: PartSummary[];
  /** What the bounds of the figures are, in words. */
  interval: string;
  /** Versions of this program that trained the runs; more than one means that they may differ in more than the seed. */
  commits: string[];
  /** For the card of a model that is trained the same way. */
  scores: ScoreCard[];
}

/** @param finished runs of one protocol; each recipe is summed up by itself, in the order of first appearance */
export function summariseSweep(protocol: Protocol, finished: readonly Finished[]): SweepSummary[] {
  const severalCorpora = finished.some(({ result }) => result.parts.length > 1);
  return [...Map.groupBy(finished, ({ run }) => run.recipe.name)].map(([recipe, own]) => {
    const rows = severalCorpora ? rowsByCorpus(own) : rowsByFold(own);
    const seeds = distinct(own.map(({ run }) => run.seed));
    const folds = distinct(own.map(({ run }) => run.fold)).length;
    return {
      ...{ recipe, protocol: protocol.name, seeds, folds, allFolds: protocol.folds.length },
      ...{ rows: rows.kind, parts: rows.rows.map(partSummary) },
      ...figuresOf(rows),
      interval: intervalName(rows, seeds.length),
      commits: distinct(own.map(({ result }) => `${result.version} ${result.commit}`)),
      scores: scoreCardsOf(protocol, rows),
    };
  });
}

function intervalName({ kind, rows }: Rows, seeds: number): string {
  const over = kind === "folds" ? counted(rows.length, "fold") : counted(rows.length, "corpus", "corpora");
  const folds = kind === "folds" ? "" : "its folds and ";
  const each = seeds === 1 ? "one seed" : `each the mean of ${folds}${seeds} seeds`;
  return rows.length === 1 ? `no interval: ${over}, ${each}` : `95 % t interval over ${over}, ${each}`;
}

function partSummary(row: Row): PartSummary {
  const { name, unseen, runs, draws } = row;
  const clips = draws[0]!.flat().map(({ score }) => score.clips);
  return {
    ...{ unseen, heldOut: name, runs: runs.length },
    clips: clips.reduce((sum, some) => sum + some, 0),
    ...figuresOf(row),
    recall: meanRecall(draws.flat(2).map(({ score }) => score.recall)),
    warnings: distinct(runs.flatMap(({ result }) => result.card.warnings)),
  };
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
