// The model that people get: all corpora at once, a large encoder as a teacher.
import { universal } from "../../models/index.ts";
import { EMOTIONS } from "../../speech/index.ts";
import type { Recipe } from "../recipe.ts";

export const universalRecipe: Recipe = {
  name: "universal",
  summary: "voices never heard, in any language: a small encoder that a large one has taught",
  corpora: ["tess", "ravdess", "emodb", "nemo", "ased", "banglaser", "turev-db", "emotiontts"],
  emotions: EMOTIONS,
  architecture: universal,
  epochs: 14,
  epochClips: 8000,
  batchSize: 24,
  optimizer: { kind: "adamw", weightDecay: 1e-2, clipNorm: 5, averageDecay: 0.99 },
  schedule: { peak: 1.5e-3, warmupSteps: 200, shape: "cosine", floor: 0.01 },
  labelSmoothing: 0,
  augmentation: {
    speeds: [1],
    crop: 1.92,
    acoustics: {
      noise: { often: 0.45, snr: [5, 30] },
      room: { often: 0.3, seconds: [0.15, 1], below: [-3, 12] },
      line: { often: 0.3 },
    },
  },
  teacher: true,
  views: { speeds: [0.87, 1.15], tempo: 0.12, vocalTract: 0.12 },
  validation: 0.1,
  window: 3,
  hop: 1.5,
};
