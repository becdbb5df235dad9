// Recipes by name.
import type { Recipe } from "../recipe.ts";
import { tessCnnRecipe } from "./tess-cnn.ts";
import { tessLstmRecipe } from "./tess-lstm.ts";
import { universalRecipe } from "./universal.ts";
import { universalTunedRecipe } from "./universal-tuned.ts";
import { recipeWithout } from "./without.ts";

export const RECIPES: readonly Recipe[] = [
  tessLstmRecipe,
  tessCnnRecipe,
  universalRecipe,
  universalTunedRecipe,
];

/** One of them, or one less a switch (`NAME-without-SWITCH`); undefined: there is none of that name. */
export function recipeNamed(name: string): Recipe | undefined {
  return RECIPES.find((one) => one.name === name) ?? recipeWithout(name, RECIPES);
}

export { SWITCH_NAMES } from "./without.ts";
