// `undertone train`: a recipe and a data folder become a run folder with a model. Knows options, not the loop.
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { FileError, RECIPES, randomSplit, TrainingProgress, train } from "../training/index.ts";
import { EXIT, orWrongCall } from "./errors.ts";
import { err, percent, print, say } from "./output.ts";
import { Progress } from "./progress.ts";
import {
  DEFAULT_WORKERS,
  provenance,
  readScores,
  recipeOf,
  stopOnInterrupt,
  trainingData,
  wholeNumber,
  withDecoders,
} from "./training-data.ts";

interface Options {
  data: string;
  out?: string;
  epochs?: number;
  seed: number;
  workers: number;
  resume?: boolean;
  scores: string[];
}

export function register(program: Command): void {
  program
    .command("train")
    .description(
      "Train a recipe on a data folder; write checkpoints, the model and a report into a run folder.",
    )
    .argument("<recipe>", RECIPES.map(({ name }) => name).join(" or "))
    .requiredOption("--data <dir>", "a folder of corpora, or one corpus (see: undertone help corpora)")
    .option("--out <dir>", "the run folder (default: runs/RECIPE-SEED)")
    .option(
      "--epochs <n>",
      "how often every clip is heard (default: the recipe's)",
      wholeNumber("--epochs", 1),
    )
    .option("--seed <n>", "decides the split, the first weights and the order", wholeNumber("--seed", 0), 1)
    .option("--workers <n>", "threads that share a batch", wholeNumber("--workers", 1), DEFAULT_WORKERS)
    .option("--resume", "go on with the run in --out where it stopped")
    .option("--scores <files...>", "scores.json of cross-validations, to stand in the model's card", [])
    .addHelpText(
      "after",
      `
Recipes:
${RECIPES.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join("\n")}

A tenth of the clips is kept apart to choose the best epoch. Such a score is measured on voices that the model knows:
"undertone crossval" measures it on voices that it never heard.

Ctrl-C stops cleanly and keeps the best epoch so far; --resume goes on. The same seed and the same number of workers
give the same weights, bit for bit, killed and resumed or not.

Examples:
  undertone train tess-lstm --data data/tess
  undertone train tess-cnn --data my-recordings/ --out runs/mine --epochs 20
  undertone train tess-lstm --data data/tess --resume`,
    )
    .action(run);
}

async function run(recipeName: string, options: Options): Promise<void> {
  const { data, seed, workers } = options;
  const out = options.out ?? `runs/${recipeOf(recipeName).name}-${seed}`;
  const { recipe, clips, problems } = await trainingData(recipeName, data);
  const split = randomSplit(clips, { seed, test: 0, validation: recipe.validation });
  const epochs = options.epochs ?? recipe.epochs;
  const { signal, release } = stopOnInterrupt();
  const decoding = new Progress(split.train.length + split.validation.length, "clips decoded");
  const progress = new TrainingProgress(process.stderr, { epochs });
  say(
    `${recipe.name}: ${split.train.length} clips to learn from, ${split.validation.length} to choose the epoch, ${workers} workers`,
  );
  try {
    const result = await withDecoders(() =>
      orWrongCall(
        train({
          ...{ recipe, split, problems, out, epochs, seed, workers, signal, ...provenance() },
          resume: options.resume ?? false,
          scores: readScores(options.scores),
          command: `undertone train ${recipe.name} --data ${data} --seed ${seed}${options.epochs ? ` --epochs ${epochs}` : ""}`,
          onDecode: (done, total) => (done === total ? decoding.clear() : decoding.update(done)),
          onStep: (step) => progress.step({ ...step, epoch: step.epoch + 1 }),
          onEpoch: (record) => progress.epoch(record),
        }),
        FileError,
      ),
    );
    progress.done();
    const here = (path: string) => relative(process.cwd(), resolve(path)) || ".";
    const { wa, low, high } = result.validation;
    print(`model       ${here(result.model)}`);
    print(`report      ${here(result.report)}`);
    print(
      `validation  ${percent(wa, 2)} (95 %: ${percent(low, 1)} to ${percent(high, 1)}) on ${result.validation.clips} clips of voices that it knows`,
    );
    print(`next        undertone evaluate ${here(result.model)} --data DIR`);
    if (result.interrupted) {
      say(err.yellow(`stopped after ${result.history.length} of ${epochs} epochs; go on with --resume`));
      process.exitCode = EXIT.someUnanswered;
    }
  } finally {
    release();
  }
}
