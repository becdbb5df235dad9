// `undertone voice`: recordings of one person in, their calibration out. Knows no model from inside.
import type { Command } from "commander";
import { AudioError, openAudio } from "../audio/index.node.ts";
import {
  type Calibration,
  modelId,
  type Recognizer,
  type Sound,
  VoiceError,
} from "../recognizer/index.node.ts";
import { EXIT } from "./errors.ts";
import { soundFiles } from "./inputs.ts";
import { loadModel } from "./models.ts";
import { clock, counted, err, jsonLine, oneLine, print, round, say, shown } from "./output.ts";
import { Progress } from "./progress.ts";

/** Seconds from which on a mean and a spread are steady enough. */
const ENOUGH = 20;
/** Digits of a number that mean anything: the network computes in float32. */
const DIGITS = 6;

export function register(program: Command): void {
  program
    .command("voice")
    .description(
      "Make a person's calibration: how this voice sounds when nothing is the matter, so that a model can hear how far " +
        "a recording is from it. Keep it in a file, one for each person.",
    )
    .argument("<file|dir...>", "recordings of ONE person, of any usual format, and folders of them")
    .option("--model <file>", "the model to calibrate for (default: the one that ships)")
    .option("--out <file>", "where to keep it (default: standard output)")
    .addHelpText(
      "after",
      `
What to record: 20 to 60 s of ordinary, unexcited speech, as one talks about the way to work or reads the news aloud.
One person alone, without music or noise behind the voice, in the language and with the microphone and the room of the
recordings that are to be analysed: whatever else is different would be taken for emotion. A laugh or a raised voice in
it becomes part of what is usual. One file or several, longer is no harm; stretches in which nobody speaks do not count.

What it is for: voices differ in pitch, in colour and in liveliness, and some sound sad or angry to strangers when they
are neither. "undertone analyze --voice" measures from this voice's own middle instead of from everybody's.

It fits the one model that it was made with, and is refused by any other: make it anew for a new model. It holds numbers
about a voice and no sound, but is about a person all the same.

Examples:
  undertone voice me-reading.m4a --out me.json
  undertone analyze today.wav --voice me.json
  undertone voice ann/ --model runs/mine/model.onnx --out ann.json

Exit codes: 0 a calibration was made of all that was given; 1 some files could not be read (each is named on standard
error, with the reason; the calibration is of the others), there is too little speech for one, or it cannot be kept in
--out, where then is what was there before; 2 the call itself is wrong.`,
    )
    .action(voice);
}

async function voice(paths: string[], { model, out }: { model?: string; out?: string }): Promise<void> {
  const recognizer = await loadModel(model);
  try {
    const calibration = await calibrate(recognizer, paths);
    if (calibration) await write(modelId(recognizer.card), calibration, out);
  } finally {
    await recognizer.dispose();
  }
}

/** Names every file of which nothing counts; null: no calibration came out of it, and why has been said. */
async function calibrate(recognizer: Recognizer, paths: readonly string[]): Promise<Calibration | null> {
  const progress = new Progress(0, "files");
  const files: string[] = [];
  let read = 0;
  const tell = (message: string, who = err.red("undertone:")) => {
    progress.clear();
    say(`${who} ${oneLine(message)}`);
  };
  const fail = (message: string) => {
    tell(message);
    process.exitCode = EXIT.someUnanswered;
  };
  async function* sounds() {
    for await (const input of soundFiles(paths)) {
      if ("error" in input) {
        fail(input.error.message);
        continue;
      }
      files.push(input.file);
      yield opened(input.file);
    }
  }
  try {
    return await recognizer.calibrate(sounds(), {
      onProgress: (i, seconds) => progress.update(i, `${files[i]} ${clock(seconds)}`),
      onSound(i, { reason }) {
        read++;
        if (reason) tell(`${shown(files[i]!)} does not count: ${reason}`, err.yellow("left out:"));
      },
      onFailure(i, error) {
        const message = error instanceof Error ? error.message : String(error);
        fail(error instanceof AudioError ? message : `${shown(files[i]!)} could not be heard: ${message}`);
      },
    });
  } catch (error) {
    if (!(error instanceof VoiceError)) throw error;
    process.exitCode = EXIT.someUnanswered;
    // Where no file could be read, that is what is wrong, and it has been said.
    if (read > 0) tell(error.message);
    return null;
  } finally {
    progress.clear();
  }
}

/** Opened when it is its turn, so that a file that cannot be is an error of its own. */
async function* opened(file: string): Sound {
  const sound = await openAudio(file);
  try {
    yield* sound;
  } finally {
    await sound.close();
  }
}

/** @param out a file; standard output where it is not given */
async function write(model: string, calibration: Calibration, out?: string): Promise<void> {
  const { mean, spread, clips, seconds } = calibration;
  const numbers = (of: ArrayLike<number>) => Array.from(of, (x) => Number(x.toPrecision(DIGITS)));
  const line = jsonLine({
    ...{ model, mean: numbers(mean), spread: numbers(spread), clips, seconds: round(seconds, 2) },
  });
  if (out === undefined) print(line);
  else if (!(await keep(out, line))) return;
  const kept = out === undefined ? "" : `, kept in ${shown(out)}`;
  say(
    `${seconds.toFixed(1)} s of speech, heard in ${counted(clips, "stretch", "stretches")}, for ${model}${kept}`,
  );
  if (seconds < ENOUGH) {
    say(
      `${err.yellow("warning:")} less than ${ENOUGH} s of speech: what is usual for this voice is then partly chance. ` +
        "20 to 60 s are better, as one file or as several.",
    );
  }
  if (out === undefined && process.stdout.isTTY)
    say("Keep it in a file: undertone voice FILE... --out VOICE.json");
}

/** Whether it could be written; else why not has been said. */
async function keep(path: string, line: string): Promise<boolean> {
  // Late: the room is large, and the half that runs models does without it.
  const { FileError, writeWhole } = await import("../training/index.ts");
  try {
    writeWhole(path, `${line}\n`);
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    say(`${err.red("undertone:")} ${oneLine(error.message)}`);
    process.exitCode = EXIT.someUnanswered;
    return false;
  }
}
