// `undertone train`: a recipe and a data folder become a run folder with a model. Knows options, not the loop.
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import {
  CorpusError,
  RECIPES,
  randomSplit,
  type Split,
  strangersChoose,
  TrainingProgress,
  type TrainResult,
  train,
  VALIDATION_VOICES,
} from "../training/index.ts";
import { commandLine, shellWord } from "./command-line.ts";
import { EXIT, orWrongCall } from "./errors.ts";
import { err, percent, print, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { provenance } from "./provenance.ts";
import {
  DEFAULT_WORKERS,
  nameLeftOut,
  readScores,
  recipeOf,
  runTraining,
  stopOnInterrupt,
  trainingData,
  wholeNumber,
} from "./training-data.ts";

interface Options {
  data: string;
  out?: string;
  epochs?: number;
  seed: number;
  workers: number;
  resume?: boolean;
  teacher?: string;
  cache?: string;
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
    .option("--teacher <file>", "weights of the encoder that the recipe learns from (safetensors)")
    .option("--cache <dir>", "keeps features of clips, and what a teacher says of them, for other runs")
    .option("--scores <files...>", "scores.json of cross-validations, to stand in the model's card", [])
    .addHelpText(
      "after",
      `
Recipes:
${RECIPES.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join("\n")}

A tenth of the clips is kept apart to choose the best epoch; for universal, clips of other voices, which say how sure
its answers may be, and are learnt from when that is known. The score on them is no measure: "undertone crossval" measures on voices that are heard once, at the end.

Ctrl-C stops cleanly and keeps the best epoch so far; --resume goes on. The same seed and the same number of workers
give the same weights, bit for bit, killed and resumed or not.

With UNDERTONE_DEVICE=cuda the steps run on an NVIDIA card; it needs onnxruntime-node's CUDA libraries, which its npm package
does not bring along, and CUDA and cuDNN of their version. Weights are then not those of a processor bit for bit.

The run folder holds config.json, history.json, checkpoints/, model.onnx, card.md, evaluation.json and report.html.

Exit codes: 0 trained on every clip; 1 some clips could not be heard (each is named), or the run was stopped or the
disk is full (what was written stays whole, and --resume goes on); 2 the call itself is wrong.

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
  const scores = readScores(options.scores);
  const { recipe, clips, problems } = await trainingData(recipeName, data);
  const epochs = options.epochs ?? recipe.epochs;
  const split = await orWrongCall(
    (async () =>
      recipe.architecture.voice
        ? strangersChoose(clips, VALIDATION_VOICES, { seed, validation: recipe.validation })
        : randomSplit(clips, { seed, test: 0, validation: recipe.validation }))(),
    CorpusError,
  );
  const { signal, release } = stopOnInterrupt("stopping after this step; the best epoch so far is kept");
  say(
    `${recipe.name}: ${split.train.length} clips to learn from, ${split.validation.length} ${recipe.teacher ? "to fit its confidence to" : "to choose the epoch"}, ${workers} workers`,
  );
  const decoding = new Progress(split.train.length + split.validation.length, "clips decoded");
  const progress = new TrainingProgress(process.stderr, { epochs });
  const result = await runTraining(() =>
    train({
      ...{ recipe, split, problems, out, epochs, seed, workers, signal, scores, ...provenance() },
      ...{ resume: options.resume ?? false, teacher: options.teacher, cache: options.cache },
      command: commandLine(["train", recipe.name], {
        ...{ data, seed, workers, teacher: options.teacher, epochs: options.epochs },
        scores: options.scores,
      }),
      onDecode: (done, total) => (done === total ? decoding.clear() : decoding.update(done)),
      onStep: (step) => progress.step(step),
      onEpoch: (record) => progress.epoch(record),
    }).finally(() => {
      decoding.clear();
      progress.done();
      release();
    }),
  );
  if (!result) return;
  nameLeftOut(result.leftOut);
  for (const line of summary(result, split)) print(line);
  if (result.interrupted) {
    say(err.yellow(`stopped after ${result.history.length} of ${epochs} epochs; go on with --resume`));
    process.exitCode = EXIT.someUnanswered;
  }
}

function summary({ model, report, validation }: TrainResult, { validationBy }: Split): string[] {
  const here = (path: string) => relative(process.cwd(), resolve(path));
  const { wa, low, high, clips } = validation;
  const whose = validationBy === "speaker" ? "that it had not trained on" : "that it knows";
  return [
    `model       ${here(model)}`,
    `report      ${here(report)}`,
    `validation  ${percent(wa, 2)} (95 %: ${percent(low, 1)} to ${percent(high, 1)}) on ${clips} clips of voices ${whose}`,
    `next        undertone evaluate ${shellWord(here(model))} --data DIR`,
  ];
}
