// The figures of runs: what is averaged within a run or a seed, and then estimated over them. Knows scores, no runs.
import { type ByGender, GENDERS } from "./genders.ts";
import type { PartScore } from "./measure.ts";
import { calibrationError, type Score } from "./metrics.ts";
import { average, type Estimate, estimate } from "./sweep-statistics.ts";

export interface Figures {
  wa: Estimate;
  uar: Estimate;
  /** Accuracy of the 70 % most confident answers. */
  confident: Estimate;
  /** Share of clips that the model is sure enough to answer, and the accuracy of these answers. */
  answered: { share: Estimate; wa: Estimate | null };
  /** Of a seed's answers in all folds together, which are of strangers in each; the mean over corpora, then over seeds. */
  ece: number;
  /** Of several corpora: of all answers together, where what is too sure of one makes up for what is too unsure of another. */
  eceTogether?: number;
  /** UAR of women and of men, over the parts that have such; where corpora say who is which. */
  byGender?: ByGender<Estimate>;
  /** Where voices were calibrated by all clips of a speaker. */
  byAllClips?: { wa: Estimate; uar: Estimate; byGender?: ByGender<Estimate> };
  /** Where they were by his neutral clips: UARs of the others, with and without, and by how much they differ. */
  byNeutralClips?: { calibrated: Estimate; unknown: Estimate; gain: Estimate };
}

/**
 * What counts as one value of an estimate: other people, a fold or a corpus. Of each group (a seed) the scores whose mean
 * stands for it; the value is the mean over the groups. Where a single fold or corpus is estimated, each seed is a draw.
 */
export type Draw = readonly (readonly PartScore[])[];

/** What is estimated: the draws; and the same parts seed by seed, for what is of all answers of a model together. */
export interface Parts {
  draws: readonly Draw[];
  seeds: readonly (readonly PartScore[])[];
}

/** One value a draw; of draws, groups and parts that have none, none. */
export function valuesOf(draws: readonly Draw[], read: (part: PartScore) => number | undefined): number[] {
  const meanOfSome = (values: readonly number[]) => (values.length > 0 ? [average(values)] : []);
  return draws.flatMap((draw) =>
    meanOfSome(draw.flatMap((parts) => meanOfSome(parts.flatMap((part) => read(part) ?? [])))),
  );
}

export function figuresOf({ draws, seeds }: Parts): Figures {
  const over = (read: (part: PartScore) => number | undefined) => valuesOf(draws, read);
  const parts = draws.flat(2);
  return {
    wa: estimate(over(({ score }) => score.wa)),
    uar: estimate(over(({ score }) => score.uar)),
    confident: estimate(over(({ score }) => score.confident)),
    answered: {
      share: estimate(over(({ score }) => score.answered)),
      wa: estimateOfSome(over(({ score }) => score.waAnswered ?? undefined)),
    },
    ece: errorOver(seeds, ({ score }) => score),
    ...(new Set(parts.map(({ corpus }) => corpus)).size > 1 && {
      eceTogether: average(seeds.map((own) => calibrationError(own.map(({ score }) => score.reliability)))),
    }),
    ...(parts.some(({ byGender }) => byGender) && { byGender: gendersOf(over, (part) => part.byGender) }),
    ...(parts.some(({ byAllClips }) => byAllClips) && {
      byAllClips: {
        wa: estimate(over(({ byAllClips }) => byAllClips?.wa)),
        uar: estimate(over(({ byAllClips }) => byAllClips?.uar)),
        ...(parts.some(({ byAllClipsAndGender }) => byAllClipsAndGender) && {
          byGender: gendersOf(over, (part) => part.byAllClipsAndGender),
        }),
      },
    }),
    ...(parts.some(({ byNeutralClips }) => byNeutralClips) && {
      byNeutralClips: {
        calibrated: estimate(over(({ byNeutralClips }) => byNeutralClips?.calibrated.uar)),
        unknown: estimate(over(({ byNeutralClips }) => byNeutralClips?.unknown.uar)),
        gain: estimate(
          over(({ byNeutralClips: of }) => of && of.calibrated.uar - of.unknown.uar),
          [-1, 1],
        ),
      },
    }),
  };
}

/** `null` where nothing has a value. */
function estimateOfSome(values: readonly number[]): Estimate | null {
  return values.length > 0 ? estimate(values) : null;
}

function gendersOf(
  over: (read: (part: PartScore) => number | undefined) => number[],
  scores: (part: PartScore) => ByGender<Score> | undefined,
): ByGender<Estimate> {
  return Object.fromEntries(
    GENDERS.flatMap((gender) => {
      const own = estimateOfSome(over((part) => scores(part)?.[gender]?.uar));
      return own ? [[gender, own]] : [];
    }),
  );
}

/**
 * Calibration error of each corpus, over a seed's answers of all folds together; the mean over the corpora, then over the
 * seeds. Answers of several seeds' models are not pooled: nobody has several, and the errors of one would hide another's.
 */
export function errorOver(
  seeds: readonly (readonly PartScore[])[],
  read: (part: PartScore) => Score | undefined,
): number {
  const errors = seeds.flatMap((parts) => {
    const byCorpus = [...Map.groupBy(parts, ({ corpus }) => corpus).values()];
    const scores = byCorpus
      .map((own) => own.flatMap((part) => read(part) ?? []))
      .filter((own) => own.length > 0);
    if (scores.length === 0) return [];
    return average(scores.map((own) => calibrationError(own.map(({ reliability }) => reliability))));
  });
  return average(errors);
}

/** Of every class the mean over those that have it. */
export function meanRecall(recalls: readonly Score["recall"][]): Record<string, number> {
  const classes = [...new Set(recalls.flatMap((recall) => Object.keys(recall)))].sort();
  return Object.fromEntries(
    classes.map((name) => [name, average(recalls.flatMap((recall) => recall[name] ?? []))]),
  );
}
