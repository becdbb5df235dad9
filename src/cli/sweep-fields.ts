// A sweep's runs and their summary as the fields of lines of JSON. Knows what they hold, not how it came about.
import type { Estimate, Figures, Finished, Protocol, SweepSummary } from "../training/index.ts";
import { round } from "./output.ts";
import { genderFields, partFields, scoreFields } from "./scores.ts";

export function runFields({ name }: Protocol, { run, result }: Finished) {
  const { recipe, unseen, heldOut, seed, epochs, chosenEpoch, score, parts, card, commit } = result;
  return {
    ...{ recipe, protocol: name, unseen, held_out: heldOut, fold: run.fold, seed },
    ...scoreFields(score),
    parts: parts.map(partFields),
    ...{ epochs, chosen_epoch: chosenEpoch, warnings: card.warnings, folder: run.folder, commit },
  };
}

export function summaryFields({ name, classes }: Protocol, summary: SweepSummary) {
  const { recipe, folds, seeds, rows, interval, parts, commits } = summary;
  const matrix = parts.map((part) => ({
    ...{ unseen: part.unseen, held_out: part.heldOut, runs: part.runs, clips: part.clips },
    ...figureFields(part),
    recall: classes.map((label) => (label in part.recall ? round(part.recall[label]!, 4) : null)),
    warnings: part.warnings,
  }));
  return {
    ...{ recipe, protocol: name, folds, seeds, rows, ...figureFields(summary), interval },
    ...{ labels: classes, matrix, commits },
  };
}

function figureFields({ wa, uar, confident, answered, ece, eceTogether, ...voices }: Figures) {
  const { byGender, byAllClips: all, byNeutralClips: neutral } = voices;
  return {
    ...{ wa: estimateFields(wa), uar: estimateFields(uar), confident: estimateFields(confident) },
    answered: estimateFields(answered.share),
    wa_answered: answered.wa && estimateFields(answered.wa),
    ece: round(ece, 4),
    ...(eceTogether !== undefined && { ece_together: round(eceTogether, 4) }),
    ...genderFields(byGender, estimateFields),
    ...(all && {
      by_all_clips: {
        ...{ wa: estimateFields(all.wa), uar: estimateFields(all.uar) },
        ...genderFields(all.byGender, estimateFields),
      },
    }),
    ...(neutral && {
      by_neutral_clips: {
        calibrated: estimateFields(neutral.calibrated),
        unknown: estimateFields(neutral.unknown),
        gain: estimateFields(neutral.gain),
      },
    }),
  };
}

function estimateFields({ mean, low, high, spread }: Estimate) {
  const four = (value: number | null) => (value === null ? null : round(value, 4));
  return { mean: four(mean), low: four(low), high: four(high), spread: four(spread) };
}
