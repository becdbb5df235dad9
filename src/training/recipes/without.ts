// A recipe less something of it, to see what that is worth: by name, as `universal-without-colour`. Knows augmentations.
import type { Acoustics } from "../acoustics.ts";
import type { Augmentation } from "../augment.ts";
import type { Recipe } from "../recipe.ts";

/** What can be taken away, by name. */
const SWITCHES: Record<string, (augmentation: Augmentation) => Augmentation> = {
  speeds: (all) => ({ ...all, speeds: [1] }),
  tempo: ({ tempo: _, ...rest }) => rest,
  tract: ({ vocalTract: _, ...rest }) => rest,
  colour: ({ colour: _, ...rest }) => rest,
  noise: elsewhere("noise"),
  room: elsewhere("room"),
  line: elsewhere("line"),
};
function elsewhere(name: keyof Acoustics) {
  return (all: Augmentation): Augmentation =>
    all.acoustics ? { ...all, acoustics: { ...all.acoustics, [name]: undefined } } : all;
}

export const SWITCH_NAMES: readonly string[] = Object.keys(SWITCHES);

const BETWEEN = "-without-";

/** `NAME-without-SWITCH`, of a recipe that has it; undefined: `name` is none such. */
export function recipeWithout(name: string, recipes: readonly Recipe[]): Recipe | undefined {
  const at = name.indexOf(BETWEEN);
  const recipe = recipes.find((one) => at > 0 && one.name === name.slice(0, at));
  const less = SWITCHES[name.slice(at + BETWEEN.length)];
  if (!recipe || !less) return undefined;
  const { augmentation, tuning } = recipe;
  if (JSON.stringify(less(augmentation)) === JSON.stringify(augmentation)) return undefined;
  return {
    ...recipe,
    name,
    augmentation: less(augmentation),
    ...(tuning && { tuning: { ...tuning, augmentation: less(tuning.augmentation) } }),
  };
}
