// A score as lines of text (recall by emotion, what was taken for what) or as JSON. Knows scores, no models.
import type { ByGender, PartScore, Score } from "../training/index.ts";
import { bar, out, percent, round } from "./output.ts";

/** A score as the fields of a line of JSON; shares to four decimals. */
export function scoreFields(score: Score) {
  const { clips, confusion, labels, waAnswered } = score;
  const four = (value: number) => round(value, 4);
  return {
    clips,
    wa: four(score.wa),
    uar: four(score.uar),
    low: four(score.low),
    high: four(score.high),
    ece: four(score.ece),
    answered: four(score.answered),
    wa_answered: waAnswered === null ? null : four(waAnswered),
    recall: Object.fromEntries(Object.entries(score.recall).map(([label, value]) => [label, four(value)])),
    confusion,
    labels,
    confident: four(score.confident),
  };
}

/** What was measured of a corpus: the score, and in fields of their own those of genders and of known voices. */
export function partFields({ corpus, score, byGender, ...voices }: PartScore) {
  const { byAllClips: all, byAllClipsAndGender, voices: counted, byNeutralClips: neutral } = voices;
  return {
    corpus,
    ...scoreFields(score),
    ...genderFields(byGender, scoreFields),
    ...(all && {
      by_all_clips: {
        ...scoreFields(all),
        ...(counted && { voices_known: counted.known, speakers: counted.speakers }),
        ...genderFields(byAllClipsAndGender, scoreFields),
      },
    }),
    ...(neutral && {
      by_neutral_clips: {
        calibrated: scoreFields(neutral.calibrated),
        unknown: scoreFields(neutral.unknown),
      },
    }),
  };
}

/** What `read` makes of each gender, as a field of its own; none where nobody's is known. */
export function genderFields<T, R>(genders: ByGender<T> = {}, read: (one: T) => R) {
  const fields = Object.entries(genders).map(([gender, one]) => [gender, read(one)] as const);
  return fields.length > 0 ? { by_gender: Object.fromEntries(fields) } : {};
}

/** In words, where there are both: of one alone the whole tells. */
export function genderLine<T>({ F: women, M: men }: ByGender<T> = {}, read: (one: T) => string): string[] {
  return women !== undefined && men !== undefined ? [`women ${read(women)}, men ${read(men)}`] : [];
}

export function recallLines({ recall }: Score): string[] {
  const widest = Math.max(...Object.keys(recall).map((emotion) => emotion.length));
  return Object.entries(recall).map(
    ([emotion, value]) => `  ${emotion.padEnd(widest)} ${bar(value, 20)} ${percent(value, 1).padStart(7)}`,
  );
}

/** Rows: what the clips are; columns: what the model said. */
export function confusionLines({ confusion, labels }: Score): string[] {
  const widest = Math.max(...labels.map((label) => label.length));
  const cell = (value: string | number) => String(value).padStart(6);
  return [
    out.dim(
      `  ${"".padEnd(widest)} ${labels.map((label) => cell(label.slice(0, 5))).join("")}   (rows: the label; columns: the answer)`,
    ),
    ...confusion.map((row, i) => {
      const cells = row.map((n, j) => (i === j ? out.bold(cell(n)) : n ? cell(n) : out.dim(cell("."))));
      return `  ${labels[i].padEnd(widest)} ${cells.join("")}`;
    }),
  ];
}
