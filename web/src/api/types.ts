// The service's resources as the page's types. Knows the contract's types only; none of its code reaches the page.
export type {
  Analysis,
  Batch,
  Epoch,
  Evidence,
  LiveMessage,
  LiveStart,
  LiveStop,
  ModelSummary,
  Problem,
  RecipeSummary,
  Recording,
  RecordingPage,
  RecordingPatch,
  RecordingQuery,
  RecordingState,
  Run,
  RunRequest,
  Segment,
  Service,
  Training,
} from "../../../src/server/contract.ts";
export type { CorpusCard, ModelCard, ScoreCard } from "../../../src/speech/index.ts";
