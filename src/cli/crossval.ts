// `undertone crossval`: recipes, trained and measured once a fold. Knows options and lines, not splits.
import { join } from "node:path";
import { type Command, Option } from "commander";
import {
  type CrossvalResult,
  crossval,
  EXTRA_NAMES,
  type FoldResult,
  type Grouping,
  PROTOCOLS,
  RECIPES,
  SWITCH_NAMES,
  TrainingProgress,
  writeWhole,
} from "../training/index.ts";
import { commandLine } from "./command-line.ts";
import { UsageError } from "./errors.ts";
import { out as colors, counted, jsonLine, percent, print, round, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";
import { provenance } from "./provenance.ts";
import { confusionLines, recallLines, scoreFields } from "./scores.ts";
import { runProtocol } from "./sweep.ts";
import {
  DEFAULT_WORKERS,
  nameLeftOut,
  recipeOf,
  runTraining,
  stopOnInterrupt,
  trainingData,
  wholeNumber,
} from "./training-data.ts";

/** As they are called; which of them go together is for `run` to say. */
interface Call {
  data: string;
  by?: Grouping;
  protocol?: string;
  folds?: string;
  out?: string;
  epochs?: number;
  seed?: number;
  seeds?: number;
  also?: string;
  jobs?: number;
  workers?: number;
  teacher?: string;
  cache?: string;
  resume?: boolean;
  json?: boolean;
}

interface Options {
  data: string;
  by: Grouping;
  folds?: number;
  out?: string;
  epochs?: number;
  seed: number;
  workers: number;
  teacher?: string;
  cache?: string;
  resume?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command("crossval")
    .description("Train recipes once a fold, and measure each on what it never heard.")
    .argument("<recipes...>", RECIPES.map(({ name }) => name).join(" or "))
    .requiredOption("--data <dir>", "a folder of corpora, or one corpus")
    .addOption(
      new Option("--by <what>", "what a fold holds out, of whatever data there is").choices([
        ...["speaker", "corpus", "word", "random"],
      ]),
    )
    .addOption(
      new Option("--protocol <name>", "folds that are written down, to compare figures by (below)").choices(
        PROTOCOLS.map(({ name }) => name),
      ),
    )
    .option(
      "--folds <n>",
      "with --by: how many (default: one a speaker or corpus; one draw for word and random); " +
        "with --protocol: which, such as 1,3 (default: all)",
    )
    .option("--out <dir>", "a folder for the runs (default: runs/crossval-RECIPE-BY-SEED, or runs/sweep)")
    .option("--epochs <n>", "default: the recipe's", wholeNumber("--epochs", 1))
    .option("--seed <n>", "with --by: decides splits, first weights and order (1)", wholeNumber("--seed", 0))
    .option("--seeds <n>", "with --protocol: how many (3)", wholeNumber("--seeds", 1))
    .option(
      "--also <corpora>",
      "with --protocol: train on these whole corpora too, such as emodb,nemo, or all",
    )
    .option("--jobs <n>", "with --protocol: runs at a time (one a core)", wholeNumber("--jobs", 1))
    .option(
      "--workers <n>",
      `threads that share a batch (with --by ${DEFAULT_WORKERS}; with --protocol 1)`,
      wholeNumber("--workers", 1),
    )
    .option("--teacher <file>", "weights of the encoder that the recipe learns from (safetensors)")
    .option("--cache <dir>", "keeps features of clips, and what a teacher says of them, for other runs")
    .option("--resume", "with --by: keep the folds that are done, go on with the one that is not")
    .option("--json", "one line of JSON for each fold or run, then one for the mean")
    .addHelpText(
      "after",
      `
By speaker or by corpus, the model is measured on voices that it never heard; by word, on the same voices saying other
words; at random, on the same voices, words and day: that last one says how well it knows the people it was trained on,
and nothing about anybody else. The epoch is chosen on validation clips, never on what is measured.

Protocols, whose folds and validation voices are fixed, so that figures can be compared:
${PROTOCOLS.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join("\n")}

With --protocol, every recipe is trained with every seed on every fold, several at a time, and the table gives the mean
over all of them with its interval. A run that is finished is not trained again, one that was interrupted goes on: the
same call, as often as it takes. Another recipe, seed, epoch count or set of clips is another run.

What a part of a recipe is worth is seen without it: NAME-without-SWITCH is the recipe less ${SWITCH_NAMES.join(", ")}
(the last of a recipe that tunes: labels alone teach it then); what it does without is tried as NAME-with-EXTRA: ${EXTRA_NAMES.join(", ")}.
Several at once: NAME-without-tempo-without-tract.

Ctrl-C stops cleanly; with --by, --resume goes on, and does not train again what is done.

Exit codes: 0 every fold was measured on all its clips; 1 some clips could not be heard (each is named), or the run was
stopped or the disk is full (--resume goes on); 2 the call itself is wrong.

The scores.json in the output folder (RECIPE/PROTOCOL.scores.json, once all folds are done) goes into a model's card
with: undertone train ... --scores FILE

Examples:
  undertone crossval tess-lstm --data data/tess --by speaker
  undertone crossval tess-cnn --data data/tess --by word --folds 3 --json
  undertone crossval tess-lstm tess-cnn --data data --protocol ravdess-actors
  undertone crossval tess-cnn --data data --protocol corpora --folds 3 --seeds 1
  undertone crossval universal universal-without-noise --data data --protocol corpora --teacher T --epochs 4`,
    )
    .action(run);
}

/** Options that mean something in one of the two ways only. */
const ONLY = {
  by: ["seed", "resume"],
  protocol: ["seeds", "also", "jobs"],
} as const;

async function run(recipes: string[], call: Call): Promise<void> {
  const { by, protocol, workers = DEFAULT_WORKERS, seed = 1, folds, ...rest } = call;
  if ((by === undefined) === (protocol === undefined)) {
    throw new UsageError(
      `${by ? "--by and --protocol" : "neither --by nor --protocol"} given, expected one of them: ` +
        "what a fold holds out of your data, or a protocol whose folds are written down",
    );
  }
  const wrong = ONLY[by ? "protocol" : "by"].find((option) => call[option] !== undefined);
  if (wrong)
    throw new UsageError(
      `--${wrong} goes with ${by ? "--protocol" : "--by"}, not with --${by ? "by" : "protocol"}`,
    );
  if (protocol) return runProtocol(recipes, { ...call, protocol });
  const [recipe, another] = recipes;
  if (another)
    throw new UsageError(`recipes ${recipes.join(", ")} with --by, expected one; several go with --protocol`);
  const count = folds === undefined ? undefined : wholeNumber("--folds", 1)(folds);
  return runBy(recipe!, { ...rest, by: by!, workers, seed, ...(count && { folds: count }) });
}

async function runBy(recipeName: string, options: Options): Promise<void> {
  const { data, by, seed, workers, folds, teacher, cache, json = false } = options;
  const out = options.out ?? `runs/crossval-${recipeOf(recipeName).name}-${by}-${seed}`;
  const { recipe, clips, problems } = await trainingData(recipeName, data);
  const epochs = options.epochs ?? recipe.epochs;
  const { signal, release } = stopOnInterrupt("stopping after this step; what is done so far is kept");
  let decoding = new Progress(0, "clips decoded");
  let progress = new TrainingProgress(process.stderr, { epochs });
  const clear = () => {
    decoding.clear();
    progress.done();
  };
  const result = await runTraining(async () => {
    const done = await crossval({
      ...{ recipe, clips, problems, by, folds, out, epochs, seed, workers, signal, ...provenance() },
      ...{ teacher, cache },
      resume: options.resume ?? false,
      command: commandLine(["crossval", recipe.name], {
        ...{ data, by, seed, workers, teacher, folds, epochs: options.epochs },
      }),
      onFold: (fold, all, { protocol, heldOut, train, validation, test }) => {
        decoding = new Progress(train.length + validation.length, "clips decoded");
        progress = new TrainingProgress(process.stderr, { epochs });
        say(
          `fold ${fold} of ${all}: ${protocol}, held out ${shown(heldOut)}: ${train.length} clips to learn from, ${validation.length} to validate on, ${test.length} to measure`,
        );
      },
      onDecode: (done, total) => (done === total ? decoding.clear() : decoding.update(done)),
      onStep: (step) => progress.step(step),
      onEpoch: (record) => progress.epoch(record),
      onFoldDone: (fold) => {
        clear();
        nameLeftOut(fold.leftOut);
        if (json) print(jsonLine(foldLine(fold)));
        else for (const line of foldReport(fold)) print(line);
      },
    }).finally(() => {
      clear();
      release();
    });
    writeWhole(join(out, "scores.json"), `${JSON.stringify({ scores: done.scores }, null, 2)}\n`);
    return done;
  });
  if (!result) return;
  print(json ? jsonLine(meanLine(recipe.name, options, result)) : meanReport(result));
}

function foldLine({ protocol, heldOut, score, warnings }: FoldResult) {
  return { protocol, held_out: heldOut, ...scoreFields(score), warnings };
}

function meanLine(
  recipe: string,
  { by, seed }: Options,
  { folds, wa, uar, waSpread, uarSpread }: CrossvalResult,
) {
  const four = (value: number) => round(value, 4);
  return {
    ...{ recipe, by, folds: folds.length, seed, wa: four(wa), uar: four(uar) },
    ...{ wa_spread: four(waSpread), uar_spread: four(uarSpread) },
  };
}

function meanReport({ folds, wa, uar, waSpread, uarSpread }: CrossvalResult): string {
  return colors.bold(
    `mean of ${counted(folds.length, "fold")}: WA ${percent(wa, 2)}, UAR ${percent(uar, 2)} (spread ${percent(waSpread, 1)}, ${percent(uarSpread, 1)})`,
  );
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
