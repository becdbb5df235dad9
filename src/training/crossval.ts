// Cross-validation: one run a fold, each measured on what it never heard. Knows splits and runs, no network.
import { join } from "node:path";
import type { ScoreCard } from "../speech/index.ts";
import { type Clip, CorpusError } from "./corpora/index.ts";
import type { LeftOut } from "./hear-clip.ts";
import { StoppedError, type TrainOptions } from "./learn.ts";
import type { Score } from "./metrics.ts";
import { scoreCard } from "./run-card.ts";
import { byGroup, leaveOneOut, randomSplit, type Split, unseenWords } from "./splits.ts";
import { train } from "./train.ts";

/** What a fold holds out: `random` and `word` stay within the same voices, `speaker` and `corpus` do not. */
export type Grouping = "random" | "word" | "speaker" | "corpus";

export interface CrossvalOptions extends Omit<TrainOptions, "split" | "scores"> {
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
  /** Clips that could not be heard. */
  leftOut: LeftOut[];
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

const BETWEEN_FOLDS = "stopped before the last fold was measured; the same call with --resume goes on";

/**
 * Trains and measures once a fold.
 * @throws StoppedError where `signal` ends it, and all that `train` throws
 */
export async function crossval(options: CrossvalOptions): Promise<CrossvalResult> {
  const { clips, by, seed, out, signal } = options;
  const splits = splitsFor(clips, by, seed, options.folds);
  const folds: FoldResult[] = [];
  const scores: ScoreCard[] = [];
  for (const [i, split] of splits.entries()) {
    if (signal?.aborted) throw new StoppedError(BETWEEN_FOLDS);
    options.onFold?.(i + 1, splits.length, split);
    // Many speakers held out together would make a name that is too long for a disk.
    const name = `${i + 1}-${split.heldOut.replace(/[^\w-]+/g, "-").slice(0, 60)}`;
    const result = await train({ ...options, split, out: join(out, name) }).catch((error) => {
      throw error instanceof StoppedError ? new StoppedError(BETWEEN_FOLDS) : error;
    });
    if (signal?.aborted) throw new StoppedError(BETWEEN_FOLDS);
    if (!result.test) {
      throw new CorpusError(
        `none of the ${split.test.length} clips that are held out (${split.heldOut}) could be heard, such as ` +
          `${result.leftOut.at(-1)?.reason}`,
      );
    }
    const card = scoreCard(split, result.test, result.card.scores.at(-1)!.warnings);
    const fold = {
      ...{ protocol: split.protocol, heldOut: split.heldOut, folder: result.folder },
      score: result.test,
      warnings: card.warnings,
      leftOut: result.leftOut,
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
