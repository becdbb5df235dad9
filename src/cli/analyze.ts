// `undertone analyze`: files and folders in, how each sounds out, as it comes. Knows no model from inside.
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { AudioError } from "../audio/index.ts";
import {
  analyzeFile,
  modelId,
  parseVoice,
  type Recognizer,
  type Voice,
  VoiceError,
} from "../recognizer/index.node.ts";
import { type Answer, asCsv, asJson, forPeople } from "./answers.ts";
import { shellWord } from "./command-line.ts";
import { EXIT, orWrongCall, UsageError } from "./errors.ts";
import { type Input, inOrder, soundFiles } from "./inputs.ts";
import { loadModel } from "./models.ts";
import { clock, err, oneLine, print, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";

/** Files in work at once: decoders run beside the network, and a short file costs no waiting. */
const AHEAD = 4;

interface Options {
  model?: string;
  timeline?: boolean;
  json?: boolean;
  csv?: boolean;
  voice?: string;
}

export function register(program: Command): void {
  program
    .command("analyze")
    .description(
      "Say how the voice in each file sounds, how sure that is, and how good the recording is. Folders are walked; " +
        "answers come in the order of the names, as they are ready.",
    )
    .argument("<file|dir...>", "sound or video files of any usual format, and folders of them")
    .option("--model <file>", "the model to hear with (default: the one that ships)")
    .option("--timeline", "also how it changes over time")
    .addOption(new Option("--json", "one object a line, nothing else on standard output").conflicts("csv"))
    .addOption(new Option("--csv", "a table; with --timeline a row for each stretch"))
    .option("--voice <file>", 'the speaker\'s calibration for this model, made by "undertone voice"')
    .addHelpText(
      "after",
      `
"uncertain" is an answer: silence, too short, nobody speaks, unlike all that the model was trained on, or a
confidence below the threshold on the model's card. The confidence is of the likeliest emotion. This estimates
how a voice sounds to listeners; it does not know what anyone feels.

Examples:
  undertone analyze interview.mp3 --timeline
  undertone analyze calls/ more.wav --json | jq -r 'select(.emotion == "angry").file'
  undertone analyze calls/ --csv > calls.csv
  undertone analyze today.wav --voice me.json     "undertone help voice" tells how to make one

In the JSON "voice" names the file of --voice, where one is given.

Exit codes: 0 every file was answered; 1 some were not (each is named on standard error, with the reason, and in
the JSON as "error"); 2 the call itself is wrong.`,
    )
    .action(analyze);
}

async function analyze(paths: string[], options: Options): Promise<void> {
  const recognizer = await loadModel(options.model);
  const voice = options.voice === undefined ? undefined : await readVoice(options.voice, recognizer);
  const writer = options.json
    ? asJson(options.voice)
    : options.csv
      ? asCsv(recognizer.card.emotions, Boolean(options.timeline))
      : forPeople;

  const progress = new Progress(process.stderr.isTTY ? await count(paths) : 0, "files");
  let done = 0;
  const answer = async (input: Input): Promise<Answer> => {
    if ("error" in input) return input;
    const onProgress = (seconds: number) => progress.update(done, `${input.file} ${clock(seconds)}`);
    try {
      return await analyzeFile(recognizer, input.file, { timeline: options.timeline, voice, onProgress });
    } catch (error) {
      return { file: input.file, error: explain(input.file, error) };
    }
  };

  for (const line of writer.head()) print(line);
  for await (const result of inOrder(soundFiles(paths), AHEAD, answer)) {
    done++;
    progress.clear();
    if ("error" in result) {
      say(`${err.red("undertone:")} ${oneLine(result.error.message)}`);
      process.exitCode = EXIT.someUnanswered;
    }
    for (const line of writer.lines(result)) print(line);
    progress.update(done, result.file);
  }
  progress.clear();
  await recognizer.dispose();
}

/** Why a file has no answer. Whatever it is, the other files are still answered. */
function explain(file: string, error: unknown): { code: string; message: string } {
  if (error instanceof AudioError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "failed", message: `${shown(file)} could not be analysed: ${message}` };
}

async function readVoice(path: string, { card, voiceWidth }: Recognizer): Promise<Voice> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const who = `Voice ${JSON.stringify(path)}`;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new UsageError(`${who} ${code === "EISDIR" ? "is a folder" : `cannot be read: ${message}`}.`);
    }
    throw new UsageError(
      `${who} does not exist. Check the path, or make it from recordings of the person: ` +
        `undertone voice RECORDING... --out ${shellWord(path)} ("undertone help voice" tells what to record).`,
    );
  }
  const reading = async () => parseVoice(text, { model: modelId(card), voiceWidth }, path);
  return orWrongCall(reading(), VoiceError);
}

async function count(paths: readonly string[]): Promise<number> {
  let files = 0;
  for await (const _ of soundFiles(paths)) files++;
  return files;
}
