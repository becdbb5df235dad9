// `undertone crossval`: a recipe, trained and measured once a fold. Knows options and lines, not splits.
import { join } from "node:path";
import { type Command, Option } from "commander";
import {
  crossval,
  FileError,
  type FoldResult,
  type Grouping,
  RECIPES,
  TrainingProgress,
  writeWhole,
} from "../training/index.ts";
import { orWrongCall, UsageError } from "./errors.ts";
import { out as colors, jsonLine, percent, print, round, say } from "./output.ts";
import { confusionLines, recallLines } from "./scores.ts";
import {
  DEFAULT_WORKERS,
  provenance,
  recipeOf,
  stopOnInterrupt,
  trainingData,
  wholeNumber,
  withDecoders,
} from "./training-data.ts";

interface Options {
  data: string;
  by: Grouping;
  folds?: number;
  out?: string;
  epochs?: number;
  seed: number;
  workers: number;
  resume?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command("crossval")
    .description("Train a recipe once a fold, and measure each on what it never heard.")
    .argument("<recipe>", RECIPES.map(({ name }) => name).join(" or "))
    .requiredOption("--data <dir>", "a folder of corpora, or one corpus")
    .addOption(
      new Option("--by <what>", "what a fold holds out")
        .choices(["speaker", "corpus", "word", "random"])
        .makeOptionMandatory(),
    )
    .option(
      "--folds <n>",
      "how many (default: one a speaker or corpus; one draw for word and random)",
      wholeNumber("--folds", 1),
    )
    .option("--out <dir>", "a folder for the runs (default: runs/crossval-RECIPE-BY-SEED)")
    .option("--epochs <n>", "default: the recipe's", wholeNumber("--epochs", 1))
    .option("--seed <n>", "decides splits, first weights and order", wholeNumber("--seed", 0), 1)
    .option("--workers <n>", "threads that share a batch", wholeNumber("--workers", 1), DEFAULT_WORKERS)
    .option("--resume", "keep the folds that are done, go on with the one that is not")
    .option("--json", "one line of JSON for each fold, then one for the mean")
    .addHelpText(
      "after",
      `
By speaker or by corpus, the model is measured on voices that it never heard; by word, on the same voices saying other
words; at random, on the same voices, words and day: that last one says how well it knows the people it was trained on,
and nothing about anybody else. The epoch is chosen on validation clips, never on what is measured.

scores.json in the output folder goes into a model's card with: undertone train ... --scores FILE

Examples:
  undertone crossval tess-lstm --data data/tess --by speaker
  undertone crossval tess-cnn --data data/tess --by word --folds 3 --json`,
    )
    .action(run);
}

async function run(recipeName: string, options: Options): Promise<void> {
  const { data, by, seed, workers, folds, json = false } = options;
  const out = options.out ?? `runs/crossval-${recipeOf(recipeName).name}-${by}-${seed}`;
  const { recipe, clips, problems } = await trainingData(recipeName, data);
  const epochs = options.epochs ?? recipe.epochs;
  const { signal, release } = stopOnInterrupt();
  let progress = new TrainingProgress(process.stderr, { epochs });
  try {
    const result = await withDecoders(() =>
      orWrongCall(
        crossval({
          ...{ recipe, clips, problems, by, folds, out, epochs, seed, workers, signal, ...provenance() },
          resume: options.resume ?? false,
          command: `undertone crossval ${recipe.name} --data ${data} --by ${by} --seed ${seed}`,
          onFold: (fold, all, split) => {
            progress = new TrainingProgress(process.stderr, { epochs });
            say(
              `fold ${fold} of ${all}: ${split.protocol}, held out ${split.heldOut}: ${split.train.length} clips to learn from, ${split.validation.length} to choose the epoch, ${split.test.length} to measure`,
            );
          },
          onStep: (step) => progress.step({ ...step, epoch: step.epoch + 1 }),
          onFoldDone: (fold) => {
            progress.done();
            if (json) print(jsonLine(foldLine(fold)));
            else for (const line of foldReport(fold)) print(line);
          },
        }),
        FileError,
        RangeError,
      ),
    );
    if (!result.folds.length) throw new UsageError(`${data} has nothing to hold out by ${by}`);
    writeWhole(join(out, "scores.json"), `${JSON.stringify({ scores: result.scores }, null, 2)}\n`);
    const { wa, uar, waSpread, uarSpread } = result;
    if (json)
      print(
        jsonLine({
          recipe: recipe.name,
          by,
          folds: result.folds.length,
          seed,
          wa: round(wa, 4),
          uar: round(uar, 4),
          wa_spread: round(waSpread, 4),
          uar_spread: round(uarSpread, 4),
        }),
      );
    else
      print(
        colors.bold(
          `mean of ${result.folds.length} folds: WA ${percent(wa, 2)}, UAR ${percent(uar, 2)} (spread ${percent(waSpread, 1)}, ${percent(uarSpread, 1)})`,
        ),
      );
  } finally {
    release();
  }
}

function foldLine({ protocol, heldOut, score, warnings }: FoldResult) {
  const { wa, uar, low, high, ece, recall, confusion, labels, clips } = score;
  return { protocol, held_out: heldOut, clips, wa, uar, low, high, ece, recall, confusion, labels, warnings };
}

function foldReport({ protocol, heldOut, score, warnings }: FoldResult): string[] {
  return [
    `${colors.bold(`${protocol}, ${heldOut}`)}  ${score.clips} clips`,
    `  WA ${percent(score.wa, 2)} (95 %: ${percent(score.low, 1)} to ${percent(score.high, 1)})  UAR ${percent(score.uar, 2)}  ECE ${score.ece.toFixed(3)}`,
    ...recallLines(score),
    ...confusionLines(score),
    ...warnings.map((warning) => `  ${colors.yellow("!")} ${warning}`),
    "",
  ];
}
