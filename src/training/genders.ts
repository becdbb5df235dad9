// Women's clips and men's apart, where a corpus says whose they are, so that each gets a score. Knows clips, no scores.
import type { Clip } from "./corpora/index.ts";

export const GENDERS = ["F", "M"] as const;
export type ByGender<T> = Partial<Record<(typeof GENDERS)[number], T>>;

/** What `read` says of each gender's clips; of one that has none, or that the corpus does not name, nothing. */
export function byGender<T extends { clip: Clip }, R>(all: readonly T[], read: (own: T[]) => R): ByGender<R> {
  const groups = Map.groupBy(all, ({ clip }) => clip.gender);
  return Object.fromEntries(
    GENDERS.flatMap((gender) => {
      const own = groups.get(gender);
      return own ? [[gender, read(own)]] : [];
    }),
  );
}
