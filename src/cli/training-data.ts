// What the training commands share: the recipe, the data, and how a run is stopped. Trains nothing.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseCard, type ScoreCard, unknownCard } from "../speech/index.ts";
import {
  type Clip,
  CorpusError,
  EXTRA_NAMES,
  FileError,
  type LeftOut,
  type Problem,
  RECIPES,
  type Recipe,
  RunError,
  readCorpora,
  recipeNamed,
  requireEmotions,
  StoppedError,
  SWITCH_NAMES,
} from "../training/index.ts";
import { EXIT, orWrongCall, UsageError } from "./errors.ts";
import { err, oneLine, say, shown } from "./output.ts";

/** @throws UsageError naming the recipes there are */
export function recipeOf(name: string): Recipe {
  const recipe = recipeNamed(name);
  if (recipe) return recipe;
  const known = RECIPES.map((one) => `${one.name} (${one.summary})`).join("; ");
  throw new UsageError(
    `there is no recipe ${JSON.stringify(name)}; there are ${known}; and each of them less something that it has, ` +
      `NAME-without-SWITCH: ${SWITCH_NAMES.join(", ")}, or with something more, NAME-with-EXTRA: ${EXTRA_NAMES.join(", ")}`,
  );
}

/** A whole number from the command line. @throws UsageError */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`${name} is ${JSON.stringify(text)}, expected a whole number from ${least} on`);
  };
}

/** A batch of 64 in more parts than this costs more than it gains, and batch normalisation hears too few clips each. */
const MOST_WORKERS = 8;
export const DEFAULT_WORKERS = Math.min(MOST_WORKERS, availableParallelism());

export interface TrainingData {
  recipe: Recipe;
  clips: Clip[];
  problems: Problem[];
}

/**
 * The clips of `dir` that a recipe is for, or all where it holds none of those; with the emotions that they have.
 * @throws UsageError where there is nothing to learn
 */
export async function trainingData(recipeName: string, dir: string): Promise<TrainingData> {
  const recipe = recipeOf(recipeName);
  const read = await orWrongCall(readCorpora(dir), CorpusError);
  const meant = read.corpora.filter(({ name }) => recipe.corpora.includes(name));
  const used = meant.length ? meant : read.corpora;
  if (!meant.length && used.length) {
    const names = used.map(({ name }) => name).join(", ");
    say(err.dim(`${recipe.name} is made for ${recipe.corpora.join(", ")}; here it learns from ${names}`));
  }
  const names = new Set(used.map(({ name }) => name));
  const clips = read.clips.filter(({ corpus }) => names.has(corpus));
  await orWrongCall(
    Promise.resolve().then(() => requireEmotions({ ...read, corpora: used, clips }, dir, 2)),
    CorpusError,
  );
  nameProblems(read.problems);
  const emotions = recipe.emotions.filter((emotion) => clips.some((clip) => clip.emotion === emotion));
  return { recipe: { ...recipe, emotions }, clips, problems: read.problems };
}

/**
 * Says which files of a data folder are not used, and why: lost recordings one by one, and what is left out on purpose
 * (another label, standing there twice) once a reason, since there may be hundreds.
 */
export function nameProblems(problems: readonly Problem[]): void {
  const unused = problems.filter(({ used }) => !used);
  const lost = unused.filter(isLost);
  for (const { file, message } of lost) say(`${err.red("left out")} ${shown(file)}: ${oneLine(message)}`);
  const onPurpose = Map.groupBy(
    unused.filter((problem) => !isLost(problem)),
    ({ kind, message }) => (kind === "duplicate" ? kind : message),
  );
  for (const [{ file, message }, ...others] of onPurpose.values()) {
    const more = others.length ? ` and ${others.length} more` : "";
    say(err.dim(`left out ${shown(file)}${more}: ${oneLine(message)}`));
  }
  if (lost.length) process.exitCode = EXIT.someUnanswered;
}

/** Whether there should have been a recording, so that an input has no answer. */
function isLost({ kind }: Problem): boolean {
  return kind === "undecodable" || kind === "missing";
}

/** Names clips that could not be heard; then not every input was answered. */
export function nameLeftOut(leftOut: readonly LeftOut[]): void {
  for (const { clip, reason } of leftOut)
    say(`${err.red("left out")} ${shown(clip.file)}: ${oneLine(reason)}`);
  if (leftOut.length) process.exitCode = EXIT.someUnanswered;
}

/** Scores of earlier cross-validations, for the card. @throws UsageError */
export function readScores(files: readonly string[]): ScoreCard[] {
  return files.flatMap((file) => {
    try {
      const { scores } = JSON.parse(readFileSync(file, "utf8")) as { scores: ScoreCard[] };
      // Read as a card's scores are: one that a reader of the model would refuse is refused here.
      return parseCard(JSON.stringify({ ...unknownCard(file), scores })).scores;
    } catch (error) {
      throw new UsageError(
        `${JSON.stringify(file)} holds no scores (${(error as Error).message}); "undertone crossval" writes them`,
      );
    }
  });
}

/** Aborts at the first Ctrl-C, and says `what` happens now; the second ends the process. */
export function stopOnInterrupt(what: string): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // As if nobody had listened: to exit in order would wait for threads, which ONNX Runtime does not survive.
      release();
      process.kill(process.pid, signal);
      return;
    }
    say(`\n${err.yellow(`${what}. Press Ctrl-C again to stop at once`)}`);
    controller.abort();
  };
  const release = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, release };
}

/** Runs a command's work; the decoders are closed behind it. */
export async function withDecoders<T>(work: () => Promise<T>): Promise<T> {
  const { closeDecoders } = await import("../audio/index.node.ts");
  try {
    return await work();
  } finally {
    await closeDecoders();
  }
}

/**
 * Runs a training command's work. What ends it on the way (Ctrl-C, a full disk) is said, with how to go on, and gives
 * `undefined`.
 * @throws UsageError where the data or the run folder cannot be used as they are
 */
export async function runTraining<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withDecoders(() => orWrongCall(work(), CorpusError, RunError));
  } catch (error) {
    if (error instanceof StoppedError) say(err.yellow(error.message));
    else if (error instanceof FileError) {
      say(`${err.red("undertone:")} ${oneLine(error.message)}; put that right, then go on with --resume`);
    } else throw error;
    process.exitCode = EXIT.someUnanswered;
    return undefined;
  }
}
