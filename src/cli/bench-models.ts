// `undertone bench conditions` and `voice`: models on voices that they never heard. Knows options and lines, measures nothing.
import type { Command } from "commander";
import { conditionsBench, machine, UnseenError, voicesBench } from "../bench/index.ts";
import { ModelError } from "../recognizer/index.node.ts";
import { CorpusError } from "../training/index.ts";
import { machineLine, type Row, summary, table } from "./bench-tables.ts";
import { orWrongCall } from "./errors.ts";
import { modelPath } from "./models.ts";
import { err, jsonLine, oneLine, out, print, say } from "./output.ts";
import { Progress } from "./progress.ts";
import { wholeNumber } from "./training-data.ts";

const CLIPS = 400;
const SPEAKERS = 12;

interface Options {
  data: string;
  clips: number;
  speakers: number;
  seed: number;
  json?: boolean;
}

/** @param bench the command `bench`, whose own these are */
export function registerOfModels(bench: Command): void {
  ofModels(bench, "conditions", conditionsBench)
    .description(
      "Measure how much a model loses where the recording is worse, on voices that it never heard.",
    )
    .requiredOption("--data <dir>", "a folder of corpora; noise/ in it is the noise that is heard")
    .option(
      "--clips <n>",
      "clips for each model, drawn evenly over its corpora",
      wholeNumber("--clips", 1),
      CLIPS,
    )
    .option("--seed <n>", "which clips, noises and rooms are drawn", wholeNumber("--seed", 0), 1)
    .addHelpText(
      "after",
      `
Conditions, each made of the clip at 16 kHz: as it is; MP3 at 32 and Opus at 12 kbit/s, encoded and decoded by node-av, else
by ffmpeg on PATH; a telephone's band, rate and mu-law; noise 15 dB below the clip's power, from the data folder's noise/,
else pink; a room of 0.6 s; 20 dB quieter and louder.

The clips are those of speakers whom the model's card does not name, neither for training nor for validation. A model that
learnt from every voice has none: measure the models of a cross-validation's folds instead. UAR and WA are means over
corpora, each offered its own emotions, then over models.

Examples:
  undertone bench conditions runs/mine/model.onnx --data data
  undertone bench conditions runs/folds/*/model.onnx --data data --clips 200 --json`,
    );
  ofModels(bench, "voice", voicesBench)
    .description("Measure how many clips of a voice it takes to know it, on voices that a model never heard.")
    .requiredOption("--data <dir>", "a folder of corpora")
    .option("--speakers <n>", "speakers of each corpus, at most", wholeNumber("--speakers", 1), SPEAKERS)
    .option("--seed <n>", "which speakers and clips are drawn", wholeNumber("--seed", 0), 1)
    .addHelpText(
      "after",
      `
A speaker is calibrated by 1, 2, 4, 8 and 16 clips whose emotions nobody says, then by 1, 2 and 4 neutral ones; what is measured
is others of the same speaker, the same whatever their number. Speakers with fewer clips are left out. Voices are unseen as
in "bench conditions": measure the models of a cross-validation's folds. UAR is the mean over corpora and models, each
offered its corpus's emotions.

Examples:
  undertone bench voice runs/folds/*/model.onnx --data data`,
    );
}

/** What reports of models while it measures them. */
type ModelsBench = (
  options: Options & {
    models: string[];
    onProgress(what: string): void;
    onClip(done: number, total: number): void;
    onMissing(why: string): void;
  },
) => AsyncIterable<Row>;

function ofModels(bench: Command, name: string, measure: ModelsBench): Command {
  return (
    bench
      .command(name)
      .argument("<model...>", "model files (.onnx): each is measured on its own unseen voices, and averaged")
      .option("--json", "one measurement a line, nothing else on standard output")
      // "--json" may stand on either side of the name.
      .action((models: string[], options: Options, command: Command) =>
        run(measure, models, { ...options, json: Boolean(command.optsWithGlobals().json) }),
      )
  );
}

async function run(measure: ModelsBench, models: string[], { json, ...options }: Options): Promise<void> {
  const here = machine();
  if (json) print(jsonLine(here));
  else print(machineLine(here));
  let progress: Progress | undefined;
  const saying = (line: string) => {
    progress?.clear();
    say(line);
  };
  const measuring = async () => {
    const rows: Row[] = [];
    const bench = measure({
      ...{ models: models.map(modelPath), ...options },
      onProgress(what) {
        saying(err.dim(oneLine(what)));
        progress = undefined;
      },
      onClip(done, total) {
        progress ??= new Progress(total, "clips");
        progress.update(done);
      },
      onMissing: (why) => saying(`${err.yellow("left out:")} ${oneLine(why)}`),
    });
    for await (const row of bench) {
      rows.push(row);
      if (json) print(jsonLine(row));
    }
    return rows;
  };
  const rows = await orWrongCall(
    measuring().finally(() => progress?.clear()),
    ...[UnseenError, CorpusError, ModelError],
  );
  if (json) return;
  for (const own of Map.groupBy(rows, (row) => row.bench).values()) {
    const [title, ...lines] = table(own);
    for (const line of ["", out.bold(title!), ...lines, ...summary(own).flatMap((line) => ["", line])])
      print(line);
  }
}
