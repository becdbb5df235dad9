// What a training run leaves to be told: its epochs, its scores, what it was made from. Types only.
import type { Score } from "../metrics.ts";

/** One pass over the training clips. Losses are means over clips; accuracies and recalls are shares, 0..1. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  trainLoss: number;
  /** These are null where no label was learnt from. */
  trainAccuracy: number | null;
  validationLoss: number | null;
  validationAccuracy: number | null;
  validationUar: number | null;
  /** At the end of the epoch. */
  learningRate: number;
  seconds: number;
  clipsPerSecond: number;
  /** Whether no epoch before was better: several may be marked, and the last of them was kept. */
  best: boolean;
  /** Global norm before clipping. */
  gradientNorm: number;
}

/** How the encoder came to be under which heads were fitted to labels. */
export interface EncoderOrigin {
  /** Whether a teacher taught it, without labels. */
  taught: boolean;
  /** Whether it was taught outside the run, for several of them, from clips that are not the training part. */
  shared: boolean;
  /** Whether it went on with the labels of the training part. */
  tuned: boolean;
}

/** All that the report shows; nothing is read from elsewhere. */
export interface RunReport {
  title: string;
  recipe: string;
  command: string;
  /** ISO 8601. */
  startedAt: string;
  /** Of the whole run. */
  seconds: number;
  machine: string;
  config: Record<string, unknown>;
  corpora: { name: string; clips: number; speakers: number; licence: string }[];
  /** Clips in each part, and what weakens a score on them, in sentences. */
  split: {
    protocol: string;
    heldOut: string;
    train: number;
    validation: number;
    test: number;
    warnings: string[];
  };
  history: EpochRecord[];
  /** Not given: the whole network learned from labels, and the validation part chose the epoch. */
  encoder?: EncoderOrigin;
  /** On the validation part. */
  validation: Score;
  /** On clips that chose nothing. */
  test?: Score;
  /** The model's outputs, in their order. */
  emotions: string[];
  /** Files that were left out, and why. */
  problems: { file: string; message: string }[];
  notice: string;
}

/** The epoch that was kept, as a position in the history; `null`: none was marked. */
export function bestEpoch(history: readonly EpochRecord[]): number | null {
  const at = history.findLastIndex(({ best }) => best);
  return at < 0 ? null : at;
}
