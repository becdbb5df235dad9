// Recipes by name.
import type { Recipe } from "../recipe.ts";
import { tessCnnRecipe } from "./tess-cnn.ts";
import { tessLstmRecipe } from "./tess-lstm.ts";
import { universalRecipe } from "./universal.ts";
import { universalTunedRecipe } from "./universal-tuned.ts";
import { variationNamed } from "./variations.ts";

export const RECIPES: readonly Recipe[] = [
  tessLstmRecipe,
  tessCnnRecipe,
  universalRecipe,
  universalTunedRecipe,
];

/** One of them, or one less a switch or with an extra (`NAME-without-SWITCH`, `NAME-with-EXTRA`); undefined: there is none of that name. */
export function recipeNamed(name: string): Recipe | undefined {
  return RECIPES.find((one) => one.name === name) ?? variationNamed(name, RECIPES);
}

export { EXTRA_NAMES, SWITCH_NAMES } from "./variations.ts";
