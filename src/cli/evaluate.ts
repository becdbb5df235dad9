// `undertone evaluate`: a model file, measured on a data folder. Knows options and lines, not scores.
import type { Command } from "commander";
import { modelId } from "../recognizer/index.node.ts";
import {
  CorpusError,
  evaluate,
  findLeaksOfModel,
  type Measured,
  readCorpora,
  requireEmotions,
  type Score,
} from "../training/index.ts";
import { EXIT, orWrongCall } from "./errors.ts";
import { loadModel } from "./models.ts";
import { err, jsonLine, out, percent, print, round, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";
import { confusionLines, recallLines } from "./scores.ts";
import { stopOnInterrupt, withDecoders } from "./training-data.ts";

interface Options {
  data: string;
  json?: boolean;
  open?: boolean;
}

export function register(program: Command): void {
  program
    .command("evaluate")
    .description("Measure a model on a data folder, corpus by corpus.")
    .argument("<model>", "a model file (.onnx)")
    .requiredOption("--data <dir>", "a folder of corpora, or one corpus")
    .option("--json", "one line of JSON for each corpus")
    .option("--open", "offer all the model's emotions, also those that a corpus does not have")
    .addHelpText(
      "after",
      `
WA is the share of clips answered rightly; UAR is the mean of the recalls of the emotions, so that a rare emotion counts
as much as a frequent one. The interval is a 95 % bootstrap over clips. ECE is the mean gap between confidence and
accuracy. Where the model has heard a voice that it is measured on, the result says so.

Exit codes: 0 every clip was scored; 1 some could not be heard (each is named); 2 the call itself is wrong.

Examples:
  undertone evaluate models/tess-lstm.onnx --data data/ravdess
  undertone evaluate runs/mine/model.onnx --data my-recordings/ --json`,
    )
    .action(run);
}

async function run(model: string, { data, json = false, open = false }: Options): Promise<void> {
  const read = await orWrongCall(readCorpora(data), CorpusError);
  await orWrongCall(
    Promise.resolve().then(() => requireEmotions(read, data, 1)),
    CorpusError,
  );
  for (const { file, message, used } of read.problems) {
    if (!used) say(err.dim(`left out: ${shown(file)}: ${message}`));
  }
  const recognizer = await loadModel(model);
  const { signal, release } = stopOnInterrupt();
  try {
    await withDecoders(async () => {
      for (const { name } of read.corpora) {
        const mine = read.clips.filter((clip) => clip.corpus === name);
        const known = mine.filter((clip) => recognizer.card.emotions.includes(clip.emotion));
        if (known.length < mine.length) {
          say(
            `${name}: ${mine.length - known.length} clips have an emotion that the model does not know; they are not scored`,
          );
        }
        if (!known.length) continue;
        const progress = new Progress(known.length, `clips of ${name}`);
        const onProgress = (done: number) => progress.update(done);
        const measured = await evaluate(recognizer, known, { open, onProgress, signal }).finally(() =>
          progress.clear(),
        );
        const warnings = findLeaksOfModel(recognizer.card, known);
        if (json) print(jsonLine(resultLine(modelId(recognizer.card), name, measured.score, warnings)));
        else for (const line of report(name, measured.score, warnings)) print(line);
        nameLeftOut(measured);
      }
    });
  } finally {
    release();
    await recognizer.dispose();
  }
}

function nameLeftOut({ leftOut }: Measured): void {
  for (const { clip, reason } of leftOut) say(`${err.red("not scored")} ${shown(clip.file)}: ${reason}`);
  if (leftOut.length) process.exitCode = EXIT.someUnanswered;
}

function resultLine(model: string, corpus: string, score: Score, warnings: string[]) {
  const four = (value: number) => round(value, 4);
  return {
    ...{ model, corpus, clips: score.clips },
    ...{
      wa: four(score.wa),
      uar: four(score.uar),
      low: four(score.low),
      high: four(score.high),
      ece: four(score.ece),
    },
    answered: four(score.answered),
    wa_answered: score.waAnswered === null ? null : four(score.waAnswered),
    recall: Object.fromEntries(
      Object.entries(score.recall).map(([emotion, value]) => [emotion, four(value)]),
    ),
    confusion: score.confusion,
    labels: score.labels,
    warnings,
  };
}

function report(corpus: string, score: Score, warnings: string[]): string[] {
  const answered = score.waAnswered === null ? "" : `, of which ${percent(score.waAnswered, 2)} right`;
  return [
    out.bold(`${corpus}  ${score.clips} clips`),
    `  WA   ${percent(score.wa, 2)}  (95 %: ${percent(score.low, 2)} to ${percent(score.high, 2)})`,
    `  UAR  ${percent(score.uar, 2)}`,
    `  ECE  ${score.ece.toFixed(3)}`,
    `  answered above the model's threshold: ${percent(score.answered, 1)}${answered}`,
    ...recallLines(score),
    ...confusionLines(score),
    ...warnings.map((warning) => `  ${out.yellow("!")} ${warning}`),
    "",
  ];
}
