// `undertone bench`: this machine against the peers that are installed. Knows options and lines, measures nothing.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Argument, type Command } from "commander";
import {
  fuzzBench,
  hourBench,
  killBench,
  machine,
  memoryBench,
  mfccBench,
  type PeerPlace,
  serviceBench,
  serviceMemoryBench,
  speechBench,
  stepBench,
} from "../bench/index.ts";
import { registerOfModels } from "./bench-models.ts";
import { machineLine, type Row, summary, table } from "./bench-tables.ts";
import { UsageError } from "./errors.ts";
import { modelPath } from "./models.ts";
import { err, jsonLine, oneLine, out, print, say } from "./output.ts";
import { wholeNumber } from "./training-data.ts";

/** Without a name: how fast this machine is. The others take minutes, and are asked for by name. */
const ALONE = ["step", "mfcc", "hour", "memory"] as const;
const BENCHES = [...ALONE, "speech", "service", "service-memory", "kill", "fuzz"] as const;
type Bench = (typeof BENCHES)[number];

// From here it is two folders up, in a checkout and built.
const ours = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MINUTES = 60;
const CLIPS = 100;

interface Options {
  json?: boolean;
  rounds: number;
  python: string;
  peers: string | false;
  model?: string;
  audio?: string;
  data?: string;
  seed: number;
}

export function register(program: Command): void {
  const venv = ours(".venv/bin/python");
  // What stands behind "conditions" or "voice" is its own, though options of this command have the same names.
  const command = program.enablePositionalOptions().command("bench").enablePositionalOptions();
  registerOfModels(command);
  command
    .description("Measure this machine, and ours against the peers that are installed here, in one run.")
    .addArgument(
      new Argument("[what...]", "what to measure (default: step mfcc hour memory)").choices(BENCHES),
    )
    .option("--json", "one measurement a line, nothing else on standard output")
    .option("--rounds <n>", "turns of each engine; more are steadier", wholeNumber("--rounds", 1), 5)
    .option(
      "--python <program>",
      "the Python that has PyTorch, Keras and librosa",
      existsSync(venv) ? venv : "python3",
    )
    .option("--peers <dir>", "the folder of the peers' programs", ours("bench/peers"))
    .option("--no-peers", "ours alone")
    .option("--data <dir>", "speech: the corpora, and a folder noise/ with a folder for each kind of sound")
    .option("--model <file>", "hour, memory and speech: the model to hear with (default: the one that ships)")
    .option("--audio <file>", "mfcc and hour: hear this file instead of the sample that the project made")
    .option("--seed <n>", "fuzz and speech: what is drawn", wholeNumber("--seed", 0), 1)
    .addHelpText(
      "after",
      `
  step      one training step of two LSTM layers, against PyTorch, Keras and TF.js, and against its own matrix products alone
  mfcc      the features of clips of 2, 10 and 60 s, against librosa, and how far the numbers lie apart
  hour      decoding, features and network of one hour, on one core
  memory    the same in memory: an hour against a minute
  speech    what is taken for speech and what is not: sounds from formulas, and with --data noises and every corpus
  service   500 uploads of 3 s clips from 50 clients, against the same work by analyze
  service-memory  what the server and its processes hold after 2,000 uploads, against after 200
  kill      50 times "kill -9" at any moment of uploads and analyses: what was lost, what was shown half
  fuzz      5,000 requests made from the service's own description: answers of 500

Engines take turns in one run, so that what else the machine does falls on all of them; starting and warming up do not
count. A peer that is not installed is named, with how to get it. A quiet machine gives the best numbers.

Examples:
  undertone bench step mfcc --python .venv/bin/python
  undertone bench hour --audio lecture.mp3
  undertone bench step --no-peers --rounds 20 --json`,
    )
    .action(bench);
}

async function bench(asked: Bench[], options: Options): Promise<void> {
  const { json, rounds, python } = options;
  const here = machine();
  if (json) print(jsonLine(here));
  else print(machineLine(here));
  const peers: PeerPlace | null = options.peers === false ? null : { python, folder: options.peers };
  if (peers && !existsSync(peers.folder)) {
    throw new UsageError(
      `the folder of the peers' programs, ${JSON.stringify(peers.folder)}, does not exist. Name it with --peers (it is ` +
        "bench/peers in a checkout), or measure ours alone with --no-peers.",
    );
  }
  if (options.data !== undefined && !existsSync(options.data)) {
    throw new UsageError(
      `the data folder, ${JSON.stringify(options.data)}, does not exist; name another with --data.`,
    );
  }
  const heard = {
    onProgress: (what: string) => say(err.dim(what)),
    onMissing: (why: string) => say(`${err.yellow("left out:")} ${oneLine(why)}`),
  };
  const sample = ours("examples/sample.wav");
  const withModel = () => ({ ...heard, sample, model: modelPath(options.model), minutes: MINUTES });
  // As people call it: from a checkout with the script, which has Node's options; installed, the program itself.
  const script = ours("undertone");
  const command = existsSync(script) ? [script] : [process.execPath, process.argv[1]!];
  const withServer = () => ({ ...heard, command, sample, model: modelPath(options.model) });
  const measure: Record<Bench, () => AsyncIterable<Row>> = {
    step: () => stepBench({ ...heard, peers, rounds }),
    mfcc: () => mfccBench({ ...heard, peers, rounds, sample: options.audio ?? sample }),
    hour: () => hourBench({ ...withModel(), audio: options.audio }),
    memory: () => memoryBench(withModel()),
    speech: () => speechBench({ ...withModel(), data: options.data, clips: CLIPS, seed: options.seed }),
    service: () => serviceBench({ ...withServer(), rounds, uploads: 500 }),
    "service-memory": () => serviceMemoryBench({ ...withServer(), rounds, uploads: 2000 }),
    kill: () => killBench({ ...withServer(), kills: 50 }),
    fuzz: () => fuzzBench({ ...withServer(), requests: 5000, seed: options.seed }),
  };
  const wanted: readonly Bench[] = asked.length > 0 ? asked : ALONE;
  for (const name of BENCHES.filter((name) => wanted.includes(name))) {
    const rows: Row[] = [];
    for await (const row of measure[name]()) {
      rows.push(row);
      if (json) print(jsonLine(row));
    }
    if (json || rows.length === 0) continue;
    print();
    const [title, ...lines] = table(rows);
    for (const line of [out.bold(title!), ...lines, ...summary(rows).flatMap((line) => ["", line])])
      print(line);
  }
}
