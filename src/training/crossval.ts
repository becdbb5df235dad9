// Cross-validation: one run a fold, each measured on what it never heard. Knows splits and runs, no network.
import { join } from "node:path";
import type { ScoreCard } from "../speech/index.ts";
import type { Clip } from "./corpora/index.ts";
import type { Score } from "./metrics.ts";
import { byGroup, leaveOneOut, randomSplit, type Split, unseenWords } from "./splits.ts";
import { type TrainOptions, type TrainResult, train } from "./train.ts";

/** What a fold holds out: `random` and `word` stay within the same voices, `speaker` and `corpus` do not. */
export type Grouping = "random" | "word" | "speaker" | "corpus";

export interface CrossvalOptions extends Omit<TrainOptions, "split" | "onEpoch"> {
  clips: readonly Clip[];
  by: Grouping;
  /** Fewer folds than groups hold out several groups at a time; not given: one fold a group. */
  folds?: number;
  onFold?(fold: number, folds: number, split: Split): void;
  onFoldDone?(result: FoldResult): void;
}

export interface FoldResult {
  protocol: string;
  heldOut: string;
  folder: string;
  score: Score;
  warnings: string[];
}

export interface CrossvalResult {
  folds: FoldResult[];
  /** Means over folds, and the standard deviation of the folds around them. */
  wa: number;
  uar: number;
  waSpread: number;
  uarSpread: number;
  /** For the model card: one entry a fold. */
  scores: ScoreCard[];
}

/** The splits of a cross-validation, in order. */
export function splitsFor(clips: readonly Clip[], by: Grouping, seed: number, folds?: number): Split[] {
  if (by === "random" || by === "word") {
    const split = by === "random" ? randomSplit : unseenWords;
    // Other folds of a random split are other draws.
    return Array.from({ length: folds ?? 1 }, (_, i) => split(clips, { seed: seed + i }));
  }
  return folds ? byGroup(clips, by, folds, { seed }) : leaveOneOut(clips, by, { seed });
}

export async function crossval(options: CrossvalOptions): Promise<CrossvalResult> {
  const { clips, by, seed, out, signal } = options;
  const splits = splitsFor(clips, by, seed, options.folds);
  const folds: FoldResult[] = [];
  const scores: ScoreCard[] = [];
  for (const [i, split] of splits.entries()) {
    signal?.throwIfAborted();
    options.onFold?.(i + 1, splits.length, split);
    const name = `${i + 1}-${split.heldOut.replace(/[^\w-]+/g, "-")}`;
    const result: TrainResult = await train({ ...options, split, out: join(out, name) });
    if (result.interrupted || !result.test) {
      throw new Error("stopped before the last fold; call again with --resume to go on");
    }
    const card = result.card.scores.at(-1)!;
    const fold = {
      ...{ protocol: split.protocol, heldOut: split.heldOut, folder: result.folder },
      score: result.test,
      warnings: card.warnings,
    };
    folds.push(fold);
    scores.push(card);
    options.onFoldDone?.(fold);
  }
  const wa = meanAndSpread(folds.map(({ score }) => score.wa));
  const uar = meanAndSpread(folds.map(({ score }) => score.uar));
  return { folds, wa: wa.mean, uar: uar.mean, waSpread: wa.spread, uarSpread: uar.spread, scores };
}

function meanAndSpread(values: readonly number[]): { mean: number; spread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, spread: Math.sqrt(variance) };
}
