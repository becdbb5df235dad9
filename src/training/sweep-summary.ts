// What a sweep's runs say together: means and intervals over folds and seeds, never the best run. Knows no files.
import type { ScoreCard } from "../speech/index.ts";
import type { Protocol } from "./protocols/index.ts";
import type { Finished } from "./sweep.ts";
import { average, type Estimate, estimate } from "./sweep-statistics.ts";

/** One test part, over the seeds. */
export interface PartSummary {
  unseen: string;
  heldOut: string;
  runs: number;
  /** Clips that are measured in each run. */
  clips: number;
  wa: Estimate;
  uar: Estimate;
  ece: number;
  /** Mean over the runs, of every class that the part has. */
  recall: Record<string, number>;
  warnings: string[];
}

/** One recipe under one protocol. */
export interface SweepSummary {
  recipe: string;
  protocol: string;
  seeds: number[];
  /** Of the protocol's. */
  folds: number;
  allFolds: number;
  parts: PartSummary[];
  /** Over all runs. */
  wa: Estimate;
  uar: Estimate;
  ece: number;
  /** What the bounds of `wa` and `uar` are, in words. */
  interval: string;
  /** Versions of this program that trained the runs; more than one means that they may differ in more than the seed. */
  commits: string[];
  /** For the card of a model that is trained the same way. */
  scores: ScoreCard[];
}

/** @param finished runs of one protocol; each recipe is summed up by itself, in the order of first appearance */
export function summariseSweep(protocol: Protocol, finished: readonly Finished[]): SweepSummary[] {
  return [...Map.groupBy(finished, ({ run }) => run.recipe.name)].map(([recipe, own]) => {
    const parts = [...Map.groupBy(own, ({ run }) => run.fold)]
      .sort(([a], [b]) => a - b)
      .map(([, runs]) => partSummary(runs));
    const seeds = [...new Set(own.map(({ run }) => run.seed))];
    const over = (value: (one: Finished) => number) => own.map(value);
    const summary = {
      ...{
        recipe,
        protocol: protocol.name,
        seeds,
        folds: parts.length,
        allFolds: protocol.folds.length,
        parts,
      },
      wa: estimate(over(({ result }) => result.score.wa)),
      uar: estimate(over(({ result }) => result.score.uar)),
      ece: average(over(({ result }) => result.score.ece)),
      interval: intervalName(own.length, parts.length, seeds.length),
      commits: [...new Set(own.map(({ result }) => `${result.version} ${result.commit}`))],
    };
    return { ...summary, scores: scoresOf(summary, own) };
  });
}

function intervalName(runs: number, folds: number, seeds: number): string {
  const of = `${folds} ${folds === 1 ? "fold" : "folds"} x ${seeds} ${seeds === 1 ? "seed" : "seeds"}`;
  return runs === 1 ? `no interval: one run (${of})` : `95 % t interval over ${runs} runs (${of})`;
}

function partSummary(runs: readonly Finished[]): PartSummary {
  const scores = runs.map(({ result }) => result.score);
  const { unseen, heldOut } = runs[0]!.result;
  return {
    ...{ unseen, heldOut, runs: runs.length, clips: scores[0]!.clips },
    wa: estimate(scores.map(({ wa }) => wa)),
    uar: estimate(scores.map(({ uar }) => uar)),
    ece: average(scores.map(({ ece }) => ece)),
    recall: meanRecall(scores.map(({ recall }) => recall)),
    warnings: distinct(runs.flatMap(({ result }) => result.card.warnings)),
  };
}

/** Of every class the mean over those that have it. */
function meanRecall(recalls: readonly Record<string, number>[]): Record<string, number> {
  const classes = distinct(recalls.flatMap((recall) => Object.keys(recall))).sort();
  return Object.fromEntries(
    classes.map((name) => [name, average(recalls.flatMap((recall) => recall[name] ?? []))]),
  );
}

type Draft = Omit<SweepSummary, "scores">;

/** The mean first; where corpora are held out, each of them after it. */
function scoresOf(summary: Draft, own: readonly Finished[]): ScoreCard[] {
  const { parts, seeds, folds, allFolds } = summary;
  const corpora = distinct(own.map(({ result }) => result.card.corpus)).sort();
  const bounds = ({ low, high }: Estimate, [first]: readonly Finished[]) => ({
    low: low ?? first!.result.score.low,
    high: high ?? first!.result.score.high,
  });
  const some = folds < allFolds ? ` of ${allFolds}` : "";
  const mean: ScoreCard = {
    protocol: `${parts[0]!.unseen}: ${summary.protocol}`,
    heldOut: `mean of ${folds}${some} folds x ${seeds.length} seeds`,
    corpus: corpora.join(", "),
    clips: parts.reduce((sum, { clips }) => sum + clips, 0),
    ...{ wa: summary.wa.mean, uar: summary.uar.mean, ece: summary.ece },
    recall: meanRecall(parts.map(({ recall }) => recall)),
    ...bounds(summary.wa, own),
    warnings: distinct(parts.flatMap(({ warnings }) => warnings)),
  };
  const each = parts
    .filter(({ unseen }) => unseen.startsWith("unseen corpus"))
    .map(
      ({ unseen, heldOut, clips, wa, uar, ece, recall, warnings }): ScoreCard => ({
        ...{
          protocol: unseen,
          heldOut,
          corpus: heldOut,
          clips,
          wa: wa.mean,
          uar: uar.mean,
          ece,
          recall,
          warnings,
        },
        ...bounds(
          wa,
          own.filter(({ result }) => result.heldOut === heldOut),
        ),
      }),
    );
  return [mean, ...each];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
