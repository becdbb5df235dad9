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
        "a recording is from it. It is written to standard output; keep it in a file, one for each person.",
    )
    .argument("<file|dir...>", "recordings of ONE person, of any usual format, and folders of them")
    .option("--model <file>", "the model to calibrate for (default: the one that ships)")
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
  undertone voice me-reading.m4a > me.json
  undertone analyze today.wav --voice me.json
  undertone voice ann/ --model runs/mine/model.onnx > ann.json

Exit codes: 0 a calibration was made of all that was given; 1 some files could not be read (each is named on standard
error, with the reason; the calibration is of the others), or there is too little speech for one; 2 the call itself is
wrong.`,
    )
    .action(voice);
}

async function voice(paths: string[], { model }: { model?: string }): Promise<void> {
  const recognizer = await loadModel(model);
  try {
    const calibration = await calibrate(recognizer, paths);
    if (calibration) write(modelId(recognizer.card), calibration);
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

function write(model: string, { mean, spread, clips, seconds }: Calibration): void {
  const numbers = (of: ArrayLike<number>) => Array.from(of, (x) => Number(x.toPrecision(DIGITS)));
  print(jsonLine({ model, mean: numbers(mean), spread: numbers(spread), clips, seconds: round(seconds, 2) }));
  say(`${seconds.toFixed(1)} s of speech, heard in ${counted(clips, "stretch", "stretches")}, for ${model}`);
  if (seconds < ENOUGH) {
    say(
      `${err.yellow("warning:")} less than ${ENOUGH} s of speech: what is usual for this voice is then partly chance. ` +
        "20 to 60 s are better, as one file or as several.",
    );
  }
  if (process.stdout.isTTY) say("Keep it in a file: undertone voice FILE... > VOICE.json");
}
