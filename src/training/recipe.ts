// What a recipe is: everything that decides how a model is trained, but for the data and the seed.
import type { Architecture } from "../models/index.ts";
import type { OptimizerOptions, Schedule } from "../nn/index.ts";
import type { Emotion } from "../speech/index.ts";
import type { Augmentation } from "./augment.ts";

/** How a clip is heard beside as it is, by the heads of an encoder: as other voices would have said it. */
export interface Views {
  /** Once at each of these: pitch, formants and haste together. */
  speeds: readonly number[];
  /** Largest changes of haste and of the vocal tract's length, both at once. */
  tempo?: number;
  vocalTract?: number;
}

/** How an encoder goes on with labels. */
export interface Tuning {
  epochs: number;
  batchSize: number;
  schedule: Schedule;
  labelSmoothing: number;
  augmentation: Augmentation;
  /** How much what the teacher says of a clip, if there is one, counts beside its label. */
  teacher: number;
}

export interface Recipe {
  name: string;
  /** What it is for, one line. */
  summary: string;
  /** The corpora it is meant for; with other data it uses all there is. */
  corpora: readonly string[];
  emotions: readonly Emotion[];
  architecture: Architecture;
  epochs: number;
  /** Clips heard in an epoch, drawn anew for each so that small corpora count; not given: every clip once. */
  epochClips?: number;
  batchSize: number;
  optimizer: OptimizerOptions;
  /** `warmupSteps` counts steps. */
  schedule: Schedule;
  labelSmoothing: number;
  augmentation: Augmentation;
  /**
   * The network learns to say what a large speech encoder says of each frame (see `teachers/`), and no label is shown to
   * it; its heads are fitted to the labels afterwards. `none`: everything is done as if, but its encoder begins untaught, and
   * learns from labels alone.
   */
  teacher?: true | "none";
  /** With a teacher: what its heads hear of each clip, beside the clip as it is and recorded elsewhere. */
  views?: Views;
  /** With a teacher: what the encoder has learnt goes on with labels before the heads are fitted. Not given: it does not. */
  tuning?: Tuning;
  /** Share of the clips on which the checkpoint is chosen or, with a teacher, the confidence fitted before heads learn from them too. */
  validation: number;
  /** Window and hop of the exported model, in seconds. */
  window: number;
  hop: number;
}
