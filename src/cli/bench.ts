// `undertone bench`: this machine against the peers that are installed. Knows options and lines, measures nothing.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Argument, type Command } from "commander";
import { hourBench, machine, memoryBench, mfccBench, type PeerPlace, stepBench } from "../bench/index.ts";
import { machineLine, type Row, summary, table } from "./bench-tables.ts";
import { UsageError } from "./errors.ts";
import { modelPath } from "./models.ts";
import { err, jsonLine, oneLine, out, print, say } from "./output.ts";
import { wholeNumber } from "./training-data.ts";

const BENCHES = ["step", "mfcc", "hour", "memory"] as const;
type Bench = (typeof BENCHES)[number];

// From here it is two folders up, in a checkout and built.
const ours = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MINUTES = 60;

interface Options {
  json?: boolean;
  rounds: number;
  python: string;
  peers: string | false;
  model?: string;
  audio?: string;
}

export function register(program: Command): void {
  const venv = ours(".venv/bin/python");
  program
    .command("bench")
    .description("Measure this machine, and ours against the peers that are installed here, in one run.")
    .addArgument(new Argument("[what...]", "what to measure (default: all)").choices(BENCHES))
    .option("--json", "one measurement a line, nothing else on standard output")
    .option("--rounds <n>", "turns of each engine; more are steadier", wholeNumber("--rounds", 1), 5)
    .option(
      "--python <program>",
      "the Python that has PyTorch, Keras and librosa",
      existsSync(venv) ? venv : "python3",
    )
    .option("--peers <dir>", "the folder of the peers' programs", ours("bench/peers"))
    .option("--no-peers", "ours alone")
    .option("--model <file>", "hour and memory: the model to hear with (default: the one that ships)")
    .option("--audio <file>", "mfcc and hour: hear this file instead of the sample that the project made")
    .addHelpText(
      "after",
      `
  step      one training step of two LSTM layers, against PyTorch, Keras and TF.js, and against its own matrix
            products alone
  mfcc      the features of clips of 2, 10 and 60 s, against librosa, and how far the numbers lie apart
  hour      decoding, features and network of one hour, on one core
  memory    the same in memory: an hour against a minute

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
  const heard = {
    onProgress: (what: string) => say(err.dim(what)),
    onMissing: (why: string) => say(`${err.yellow("left out:")} ${oneLine(why)}`),
  };
  const sample = ours("examples/sample.wav");
  const withModel = () => ({ ...heard, sample, model: modelPath(options.model), minutes: MINUTES });
  const measure: Record<Bench, () => AsyncIterable<Row>> = {
    step: () => stepBench({ ...heard, peers, rounds }),
    mfcc: () => mfccBench({ ...heard, peers, rounds, sample: options.audio ?? sample }),
    hour: () => hourBench({ ...withModel(), audio: options.audio }),
    memory: () => memoryBench(withModel()),
  };
  for (const name of BENCHES.filter((name) => asked.length === 0 || asked.includes(name))) {
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
