// Recipes by name.
import type { Recipe } from "../recipe.ts";
import { tessCnnRecipe } from "./tess-cnn.ts";
import { tessLstmRecipe } from "./tess-lstm.ts";
import { universalRecipe } from "./universal.ts";
import { universalTunedRecipe } from "./universal-tuned.ts";

export const RECIPES: readonly Recipe[] = [
  tessLstmRecipe,
  tessCnnRecipe,
  universalRecipe,
  universalTunedRecipe,
];
