// What a protocol is: who trains, who chooses the checkpoint, who is measured. Data; knows names, no clips.
import type { ClassName } from "../corpora/index.ts";

/** Voices of one corpus. Plain data rather than a function, so that a protocol can be read, compared and hashed. */
export interface Voices {
  corpus: string;
  /** As the corpus calls them, such as `OAF`; not given: all of them but `except`. */
  only?: readonly string[];
  except?: readonly string[];
  /** Of these voices only these classes; not given: the protocol's. */
  classes?: readonly ClassName[];
}

/**
 * What chooses the checkpoint: voices that are in no other part; or, where there are too few voices to give one away,
 * sentences of the training voices that are not trained on, drawn by the seed.
 */
export type Validation = { voices: readonly Voices[] } | { sentences: number };

export interface Fold {
  /** What is measured, such as `tess/YAF`. */
  name: string;
  /** What the model has never heard of the test part: `Split.protocol` is `unseen ...`. */
  unseen: "speaker" | "corpus" | "corpus and language";
  train: readonly Voices[];
  validation: Validation;
  test: readonly Voices[];
}

export interface Protocol {
  /** As `--protocol` takes it: `ravdess-actors`. */
  name: string;
  /** One line for people. */
  title: string;
  /** What the answer is chosen from, in the order of the model's outputs. */
  classes: readonly ClassName[];
  folds: readonly Fold[];
  /** Three at least: a figure of one seed is an anecdote. */
  seeds: readonly number[];
}

export const SEEDS: readonly number[] = [1, 2, 3];

/** Every corpus that a protocol needs, sorted. */
export function corporaOf({ folds }: Protocol): string[] {
  const all = folds.flatMap(({ train, validation, test }) => [
    ...[...train, ...test, ...("voices" in validation ? validation.voices : [])],
  ]);
  return [...new Set(all.map(({ corpus }) => corpus))].sort();
}
