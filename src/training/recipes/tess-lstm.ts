// The original's recipe: MFCC, LSTM and dense layers, 50 epochs in batches of 64, the best validation accuracy kept.
import { tessLstm } from "../../models/index.ts";
import { EMOTIONS } from "../../speech/index.ts";
import { OTHER_VOICES } from "../augment.ts";
import type { Recipe } from "../recipe.ts";

export const tessLstmRecipe: Recipe = {
  name: "tess-lstm",
  summary: "the original's network on TESS: MFCC, two LSTM layers, dense layers",
  corpora: ["tess"],
  emotions: EMOTIONS,
  architecture: tessLstm,
  epochs: 50,
  batchSize: 64,
  optimizer: { kind: "adam", clipNorm: 5, averageDecay: 0 },
  schedule: { peak: 1e-3, warmupSteps: 32, shape: "cosine", floor: 0.01 },
  labelSmoothing: 0.1,
  augmentation: { speeds: OTHER_VOICES },
  validation: 0.1,
  window: 3,
  hop: 1.5,
};
