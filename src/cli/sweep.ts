// `undertone crossval --protocol`: recipes x seeds x folds, and their table. Knows options and lines, not runs.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  alsoTrainingOn,
  CorpusError,
  corporaOf,
  type Estimate,
  type Finished,
  MEASURED_CORPORA,
  OWN_CLASSES,
  type PartSummary,
  PROTOCOLS,
  type Protocol,
  readCorpora,
  type SweepSummary,
  summariseSweep,
  sweep,
  writeWhole,
} from "../training/index.ts";
import { columns } from "./card.ts";
import { EXIT, orWrongCall } from "./errors.ts";
import { counted, err, jsonLine, oneLine, out, percent, print, round, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";
import { scoreFields } from "./scores.ts";
import {
  nameProblems,
  provenance,
  recipeOf,
  runTraining,
  shellWord,
  stopOnInterrupt,
  wholeNumber,
} from "./training-data.ts";

interface Options {
  data: string;
  protocol: string;
  /** Numbers, joined by commas. */
  folds?: string;
  seeds?: number;
  /** Names, joined by commas, or `all`. */
  also?: string;
  out?: string;
  epochs?: number;
  jobs?: number;
  workers?: number;
  teacher?: string;
  cache?: string;
  json?: boolean;
}

export async function runProtocol(recipeNames: readonly string[], options: Options): Promise<void> {
  const { data, epochs, workers = 1, jobs = availableParallelism(), teacher, cache, json = false } = options;
  const dir = options.out ?? join("runs", "sweep");
  const recipes = [...new Set(recipeNames)].map(recipeOf);
  const protocol = protocolOf(options);
  const seeds = seedsOf(protocol, options.seeds);
  const folds = options.folds?.split(",").map(wholeNumber("--folds", 1));
  const ownClasses = OWN_CLASSES.filter((name) => protocol.classes.includes(name));
  const read = await orWrongCall(readCorpora(data, { ownClasses }), CorpusError);
  const needed = corporaOf(protocol);
  const used = read.clips.filter(({ corpus }) => needed.includes(corpus));
  const folders = new Set(used.map(({ file }) => topFolder(file)));
  const problems = read.problems.filter(({ file }) => folders.has(topFolder(file)));
  nameProblems(problems);

  const { signal, release } = stopOnInterrupt("stopping after these steps; what is done so far is kept");
  let progress = new Progress(0, "epochs");
  let epochsDone = 0;
  let started = 0;
  let total = 0;
  const finished = await runTraining(() =>
    sweep({
      ...{ recipes, protocol, clips: used, problems, seeds, folds, epochs, workers, jobs, out: dir, signal },
      ...{ teacher, cache },
      ...provenance(),
      command: commandOf(recipeNames, options),
      onPlan: (waiting, before) => {
        started = before;
        total = before + waiting.length;
        say(
          `${protocol.name}: ${protocol.title}\n` +
            `${counted(total, "run")} in ${shown(dir)}, ${before} of them finished before; ${jobs} at a time`,
        );
        progress = new Progress(
          waiting.reduce((sum, run) => sum + run.epochs, 0),
          "epochs",
        );
      },
      onStart: (run) => {
        started += 1;
        progress.clear();
        say(err.dim(`run ${started} of ${total}: ${nameOf(run)}`));
      },
      onEpoch: (run, epoch, uar) => {
        epochsDone += 1;
        progress.update(epochsDone, `${nameOf(run)}, epoch ${epoch}: validation UAR ${percent(uar)}`);
      },
      onDone: (run, { score }) => {
        progress.clear();
        say(`${nameOf(run)}: UAR ${percent(score.uar, 1)}, WA ${percent(score.wa, 1)}`);
      },
    }).finally(() => {
      progress.clear();
      release();
    }),
  );
  if (!finished) return;
  nameLost(finished);
  const summaries = summariseSweep(protocol, finished);
  for (const { recipe, scores, folds, allFolds } of summaries) {
    // A look at some folds is none for a card, and takes nothing from what all of them said.
    if (folds < allFolds) continue;
    const file = join(dir, recipe, `${protocol.name}.scores.json`);
    writeWhole(file, `${JSON.stringify({ scores }, null, 2)}\n`);
  }
  if (json) printJson(protocol, summaries, finished);
  else for (const line of report(protocol, summaries)) print(line);
}

function protocolOf({ protocol, also }: Options): Protocol {
  const named = PROTOCOLS.find(({ name }) => name === protocol)!;
  if (also === undefined) return named;
  return alsoTrainingOn(named, also === "all" ? MEASURED_CORPORA : also.split(","));
}

/** The protocol's own, or as many as are asked for. */
function seedsOf(protocol: Protocol, count: number | undefined): readonly number[] {
  if (count === undefined) return protocol.seeds;
  if (count < 3)
    say(err.yellow(`${counted(count, "seed")}: a figure to be told to others takes three or more`));
  return Array.from({ length: count }, (_, i) => protocol.seeds[i] ?? i + 1);
}

function commandOf(
  recipes: readonly string[],
  { data, protocol, also, folds, seeds, epochs, teacher }: Options,
): string {
  const words = [`undertone crossval ${recipes.join(" ")} --data ${shellWord(data)} --protocol ${protocol}`];
  for (const [option, value] of Object.entries({ also, folds, seeds, epochs, teacher })) {
    if (value !== undefined) words.push(`--${option} ${shellWord(String(value))}`);
  }
  return words.join(" ");
}

/** The corpus's folder in a data folder; "" where the data folder is the corpus. */
function topFolder(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}

function nameOf({ recipe, split, seed }: Finished["run"]): string {
  return `${recipe.name}, ${shown(split.heldOut)}, seed ${seed}`;
}

/** Clips that could not be heard, each once however many runs it was wanted in. */
function nameLost(finished: readonly Finished[]): void {
  const lost = new Map(
    finished.flatMap(({ result }) => result.leftOut.map(({ file, reason }) => [file, reason] as const)),
  );
  for (const [file, reason] of lost) say(`${err.red("left out")} ${shown(file)}: ${oneLine(reason)}`);
  if (lost.size > 0) process.exitCode = EXIT.someUnanswered;
}

function printJson(
  { name, classes }: Protocol,
  summaries: readonly SweepSummary[],
  finished: readonly Finished[],
): void {
  for (const { run, result } of finished) {
    const { recipe, unseen, heldOut, seed, epochs, chosenEpoch, score, card, commit } = result;
    const about = { recipe, protocol: name, unseen, held_out: heldOut, fold: run.fold, seed };
    const more = { epochs, chosen_epoch: chosenEpoch, warnings: card.warnings, folder: run.folder, commit };
    print(jsonLine({ ...about, ...scoreFields(score), ...more }));
  }
  for (const { recipe, seeds, folds, parts, wa, uar, ece, interval, commits } of summaries) {
    const matrix = parts.map((part) => ({
      ...{ unseen: part.unseen, held_out: part.heldOut, runs: part.runs, clips: part.clips },
      ...{ wa: estimateFields(part.wa), uar: estimateFields(part.uar), ece: round(part.ece, 4) },
      recall: classes.map((label) => (label in part.recall ? round(part.recall[label]!, 4) : null)),
      warnings: part.warnings,
    }));
    const mean = { wa: estimateFields(wa), uar: estimateFields(uar), ece: round(ece, 4), interval };
    print(jsonLine({ recipe, protocol: name, folds, seeds, ...mean, labels: classes, matrix, commits }));
  }
}

function estimateFields({ mean, low, high, spread }: Estimate) {
  const four = (value: number | null) => (value === null ? null : round(value, 4));
  return { mean: four(mean), low: four(low), high: four(high), spread: four(spread) };
}

function report(protocol: Protocol, summaries: readonly SweepSummary[]): string[] {
  return summaries.flatMap((summary) => [
    out.bold(`${summary.recipe} on ${protocol.name}`),
    ...columns(table(protocol, summary)).map((line) => `  ${line}`),
    `  ${out.bold(`UAR ${interval(summary.uar)}  WA ${interval(summary.wa)}`)}  ECE ${summary.ece.toFixed(3)}`,
    out.dim(`  ${summary.interval}; a part's interval is over its seeds`),
    ...warnings(summary.parts).map((warning) => `  ${out.yellow("!")} ${warning}`),
    ...(summary.commits.length > 1
      ? [`  ${out.yellow("!")} runs of several versions of this program: ${summary.commits.join(", ")}`]
      : []),
    ...(summary.folds < summary.allFolds
      ? [`  ${out.yellow("!")} ${summary.folds} of the protocol's ${summary.allFolds} folds`]
      : []),
    "",
  ]);
}

/** Rows: what is measured; columns: recall of each class it has. Where corpora are held out: the cross-corpus matrix. */
function table({ classes }: Protocol, { parts, uar, wa }: SweepSummary): string[][] {
  const recall = (part: PartSummary, label: string) =>
    label in part.recall ? (100 * part.recall[label]!).toFixed(0) : "";
  return [
    ["never heard", "clips", "runs", "UAR %", "WA %", ...classes],
    ...parts.map((part) => [
      ...[shorten(part.heldOut), String(part.clips), String(part.runs), cell(part.uar), cell(part.wa)],
      ...classes.map((label) => recall(part, label)),
    ]),
    [
      ...["mean", "", String(parts.reduce((sum, { runs }) => sum + runs, 0)), cell(uar), cell(wa)],
      ...classes.map((label) => {
        const having = parts.filter((part) => label in part.recall);
        const mean = having.reduce((sum, part) => sum + part.recall[label]!, 0) / having.length;
        return having.length > 0 ? (100 * mean).toFixed(0) : "";
      }),
    ],
  ];
}

const cell = ({ mean, low, high }: Estimate) =>
  (100 * mean).toFixed(1) +
  (low === null ? "" : ` (${(100 * low).toFixed(1)} to ${(100 * high!).toFixed(1)})`);

const interval = ({ mean, low, high }: Estimate) =>
  percent(mean, 1) + (low === null ? "" : ` (${percent(low, 1)} to ${percent(high!, 1)})`);

/** Many actors in one fold: `ravdess/02 05 14`. */
function shorten(heldOut: string): string {
  const names = heldOut.split(", ").map((name) => name.split("/"));
  const [first] = names;
  const one = names.length > 1 && names.every(([corpus, voice]) => voice && corpus === first![0]);
  return shown(one ? `${first![0]}/${names.map(([, voice]) => voice).join(" ")}` : heldOut);
}

/** What the parts are warned of, without counts and names, so that the same of several parts stands once. */
function warnings(parts: readonly PartSummary[]): string[] {
  const gist = (warning: string) => oneLine(warning.replace(/ \(.*\)/, "").replace(/^\d+ /, ""));
  const counts = new Map<string, number>();
  for (const part of parts) {
    for (const text of new Set(part.warnings.map(gist))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `in ${count} of ${counted(parts.length, "part")}: ${text}`);
}
