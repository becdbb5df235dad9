// A recipe less something of it, or with something that it does without, to see what that is worth: by name, as
// `universal-without-tempo`. Knows recipes, no data.
import type { Acoustics } from "../acoustics.ts";
import type { Augmentation } from "../augment.ts";
import type { Recipe, Views } from "../recipe.ts";
import { canonical } from "../recipe-hash.ts";

/** What can be taken away, by name. */
const SWITCHES: Record<string, (recipe: Recipe) => Recipe> = {
  speeds: ({ views, ...recipe }) =>
    views
      ? { ...recipe, views: { ...views, speeds: [] } }
      : augmented((all) => ({ ...all, speeds: [1] }))(recipe),
  tempo: viewed(({ tempo: _, ...rest }) => rest),
  tract: viewed(({ vocalTract: _, ...rest }) => rest),
  noise: elsewhere("noise"),
  room: elsewhere("room"),
  line: elsewhere("line"),
  teacher: untaught,
};

/** What can be added. `masks` are two of each, as Park et al. have them, and narrower. */
const EXTRAS: Record<string, (recipe: Recipe) => Recipe> = {
  masks: augmented((all) => ({
    ...all,
    timeMasks: { count: 2, share: 0.15 },
    bandMasks: { count: 2, bands: 12 },
  })),
};

/** What a recipe tunes with is changed too. */
function augmented(change: (augmentation: Augmentation) => Augmentation) {
  return ({ augmentation, tuning, ...recipe }: Recipe): Recipe => ({
    ...{ ...recipe, augmentation: change(augmentation) },
    ...(tuning && { tuning: { ...tuning, augmentation: change(tuning.augmentation) } }),
  });
}

function viewed(change: (views: Views) => Views) {
  return ({ views, ...recipe }: Recipe): Recipe => ({ ...recipe, ...(views && { views: change(views) }) });
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
export const EXTRA_NAMES: readonly string[] = Object.keys(EXTRAS);

/** `NAME-without-SWITCH`, of a recipe that has it, or `NAME-with-EXTRA`, also one after the other; undefined: `name` is none such. */
export function variationNamed(name: string, recipes: readonly Recipe[]): Recipe | undefined {
  const [, base, how, what] = /^(.+)-(with|without)-([a-z]+)$/.exec(name) ?? [];
  const recipe = recipes.find((one) => one.name === base) ?? (base && variationNamed(base, recipes));
  const change = (how === "with" ? EXTRAS : SWITCHES)[what ?? ""];
  if (!recipe || !change) return undefined;
  const other = change(recipe);
  return canonical(other) === canonical(recipe) ? undefined : { ...other, name };
}
