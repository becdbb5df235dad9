// What learning is asked for, and what it comes to, whichever way a network learns. Knows no files of models.
import type { Usual } from "../speech/index.ts";
import { softmax } from "./calibration.ts";
import { type Clip, CorpusError, type Problem } from "./corpora/index.ts";
import type { LeftOut } from "./hear-clip.ts";
import type { StepResult } from "./loop.ts";
import { type Score, score } from "./metrics.ts";
import type { Recipe } from "./recipe.ts";
import type { EpochRecord } from "./report/index.ts";
import type { Origin } from "./run-card.ts";
import type { Split } from "./splits.ts";
import type { Weights } from "./trainer.ts";

export interface TrainOptions extends Origin {
  split: Split;
  /** Files of the data folder that are not used, for the report. */
  problems: readonly Problem[];
  out: string;
  epochs: number;
  workers: number;
  resume: boolean;
  /** The file of the teacher's weights, for a recipe that has one. */
  teacher?: string;
  /** A folder that keeps features, and what a teacher says, for other runs on the same clips. */
  cache?: string;
  /** Where the encoder is that the teacher taught, and what it heard; not given: in the run's folder, what is learnt from. */
  encoder?: EncoderPlace;
  /** Ends the run after the step that is under way. */
  signal?: AbortSignal;
  onDecode?(done: number, total: number): void;
  onStep?(result: StepResult & { epochs: number; secondsLeft: number; clipsPerSecond: number }): void;
  onEpoch?(record: EpochRecord): void;
}

/** An encoder that several runs share. */
export interface EncoderPlace {
  folder: string;
  /** What it learnt from. */
  clips: readonly Clip[];
  /** What it is kept for: what the runs learn from and validate on. */
  uses: readonly Clip[];
}

/** A network that has learnt. */
export interface Learnt {
  weights: Weights;
  /** The logits are divided by it. */
  temperature: number;
  /** The confidence below which it is uncertain; not given: what cards begin with. */
  threshold?: number;
  /** Of its embeddings, where they can say that a sound is unlike all. */
  usual?: Usual;
  history: EpochRecord[];
  /** On the validation part. */
  validation: Score;
  /** What was heard, by whichever part of it: of what it learnt from, with labels or without, and of the validation part. */
  clips: Clip[];
  leftOut: LeftOut[];
  /** Whether the signal ended it before the last epoch. */
  interrupted: boolean;
}

/** A run that was ended with nothing to show for it. The message says how to go on. */
export class StoppedError extends Error {
  override name = "StoppedError";
}

/**
 * The file of the teacher's weights; `null`: nobody teaches.
 * @throws CorpusError where the recipe needs a teacher and none was named
 */
export function requireTeacher({ recipe, teacher }: Pick<TrainOptions, "recipe" | "teacher">): string | null {
  if (recipe.teacher === "none") return null;
  if (teacher) return teacher;
  throw new CorpusError(
    `the recipe ${recipe.name} learns from a teacher: name the file of its weights, --teacher FILE.safetensors`,
  );
}

/** Whether an error is the stop that the caller asked for, and nothing that went wrong. */
export function isStop(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason;
}

/**
 * How far the run is, after each step.
 * @param clips that are heard in an epoch
 */
export function stepReporter({ epochs, onStep }: Pick<TrainOptions, "epochs" | "onStep">, clips: number) {
  const started = performance.now();
  let steps = 0;
  return (result: StepResult) => {
    steps++;
    const perStep = (performance.now() - started) / 1000 / steps;
    const left = (epochs - result.epoch + 1) * result.total - result.done;
    const clipsPerSecond = clips / (perStep * result.total);
    onStep?.({ ...result, epochs, secondsLeft: left * perStep, clipsPerSecond });
  };
}

export function scoreLogits(
  logits: readonly Float32Array[],
  truth: readonly number[],
  recipe: Recipe,
  temperature: number,
): Score {
  const probabilities = logits.map((row) => softmax(row, temperature));
  return score({ truth, probabilities, labels: recipe.emotions });
}
