// `undertone evaluate`: a model file, measured on a data folder. Knows options and lines, not scores.
import type { Command } from "commander";
import { modelId } from "../recognizer/index.node.ts";
import {
  CorpusError,
  findLeaksOfModel,
  measureParts,
  type PartScore,
  readCorpora,
  requireEmotions,
  type Score,
} from "../training/index.ts";
import { EXIT, orWrongCall, UsageError } from "./errors.ts";
import { loadModel } from "./models.ts";
import { counted, jsonLine, out, percent, print, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";
import { confusionLines, genderLine, partFields, recallLines } from "./scores.ts";
import { nameLeftOut, nameProblems, stopOnInterrupt, withDecoders } from "./training-data.ts";

interface Options {
  data: string;
  json?: boolean;
  open?: boolean;
  voices?: boolean;
}

export function register(program: Command): void {
  program
    .command("evaluate")
    .description("Measure a model on a data folder, corpus by corpus.")
    .argument("<model>", "a model file (.onnx)")
    .requiredOption("--data <dir>", "a folder of corpora, or one corpus")
    .option("--json", "one line of JSON for each corpus")
    .option("--open", "offer all the model's emotions, also those that a corpus does not have")
    .option("--voices", "also know the voices: each speaker calibrated by his clips, as --voice does")
    .addHelpText(
      "after",
      `
WA is the share of clips answered rightly; UAR is the mean of the recalls of the emotions, so that a rare emotion counts
as much as a frequent one. Answers are chosen among the emotions that the corpus has; --open offers all. The interval is a 95 %
bootstrap over clips. ECE is the mean gap between confidence and accuracy. Each clip is heard in one piece, where "analyze"
hears utterance by utterance, and counts also where "analyze" would be uncertain; how many it would answer is
told beside. Where a corpus says who is a woman and who a man, UAR is told of both, over the emotions that each has. Where the model has heard
a voice that it is measured on, by the names of corpus and speaker, the result says so.

With --voices every speaker is also heard with his voice known: by all of his clips without their labels, the measured
one among them, as published work does; and by his neutral clips, which are then not scored. A voice takes four clips.

In JSON, "low" and "high" are the interval of WA, "confident" is the WA of the 70 % most confident answers, and
"by_all_clips" and "by_neutral_clips" are what --voices adds.

Exit codes: 0 every clip with a known label was scored; 1 some could not be heard (each is named); 2 the call itself is wrong, or not one
clip could be scored.

Examples:
  undertone evaluate models/tess-lstm.onnx --data data/ravdess
  undertone evaluate models/universal.onnx --data my-recordings/ --voices
  undertone evaluate runs/mine/model.onnx --data my-recordings/ --json`,
    )
    .action(run);
}

async function run(
  model: string,
  { data, json = false, open = false, voices = false }: Options,
): Promise<void> {
  const read = await orWrongCall(readCorpora(data), CorpusError);
  await orWrongCall(
    Promise.resolve().then(() => requireEmotions(read, data, 1)),
    CorpusError,
  );
  nameProblems(read.problems);
  const recognizer = await loadModel(model);
  let scored = 0;
  const { signal, release } = stopOnInterrupt("stopping; this corpus is not measured to its end");
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
        const measuring = measureParts(recognizer, known, { voices, open, onProgress, signal });
        const { parts, leftOut } = await measuring.finally(() => progress.clear());
        nameLeftOut(leftOut);
        const [part] = parts;
        if (!part) continue;
        const lost = new Set(leftOut.map(({ clip }) => clip));
        const heard = known.filter((clip) => !lost.has(clip));
        const warnings = [
          ...findLeaksOfModel(recognizer.card, heard),
          ...(part.score.labels.length === 1 ? [ONE_EMOTION] : []),
          ...(voices ? strangers(part) : []),
        ];
        if (json) print(jsonLine({ model: modelId(recognizer.card), ...partFields(part), warnings }));
        else for (const line of report(part, recognizer.card.emotions.length, warnings)) print(line);
        scored++;
      }
    });
    if (!scored) {
      throw new UsageError(
        `no clip of ${shown(data)} could be scored; "undertone corpora check" says what is in it`,
      );
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    process.exitCode = EXIT.someUnanswered;
  } finally {
    release();
    await recognizer.dispose();
  }
}

const ONE_EMOTION =
  "there is one emotion, and nothing else to choose: this is no score; --open offers all that the model knows";

function strangers({ voices }: PartScore): string[] {
  if (!voices) {
    return [
      "no voice is known: nobody who is named has four clips or more; a manifest.csv with a column speaker names them",
    ];
  }
  const { known, speakers } = voices;
  if (known === speakers) return [];
  return [`${known} of ${speakers} voices are known; the others have fewer than four clips`];
}

/** @param emotions how many the model knows */
function report({ corpus, score, ...apart }: PartScore, emotions: number, warnings: string[]): string[] {
  const { labels } = score;
  const among =
    labels.length < emotions ? `, each to be one of its ${counted(labels.length, "emotion")}` : "";
  return [
    out.bold(`${corpus}  ${score.clips} clips${among}`),
    `  WA   ${percent(score.wa, 2)}  (95 %: ${percent(score.low, 2)} to ${percent(score.high, 2)})`,
    `  UAR  ${percent(score.uar, 2)}`,
    ...genderLine(apart.byGender, uarOf).map((line) => `       ${line}`),
    `  ECE  ${score.ece.toFixed(3)}`,
    `  sure enough to answer: ${answeredOf(score)}`,
    ...recallLines(score),
    ...confusionLines(score),
    ...voiceLines(apart),
    ...warnings.map((warning) => `  ${out.yellow("!")} ${warning}`),
    "",
  ];
}

const uarOf = ({ uar, clips }: Score) => `${percent(uar, 2)} (${clips} clips)`;

function answeredOf({ answered, waAnswered }: Score): string {
  return `${percent(answered, 1)}${waAnswered === null ? "" : `, of which ${percent(waAnswered, 2)} right`}`;
}

function voiceLines({ byAllClips: all, ...apart }: Omit<PartScore, "corpus" | "score">): string[] {
  const { byAllClipsAndGender, byNeutralClips: neutral } = apart;
  return [
    ...(all
      ? [
          "  with each voice known by all of its clips:",
          `    WA ${percent(all.wa, 2)}  UAR ${percent(all.uar, 2)}  ECE ${all.ece.toFixed(3)}`,
          ...genderLine(byAllClipsAndGender, uarOf).map((line) => `    ${line}`),
          `    sure enough to answer: ${answeredOf(all)}`,
        ]
      : []),
    ...(neutral
      ? [
          `  with each voice known by its neutral clips, on the other ${neutral.calibrated.clips}:`,
          `    UAR ${percent(neutral.calibrated.uar, 2)}, where it is ${percent(neutral.unknown.uar, 2)} without`,
        ]
      : []),
  ];
}
