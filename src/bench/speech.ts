// What is taken for speech and what is not, over sounds of both kinds. Knows a data folder, prints nothing.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { closeDecoders, decodeFile, QualityMeter } from "../audio/index.node.ts";
import { type Analysis, loadRecognizer, type Recognizer } from "../recognizer/index.node.ts";
import { type Clip, Random, readCorpora } from "../training/index.ts";
import { DISGUISES } from "./disguises.ts";
import { NOT_SPEECH, notSpeech } from "./not-speech.ts";
import { SAMPLE_RATE } from "./sound.ts";

export interface SpeechRow {
  bench: "speech";
  /** A corpus, a folder of noises, or a kind of sound made by a formula. */
  sound: string;
  /** What was made of it. */
  as: string;
  clips: number;
  /** Answered "no-speech": right for noises, wrong for a corpus. */
  noSpeech: number;
  /** Answered with an emotion. */
  answered: number;
}

export interface SpeechOptions {
  model: string;
  /** A folder with a folder per corpus, and `noise` with a folder per kind of it. Without: sounds from formulas alone. */
  data?: string;
  /** Clips of each corpus and sounds of each formula. */
  clips: number;
  seed: number;
  onProgress(what: string): void;
}

export async function* speechBench(options: SpeechOptions): AsyncGenerator<SpeechRow> {
  const { data, clips, seed, onProgress } = options;
  const recognizer = await loadRecognizer(options.model);
  try {
    for (const kind of NOT_SPEECH) {
      onProgress(`speech: ${kind}`);
      const tally = new Tally(kind, "made by a formula");
      for (let i = 0; i < clips; i++) tally.add(await recognizer.analyze(notSpeech(kind, seed * clips + i)));
      yield tally.row();
    }
    if (data === undefined) return;
    for (const kind of await folders(join(data, "noise"))) {
      onProgress(`speech: ${kind}`);
      const tally = new Tally(kind, "recorded");
      const folder = join(data, "noise", kind);
      for (const file of await readdir(folder))
        tally.add(await recognizer.analyze(await decoded(join(folder, file))));
      yield tally.row();
    }
    const corpora = Map.groupBy((await readCorpora(data)).clips, ({ corpus }) => corpus);
    for (const [corpus, all] of corpora) {
      onProgress(`speech: ${corpus}`);
      yield* await disguised(recognizer, corpus, new Random(seed, corpus).shuffle(all).slice(0, clips));
    }
  } finally {
    await recognizer.dispose();
    await closeDecoders();
  }
}

async function disguised(
  recognizer: Recognizer,
  corpus: string,
  clips: readonly Clip[],
): Promise<SpeechRow[]> {
  const tallies = Object.keys(DISGUISES).map((name) => new Tally(corpus, name));
  for (const [i, clip] of clips.entries()) {
    const sound = await decoded(clip.path);
    const meter = new QualityMeter(SAMPLE_RATE);
    meter.push(sound);
    for (const tally of tallies) {
      tally.add(await recognizer.analyze(DISGUISES[tally.as]!(sound, meter.result().level, i)));
    }
  }
  return tallies.map((tally) => tally.row());
}

class Tally {
  readonly sound: string;
  readonly as: string;
  #clips = 0;
  #noSpeech = 0;
  #answered = 0;

  constructor(sound: string, as: string) {
    this.sound = sound;
    this.as = as;
  }

  add({ because, uncertain }: Analysis): void {
    this.#clips++;
    if (because === "no-speech") this.#noSpeech++;
    if (!uncertain) this.#answered++;
  }

  row(): SpeechRow {
    const { sound, as } = this;
    const clips = this.#clips;
    return {
      bench: "speech",
      sound,
      as,
      clips,
      noSpeech: this.#noSpeech / clips,
      answered: this.#answered / clips,
    };
  }
}

function decoded(path: string): Promise<Float32Array> {
  return decodeFile(path, { sampleRate: SAMPLE_RATE });
}

async function folders(parent: string): Promise<string[]> {
  if (!existsSync(parent)) return [];
  const entries = await readdir(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
