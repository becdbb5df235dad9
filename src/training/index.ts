// The door of `training`: corpora, splits, runs, cross-validation, measuring, reports.

export type { Example } from "./batches.ts";
export { FileError, writeWhole } from "./checkpoint.ts";
export {
  type ClassName,
  type Clip,
  CorpusError,
  type CorpusInfo,
  type CorpusSummary,
  checkCorpora,
  corpusInfos,
  OWN_CLASSES,
  type Problem,
  type ReadCorpora,
  readCorpora,
  requireEmotions,
  speakerIsKnown,
} from "./corpora/index.ts";
export { type CrossvalResult, crossval, type FoldResult, type Grouping } from "./crossval.ts";
export type { ByGender } from "./genders.ts";
export { hearClip, type LeftOut } from "./hear-clip.ts";
export { findLeaksOfModel } from "./leaks.ts";
export { StoppedError } from "./learn.ts";
export { measureParts, type PartScore } from "./measure.ts";
export { type Score, score } from "./metrics.ts";
export { type ProgressStream, TrainingProgress } from "./progress.ts";
export {
  alsoTrainingOn,
  corporaOf,
  MEASURED_CORPORA,
  PROTOCOLS,
  type Protocol,
  VALIDATION_VOICES,
} from "./protocols/index.ts";
export { Random } from "./random.ts";
export type { Recipe } from "./recipe.ts";
export { recipeHash } from "./recipe-hash.ts";
export { EXTRA_NAMES, RECIPES, recipeNamed, SWITCH_NAMES } from "./recipes/index.ts";
export { cardPage, type EpochRecord, runReport } from "./report/index.ts";
export { RunError } from "./run-folder.ts";
export { randomSplit, type Split, strangersChoose, unseenSpeaker, unseenWords } from "./splits.ts";
export { type Finished, sweep } from "./sweep.ts";
export type { Figures } from "./sweep-figures.ts";
export type { RunResult } from "./sweep-plan.ts";
export type { Estimate } from "./sweep-statistics.ts";
export { type PartSummary, type SweepSummary, summariseSweep } from "./sweep-summary.ts";
export { type TrainResult, train } from "./train.ts";
export { initialState, Trainer } from "./trainer.ts";
export { Team } from "./workers.ts";
