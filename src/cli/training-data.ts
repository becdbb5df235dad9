// What the training commands share: the recipe, the data, who is at work, and how a run is stopped. Trains nothing.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { ScoreCard } from "../speech/index.ts";
import {
  type Clip,
  CorpusError,
  type Problem,
  RECIPES,
  type Recipe,
  readCorpora,
  requireEmotions,
} from "../training/index.ts";
import { orWrongCall, UsageError } from "./errors.ts";
import { err, say, shown } from "./output.ts";

/** @throws UsageError naming the recipes there are */
export function recipeOf(name: string): Recipe {
  const recipe = RECIPES.find((one) => one.name === name);
  if (recipe) return recipe;
  const known = RECIPES.map((one) => `${one.name} (${one.summary})`).join("; ");
  throw new UsageError(`there is no recipe ${JSON.stringify(name)}; there are ${known}`);
}

/** A whole number from the command line. @throws UsageError */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`${name} is ${JSON.stringify(text)}, expected a whole number from ${least} on`);
  };
}

export const DEFAULT_WORKERS = availableParallelism();

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
  const problems = read.problems.filter(({ used: isUsed }) => !isUsed);
  for (const { file, message } of problems.slice(0, 5)) say(err.dim(`left out: ${shown(file)}: ${message}`));
  if (problems.length > 5)
    say(err.dim(`and ${problems.length - 5} more; "undertone corpora check" names them all`));
  const emotions = recipe.emotions.filter((emotion) => clips.some((clip) => clip.emotion === emotion));
  return { recipe: { ...recipe, emotions }, clips, problems };
}

/** Version and commit of this program, for the card. */
export function provenance(): { version: string; commit: string } {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
  try {
    const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return { version, commit: commit.trim() };
  } catch {
    return { version, commit: "not known" };
  }
}

/** Scores of earlier cross-validations, for the card. @throws UsageError */
export function readScores(files: readonly string[]): ScoreCard[] {
  return files.flatMap((file) => {
    try {
      return (JSON.parse(readFileSync(file, "utf8")) as { scores: ScoreCard[] }).scores;
    } catch (error) {
      throw new UsageError(
        `${JSON.stringify(file)} holds no scores (${(error as Error).message}); "undertone crossval" writes them`,
      );
    }
  });
}

/** Aborts at the first Ctrl-C, and says so; the second ends the process. */
export function stopOnInterrupt(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    say(
      `\n${err.yellow("stopping after this step; the best epoch so far is kept. Press Ctrl-C again to stop at once")}`,
    );
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const release = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  return { signal: controller.signal, release };
}

/** Runs a command's work; errors about its files become errors of the call, decoders are closed. */
export async function withDecoders<T>(work: () => Promise<T>): Promise<T> {
  const { closeDecoders } = await import("../audio/index.node.ts");
  try {
    return await work();
  } finally {
    await closeDecoders();
  }
}
