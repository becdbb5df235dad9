// The convolutional network that the original's authors left for later, trained as their LSTM is.
import { tessCnn } from "../../models/index.ts";
import { EMOTIONS } from "../../speech/index.ts";
import { OTHER_VOICES } from "../augment.ts";
import type { Recipe } from "../recipe.ts";

export const tessCnnRecipe: Recipe = {
  name: "tess-cnn",
  summary: "a convolutional network on TESS: log-mel as a picture, four blocks, attention",
  corpora: ["tess"],
  emotions: EMOTIONS,
  architecture: tessCnn,
  epochs: 50,
  batchSize: 64,
  optimizer: { kind: "adamw", weightDecay: 1e-2, clipNorm: 5, averageDecay: 0 },
  schedule: { peak: 2e-3, warmupSteps: 32, shape: "cosine", floor: 0.01 },
  labelSmoothing: 0.1,
  augmentation: { speeds: OTHER_VOICES },
  validation: 0.1,
  window: 3,
  hop: 1.5,
};
