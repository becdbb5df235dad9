// A recipe less something of it, to see what that is worth: by name, as `universal-without-colour`. Knows recipes, no data.
import type { Acoustics } from "../acoustics.ts";
import type { Augmentation } from "../augment.ts";
import type { Recipe } from "../recipe.ts";
import { canonical } from "../recipe-hash.ts";

/** What can be taken away, by name. */
const SWITCHES: Record<string, (recipe: Recipe) => Recipe> = {
  speeds: augmented((all) => ({ ...all, speeds: [1] })),
  tempo: augmented(({ tempo: _, ...rest }) => rest),
  tract: augmented(({ vocalTract: _, ...rest }) => rest),
  colour: augmented(({ colour: _, ...rest }) => rest),
  noise: elsewhere("noise"),
  room: elsewhere("room"),
  line: elsewhere("line"),
  teacher: untaught,
};

/** What a recipe tunes with loses it too. */
function augmented(less: (augmentation: Augmentation) => Augmentation) {
  return ({ augmentation, tuning, ...recipe }: Recipe): Recipe => ({
    ...{ ...recipe, augmentation: less(augmentation) },
    ...(tuning && { tuning: { ...tuning, augmentation: less(tuning.augmentation) } }),
  });
}

function elsewhere(name: keyof Acoustics) {
  return augmented((all) =>
    all.acoustics ? { ...all, acoustics: { ...all.acoustics, [name]: undefined } } : all,
  );
}

/** Nothing is known to begin with, so that labels are heard more often, and at the rate at which an encoder learns. */
const UNTAUGHT_EPOCHS = 40;

function untaught(recipe: Recipe): Recipe {
  const { tuning, schedule } = recipe;
  if (!tuning) return recipe;
  return { ...recipe, teacher: "none", tuning: { ...tuning, epochs: UNTAUGHT_EPOCHS, schedule } };
}

export const SWITCH_NAMES: readonly string[] = Object.keys(SWITCHES);

const BETWEEN = "-without-";

/** `NAME-without-SWITCH`, of a recipe that has it; undefined: `name` is none such. */
export function recipeWithout(name: string, recipes: readonly Recipe[]): Recipe | undefined {
  const at = name.indexOf(BETWEEN);
  const recipe = recipes.find((one) => at > 0 && one.name === name.slice(0, at));
  const less = SWITCHES[name.slice(at + BETWEEN.length)];
  if (!recipe || !less) return undefined;
  const other = less(recipe);
  return canonical(other) === canonical(recipe) ? undefined : { ...other, name };
}
