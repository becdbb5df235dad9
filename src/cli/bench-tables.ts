// Measurements as tables for people. Knows rows and units, measures nothing.
import type {
  AnalyzeRow,
  ConditionsRow,
  FuzzRow,
  HourRow,
  KillRow,
  Machine,
  MemoryRow,
  MfccRow,
  ServiceMemoryRow,
  ServiceRow,
  SpeechRow,
  StepRow,
  VoicesRow,
} from "../bench/index.ts";
import { columns } from "./card.ts";
import { counted, percent } from "./output.ts";

export type Row =
  | StepRow
  | MfccRow
  | HourRow
  | MemoryRow
  | SpeechRow
  | ServiceRow
  | ServiceMemoryRow
  | KillRow
  | FuzzRow
  | ConditionsRow
  | VoicesRow
  | AnalyzeRow;

export function machineLine({ cpu, cores, system, node, onnxruntime }: Machine): string {
  return `${cpu}, ${counted(cores, "core")}, ${system}; Node ${node}, ONNX Runtime ${onnxruntime}`;
}

/** What a table of one measurement says above its columns. */
const TITLES = {
  step: [
    "One training step: forward, backward, Adam; LSTM(128) x 2 -> last frame -> dense 64 -> 7, batch 64 of 128 frames of 40",
    "features. Ours is the step that training takes, which also normalises and masks. Its products alone: the same matrix",
    "products at the same shapes, on as many threads, and nothing else. Ratios are of the medians (minima) of engines that",
    "took turns: to ours on all cores, and to the products alone.",
  ],
  mfcc: [
    "MFCC of one clip, one thread: 16 kHz, FFT 512, 40 Slaney mel bands, 40 coefficients; window and hop in",
    "samples. Difference: the largest of any coefficient, beside the largest coefficient.",
  ],
  hour: ["Decoding, quality, features and network of a long recording, on one core, decoder and all."],
  memory: ["Peak resident memory of hearing a minute and an hour: the process, and its decoder."],
  speech: [
    "Sounds that are no speech, then speech: how many are answered “no-speech”, and how many with an emotion.",
  ],
  service: [
    "Uploads of 3 s clips to a warm server, until the last is analysed, and the same files by analyze, without its start.",
    "Medians of rounds that took turns; the clients ran on the same machine. Milliseconds: from upload to answer.",
  ],
  "service-memory": [
    "Resident memory of the server and all its processes, after so many uploads of 3 s clips.",
  ],
  kill: [
    '"kill -9" of the server at any moment, then a start, and a look at everything: acknowledged recordings that were gone',
    "(lost), recordings that were shown in part (half), files of no recording (stray).",
  ],
  fuzz: ["Requests drawn from the service's description: in order, nearly, and not at all."],
  conditions: [
    "What is lost where the recording is worse, on voices that the model never heard. Loss: of UAR against clean, in points.",
    "Change: the largest of any probability, where only the level is another.",
  ],
  voice: [
    "How many clips it takes to know a voice that the model never heard, by any clips of the speaker, whose emotions nobody says,",
    "or by neutral ones. Gain: of UAR over unknown voices, in points; measured on the speakers' other clips.",
  ],
  analyze: ["The answer to a short clip that is in memory already, on one thread."],
} as const;

export function table(rows: readonly Row[]): string[] {
  const lines = columns([HEADS[rows[0]!.bench], ...rows.map(cells)]);
  return [...TITLES[rows[0]!.bench], "", ...lines.map((line) => `  ${line}`)];
}

const HEADS: Record<Row["bench"], readonly string[]> = {
  step: ["engine", "configuration", "ms median", "ms min", "x ours", "(min)", "x floor", "(min)", "GFLOP/s"],
  mfcc: [
    "window/hop",
    "clip",
    "ms median",
    "ms min",
    "x real time",
    "librosa",
    "ms median",
    "ms min",
    "x ours",
    "(min)",
    "difference",
  ],
  hour: ["format", "minutes", "seconds", "x real time", "decode s", "quality s", "network s", "cores"],
  memory: ["format", "minute MB", "+ decoder MB", "hour MB", "+ decoder MB", "growth MB"],
  speech: ["sound", "as", "clips", "no-speech", "an emotion"],
  service: [
    "uploads",
    "clients",
    "failures",
    "seconds",
    "by analyze",
    "throughput",
    "ms median",
    "ms slowest",
  ],
  "service-memory": ["uploads", "MB", "uploads", "MB", "growth MB"],
  kill: ["kills", "in uploads", "in analyses", "acknowledged", "lost", "half", "shown", "done", "stray"],
  fuzz: ["requests", "seed", "operations", "answers", "of 500 or none"],
  conditions: ["condition", "UAR", "WA", "loss", "change"],
  voice: ["calibrated by", "seconds", "speakers", "measured", "UAR", "gain"],
  analyze: ["model", "seconds", "speech detector", "ms median", "ms min"],
};

const fixed = (value: number, decimals: number) => value.toFixed(decimals);
const megabytes = (bytes: number | null) => (bytes === null ? "unknown" : fixed(bytes / 1e6, 1));

function cells(row: Row): string[] {
  switch (row.bench) {
    case "step": {
      const { engine, configuration, timing, toOurs, toFloor, gigaflops } = row;
      const ratios = [toOurs, toFloor].flatMap(({ median, min }) => [fixed(median, 2), fixed(min, 2)]);
      return [
        engine,
        configuration,
        fixed(timing.median, 1),
        fixed(timing.min, 1),
        ...ratios,
        fixed(gigaflops, 0),
      ];
    }
    case "mfcc": {
      const { seconds, windowSamples, hopSamples, timing, librosa } = row;
      const frames = `${windowSamples}/${hopSamples}`;
      const ours = [frames, `${seconds} s`, fixed(timing.median, 2), fixed(timing.min, 2)];
      const rate = fixed((1000 * seconds) / timing.median, 0);
      if (!librosa) return [...ours, rate, "", "", "", "", "", ""];
      const { version, toOurs, difference, largest } = librosa;
      const theirs = [version, fixed(librosa.timing.median, 2), fixed(librosa.timing.min, 2)];
      const apart = `${difference.toExponential(1)} of ${fixed(largest, 0)}`;
      return [...ours, rate, ...theirs, fixed(toOurs.median, 1), fixed(toOurs.min, 1), apart];
    }
    case "hour": {
      const { format, audioSeconds, seconds, realTime, split, oneCore } = row;
      const parts = [split.decode, split.quality, split.network].map((part) => fixed(part, 2));
      return [
        format,
        fixed(audioSeconds / 60, 1),
        fixed(seconds, 2),
        fixed(realTime, 0),
        ...parts,
        oneCore ? "1" : "all",
      ];
    }
    case "memory": {
      const { format, minute, hour, growth } = row;
      const both = [minute, hour].flatMap((peak) => [megabytes(peak.process), megabytes(peak.decoders)]);
      return [format, ...both, megabytes(growth)];
    }
    case "speech": {
      const { sound, as, clips, noSpeech, answered } = row;
      return [sound, as, String(clips), percent(noSpeech), percent(answered)];
    }
    case "service": {
      const counts = [row.uploads, row.clients, row.failures].map(String);
      const times = [fixed(row.seconds, 2), fixed(row.analyzeSeconds, 2), percent(row.share)];
      return [...counts, ...times, fixed(row.median, 0), fixed(row.slowest, 0)];
    }
    case "service-memory": {
      const [few, many] = row.uploads.map(String);
      return [few!, megabytes(row.memory[0]), many!, megabytes(row.memory[1]), megabytes(row.growth)];
    }
    case "kill": {
      const { kills, duringUpload, duringAnalysis, acknowledged, lost, half, shown, done, stray } = row;
      return [kills, duringUpload, duringAnalysis, acknowledged, lost, half, shown, done, stray].map(String);
    }
    case "fuzz": {
      const { requests, seed, operations, answers, failures } = row;
      const told = Object.entries(answers).map(([status, count]) => `${status}: ${count}`);
      return [
        String(requests),
        String(seed),
        operations.join(" of "),
        told.join(", "),
        String(failures.length),
      ];
    }
    case "conditions": {
      const { condition, uar, wa, lossPoints, largestChange } = row;
      const shares = [uar, wa].map((share) => percent(share, 1));
      return [condition, ...shares, fixed(lossPoints, 1), largestChange?.toPrecision(2) ?? ""];
    }
    case "voice": {
      const { by, clips, seconds, speakers, measured, uar, gain } = row;
      const nothing = by === "any" ? "nothing" : "nothing, neutral clips apart";
      const what = clips === 0 ? nothing : counted(clips, by === "any" ? "clip" : "neutral clip");
      const counts = [speakers, measured].map(String);
      return [what, fixed(seconds, 1), ...counts, percent(uar, 1), fixed(gain, 1)];
    }
    case "analyze": {
      const { model, seconds, detector, ms, leastMs } = row;
      return [model, String(seconds), detector ? "with" : "without", fixed(ms, 1), fixed(leastMs, 1)];
    }
  }
}

/** What a whole measurement says in a sentence: of the peers, by the fastest configuration of each. */
export function summary(rows: readonly Row[]): string[] {
  const failures = rows.flatMap((row) => (row.bench === "fuzz" ? row.failures : []));
  if (failures.length > 0) return failures;
  const [measured] = rows.filter((row) => row.bench === "conditions");
  if (measured) {
    const corpora = new Set(measured.parts.map(({ corpus }) => corpus)).size;
    const on = `${counted(measured.clips, "clip")} of ${counted(corpora, "corpus", "corpora")}`;
    return [`Measured on ${on}, ${counted(measured.models, "model")}.`];
  }
  const steps = rows.filter((row) => row.bench === "step");
  const peers = steps.filter(({ engine }) => engine !== "undertone" && engine !== "its products alone");
  const fastest = new Map<string, StepRow>();
  for (const row of peers) {
    const known = fastest.get(row.engine);
    if (!known || row.toOurs.median < known.toOurs.median) fastest.set(row.engine, row);
  }
  return [...fastest.values()].map(
    ({ engine, configuration, toOurs }) =>
      `${engine} at its fastest (${configuration}) takes ${fixed(toOurs.median, 2)} times as long as ours.`,
  );
}
