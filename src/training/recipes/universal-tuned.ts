// The recipe for voices like those that it learns from: the same encoder goes on with their labels.
import type { Recipe } from "../recipe.ts";
import { universalRecipe } from "./universal.ts";

export const universalTunedRecipe: Recipe = {
  ...universalRecipe,
  name: "universal-tuned",
  summary: "universal, whose encoder goes on with the labels: for new voices of corpora that it knows",
  tuning: {
    epochs: 10,
    batchSize: 24,
    schedule: { peak: 3e-4, warmupSteps: 30, shape: "cosine", floor: 0.01 },
    labelSmoothing: 0.1,
    augmentation: universalRecipe.augmentation,
    teacher: 1,
  },
};
