// A sweep's scores as a model card holds them: the mean, and each corpus. Knows rows and cards, no files.
import { type ScoreCard, weakestProtocol } from "../speech/index.ts";
import type { PartScore } from "./measure.ts";
import type { Score } from "./metrics.ts";
import type { Protocol } from "./protocols/index.ts";
import { errorOver, meanRecall, type Parts, valuesOf } from "./sweep-figures.ts";
import type { Row, Rows } from "./sweep-rows.ts";
import { average, estimate } from "./sweep-statistics.ts";

type About = Pick<ScoreCard, "protocol" | "heldOut">;
type Choice = (part: PartScore) => Score | undefined;

const UNKNOWN: Choice = ({ score }) => score;
const BY_ALL_CLIPS: Choice = ({ byAllClips }) => byAllClips;

/** The mean first. After it, by fold: the corpora that are held out; by corpus: every one, calibrated voices after unknown. */
export function scoreCardsOf(protocol: Protocol, all: Rows): ScoreCard[] {
  const { kind, rows } = all;
  const runs = rows.flatMap((row) => row.runs);
  const mean: About = {
    protocol: protocolOf(runs, protocol),
    heldOut: meanOf(runs, protocol.folds.length),
  };
  if (kind === "folds") {
    const each = rows
      .filter(({ unseen }) => unseen.startsWith("unseen corpus"))
      .flatMap((row) => cardOf({ protocol: row.unseen, heldOut: row.name }, [row], row, UNKNOWN));
    return [...cardOf(mean, rows, all, UNKNOWN), ...each];
  }
  const each = rows.flatMap((row) => {
    const folds = protocol.folds.filter(({ test }) => test.some(({ corpus }) => corpus === row.name));
    const about: About = {
      protocol: protocolOf(row.runs, protocol),
      heldOut: meanOf(row.runs, folds.length),
    };
    return bothWays(about, [row], row);
  });
  return [...bothWays(mean, rows, all), ...each];
}

/** What was unseen in every run, for a language may be new in one and not in another; and by which folds. */
function protocolOf(runs: Row["runs"], { name }: Protocol): string {
  return `${weakestProtocol(runs.map(({ result }) => result.unseen))}: ${name}`;
}

function bothWays(about: About, rows: readonly Row[], of: Parts): ScoreCard[] {
  const heldOut = `${about.heldOut}, voice calibrated by all clips`;
  return [...cardOf(about, rows, of, UNKNOWN), ...cardOf({ ...about, heldOut }, rows, of, BY_ALL_CLIPS)];
}

/** @param allFolds how many there are for what was measured, of which runs may be of some */
function meanOf(runs: readonly Row["runs"][number][], allFolds: number): string {
  const folds = new Set(runs.map(({ run }) => run.fold)).size;
  const seeds = new Set(runs.map(({ run }) => run.seed)).size;
  return `mean of ${folds}${folds < allFolds ? ` of ${allFolds}` : ""} folds x ${seeds} seeds`;
}

/**
 * One card; none where `pick` finds nothing. The interval of several rows is over them. One row has the people of its test
 * part: theirs is the bootstrap over speakers, or over clips where one speaks, of the seeds and folds the mean bounds.
 */
function cardOf(about: About, rows: readonly Row[], { draws, seeds }: Parts, pick: Choice): ScoreCard[] {
  const having = rows.filter((row) => row.draws.flat(2).some(pick));
  if (having.length === 0) return [];
  const over = (read: (score: Score) => number) =>
    valuesOf(draws, (part) => {
      const score = pick(part);
      return score && read(score);
    });
  const wa = estimate(over((score) => score.wa));
  const scoresOf = (parts: readonly PartScore[]) => parts.flatMap((part) => pick(part) ?? []);
  const clips = having.flatMap((row) => scoresOf(row.seeds[0]!)).map((score) => score.clips);
  const corpora = seeds.flat().flatMap((part) => (pick(part) ? part.corpus : []));
  const warnings = having.flatMap((row) => row.runs.flatMap(({ result }) => result.card.warnings));
  const bound = (name: "low" | "high") =>
    (rows.length > 1 ? wa[name] : null) ?? average(over((score) => (score.bySpeaker ?? score)[name]));
  return [
    {
      ...about,
      corpus: [...new Set(corpora)].sort().join(", "),
      clips: clips.reduce((sum, some) => sum + some, 0),
      wa: wa.mean,
      uar: average(over((score) => score.uar)),
      ece: errorOver(seeds, pick),
      recall: meanRecall(
        having.map((row) => meanRecall(scoresOf(row.draws.flat(2)).map((score) => score.recall))),
      ),
      ...{ low: bound("low"), high: bound("high") },
      warnings: [...new Set(warnings)],
    },
  ];
}
