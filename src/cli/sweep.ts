// `undertone crossval --protocol`: recipes x seeds x folds, and their table. Knows options and lines, not runs.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  alsoTrainingOn,
  CorpusError,
  corporaOf,
  type Finished,
  MEASURED_CORPORA,
  OWN_CLASSES,
  PROTOCOLS,
  type Protocol,
  readCorpora,
  summariseSweep,
  sweep,
  writeWhole,
} from "../training/index.ts";
import { commandLine } from "./command-line.ts";
import { EXIT, orWrongCall } from "./errors.ts";
import { counted, err, jsonLine, oneLine, percent, print, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";
import { provenance } from "./provenance.ts";
import { runFields, summaryFields } from "./sweep-fields.ts";
import { sweepLines } from "./sweep-table.ts";
import { nameProblems, recipeOf, runTraining, stopOnInterrupt, wholeNumber } from "./training-data.ts";

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
  const needed = corporaOf(protocol);
  const clipsOf = (classes: readonly (typeof OWN_CLASSES)[number][]) =>
    orWrongCall(readCorpora(data, { ownClasses: classes }), CorpusError);
  const read = await clipsOf(ownClasses);
  const used = read.clips.filter(({ corpus }) => needed.includes(corpus));
  // An encoder learns from more than the protocol measures and its heads are fitted to.
  const unlabelled = recipes.some((recipe) => recipe.teacher) ? (await clipsOf(OWN_CLASSES)).clips : [];
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
      ...{
        recipes,
        protocol,
        clips: used,
        unlabelled,
        problems,
        seeds,
        folds,
        epochs,
        workers,
        jobs,
        out: dir,
        signal,
      },
      ...{ teacher, cache },
      ...provenance(),
      command: commandLine(["crossval", ...recipeNames], {
        ...{ data, protocol: options.protocol, also: options.also, folds: options.folds },
        ...{ seeds: options.seeds, epochs: options.epochs, teacher },
      }),
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
      onEncoder: (run) => {
        progress.clear();
        say(err.dim(`encoder: ${counted(run.encoder!.clips.length, "clip")}, seed ${run.seed}`));
      },
      onStart: (run) => {
        started += 1;
        progress.clear();
        say(err.dim(`run ${started} of ${total}: ${nameOf(run)}`));
      },
      onEpoch: (run, epoch, uar) => {
        epochsDone += 1;
        progress.update(
          epochsDone,
          `${nameOf(run)}, epoch ${epoch}${uar === null ? "" : `: validation UAR ${percent(uar)}`}`,
        );
      },
      onDone: (run, { parts }) => {
        progress.clear();
        for (const { corpus, score } of parts) {
          const of = parts.length > 1 ? `, ${corpus}` : "";
          say(`${nameOf(run)}${of}: UAR ${percent(score.uar, 1)}, WA ${percent(score.wa, 1)}`);
        }
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
  if (json) {
    for (const one of finished) print(jsonLine(runFields(protocol, one)));
    for (const summary of summaries) print(jsonLine(summaryFields(protocol, summary)));
  } else for (const line of sweepLines(protocol, summaries)) print(line);
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
