// One run: from a split to a run folder with checkpoints, the exported model, its scores and the report.
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { type Architecture, describeFrontEnd, exportModel, type Network } from "../models/index.ts";
import { parameterPlaces, totalSize } from "../nn/index.ts";
import { loadRecognizer } from "../recognizer/index.node.ts";
import { type CorpusCard, type ModelCard, type ScoreCard, USE_NOTICE } from "../speech/index.ts";
import { toExamples } from "./batches.ts";
import { fitTemperature, logLoss, softmax } from "./calibration.ts";
import { writeWhole } from "./checkpoint.ts";
import { type Clip, corpusInfos, type Problem, speakerIsKnown } from "./corpora/index.ts";
import { loadDataset, type Utterance } from "./dataset.ts";
import { evaluate } from "./evaluate.ts";
import { findLeaks } from "./leaks.ts";
import { type EpochResult, type StepResult, trainingLoop } from "./loop.ts";
import { type Score, score } from "./metrics.ts";
import type { Recipe } from "./recipe.ts";
import { cardPage, type EpochRecord, runReport } from "./report/index.ts";
import { type RunConfig, RunFolder } from "./run-folder.ts";
import type { Split } from "./splits.ts";

export interface TrainOptions {
  recipe: Recipe;
  split: Split;
  /** Files of the data folder that are not used, for the report. */
  problems: readonly Problem[];
  out: string;
  epochs: number;
  workers: number;
  seed: number;
  resume: boolean;
  /** What people type to do the same again; `version` and `commit` of this program. */
  command: string;
  version: string;
  commit: string;
  /** Scores of other runs (of a cross-validation) that go into the card. */
  scores?: readonly ScoreCard[];
  signal?: AbortSignal;
  onDecode?(done: number, total: number): void;
  onStep?(result: StepResult & { epochs: number; secondsLeft: number; clipsPerSecond: number }): void;
  onEpoch?(record: EpochRecord): void;
}

export interface TrainResult {
  /** Whether `signal` ended it before the last epoch; the best epoch so far is exported all the same. */
  interrupted: boolean;
  folder: string;
  model: string;
  report: string;
  card: ModelCard;
  history: EpochRecord[];
  validation: Score;
  test: Score | null;
}

/** Trains, keeps the epoch with the best validation accuracy, exports it, measures it, and writes the report. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe, split, seed, signal } = options;
  const started = new Date();
  const folder = new RunFolder(options.out);
  const config = configOf(options);
  const before = folder.open(config, options.resume);
  const warnings = await findLeaks([...split.train, ...split.validation], split.test);

  const heard = await hear(options);
  const [train, validation] = [heard.examples(split.train), heard.examples(split.validation)];
  const targets = validation.map(({ target }) => target);
  const history: EpochRecord[] = before?.history ?? [];
  const network = recipe.architecture.network(recipe.emotions.length);
  let interrupted = false;
  try {
    await trainingLoop({
      ...{ recipe, network, train, validation, seed, signal },
      epochs: options.epochs,
      workers: options.workers,
      state: before?.state ?? null,
      onStep: stepReporter(options, train.length),
      onEpoch: (result, state, weights) => {
        const record = recordOf(result, targets, recipe, history);
        history.push(record);
        if (record.best)
          folder.saveBest({ epoch: record.epoch, weights, logits: flatten(result.validation) });
        folder.saveLast(state, history);
        options.onEpoch?.(record);
      },
    });
  } catch (error) {
    if (!signal?.aborted) throw error;
    interrupted = true;
  }

  const best = folder.readBest();
  const logits = rows(best.logits, recipe.emotions.length);
  const temperature = fitTemperature(logits, targets);
  const measured = scoreLogits(logits, targets, recipe, temperature);
  const trained = { architecture: recipe.architecture, network, ...best.weights, temperature };
  const card = cardOf(options, network, heard.utterances);
  const modelPath = folder.file("model.onnx");
  writeWhole(modelPath, exportModel(trained, card));
  const test = await measureTest(modelPath, split.test, signal);
  if (test) card.scores.push(scoreCard(split, test, warnings));
  if (test || options.scores) writeWhole(modelPath, exportModel(trained, card));

  const seconds = history.reduce((sum, record) => sum + record.seconds, 0);
  const reportPath = folder.file("report.html");
  writeWhole(folder.file("card.md"), cardPage(card));
  writeWhole(
    folder.file("evaluation.json"),
    `${JSON.stringify({ protocol: split.protocol, heldOut: split.heldOut, warnings, validation: measured, test }, null, 2)}\n`,
  );
  writeWhole(
    reportPath,
    runReport({
      title: `${recipe.name}, ${split.protocol}`,
      recipe: recipe.name,
      command: options.command,
      startedAt: started.toISOString(),
      seconds,
      machine: machine(options.workers),
      config: reportedConfig(options, temperature),
      corpora: card.corpora,
      split: { ...config.clips, protocol: split.protocol, heldOut: split.heldOut, warnings },
      history,
      validation: measured,
      ...(test && { test }),
      emotions: [...recipe.emotions],
      problems: [
        ...options.problems.filter(({ used }) => !used),
        ...heard.leftOut.map(({ clip, reason }) => ({ file: clip.file, message: reason })),
      ],
      notice: USE_NOTICE,
    }),
  );
  return {
    interrupted,
    folder: folder.path,
    model: modelPath,
    report: reportPath,
    card,
    history,
    validation: measured,
    test,
  };
}

function configOf({ recipe, split, seed, epochs, workers }: TrainOptions): RunConfig {
  const hash = createHash("sha256");
  for (const part of [split.train, split.validation, split.test]) {
    hash.update(`${part.length}\n`);
    for (const { corpus, file, emotion } of part) hash.update(`${corpus}\0${file}\0${emotion}\n`);
  }
  return {
    ...{ recipe: recipe.name, seed, epochs, workers, protocol: split.protocol, heldOut: split.heldOut },
    clips: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    fingerprint: hash.digest("hex"),
  };
}

/** Features of all clips that are learnt from; clips that cannot be heard are missing from `examples`. */
async function hear({ recipe, split, onDecode, signal }: TrainOptions) {
  const clips = [...split.train, ...split.validation];
  const report = (done: number) => onDecode?.(done, clips.length);
  const { utterances, leftOut } = await loadDataset(
    clips,
    recipe.architecture.frontEnd,
    recipe.augmentation.speeds,
    report,
    signal,
  );
  const byPath = new Map(utterances.map((utterance) => [utterance.clip.path, utterance]));
  const examples = (part: readonly Clip[]) =>
    toExamples(
      part.flatMap(({ path }) => byPath.get(path) ?? []),
      recipe.emotions,
    );
  return { utterances, leftOut, examples };
}

function stepReporter({ epochs, onStep }: TrainOptions, clips: number) {
  const started = performance.now();
  let steps = 0;
  return (result: StepResult) => {
    steps++;
    const perStep = (performance.now() - started) / 1000 / steps;
    const left = (epochs - result.epoch) * result.total - result.done;
    const clipsPerSecond = clips / (perStep * result.total);
    onStep?.({ ...result, epochs, secondsLeft: left * perStep, clipsPerSecond });
  };
}

function flatten(logits: readonly Float32Array[]): Float32Array {
  const width = logits[0]?.length ?? 0;
  const flat = new Float32Array(logits.length * width);
  logits.forEach((row, i) => {
    flat.set(row, i * width);
  });
  return flat;
}

function rows(flat: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));
}

function scoreLogits(
  logits: readonly Float32Array[],
  truth: number[],
  recipe: Recipe,
  temperature: number,
): Score {
  const probabilities = logits.map((row) => softmax(row, temperature));
  return score({ truth, probabilities, labels: recipe.emotions });
}

/** The best epoch has the highest validation accuracy; among equals, the lowest validation loss. */
function recordOf(
  { validation, ...result }: EpochResult,
  targets: number[],
  recipe: Recipe,
  history: readonly EpochRecord[],
): EpochRecord {
  const { wa, uar } = scoreLogits(validation, targets, recipe, 1);
  const validationLoss = logLoss(validation, targets);
  const kept = history.findLast(({ best }) => best);
  const best =
    !kept ||
    wa > kept.validationAccuracy ||
    (wa === kept.validationAccuracy && validationLoss < kept.validationLoss);
  return { ...result, validationLoss, validationAccuracy: wa, validationUar: uar, best };
}

/** Below an even chance of being right, an honest model does not answer. */
const THRESHOLD = 0.5;

function cardOf(options: TrainOptions, network: Network, utterances: readonly Utterance[]): ModelCard {
  const { recipe } = options;
  const architecture: Architecture = recipe.architecture;
  return {
    name: recipe.name,
    version: options.version,
    emotions: [...recipe.emotions],
    sampleRate: architecture.frontEnd.options.sampleRate,
    window: recipe.window,
    hop: recipe.hop,
    features: describeFrontEnd(architecture.frontEnd),
    architecture: architecture.summary,
    parameters: totalSize(parameterPlaces(network)),
    corpora: corporaOf(utterances.map(({ clip }) => clip)),
    scores: [...(options.scores ?? [])],
    threshold: THRESHOLD,
    training: { command: options.command, commit: options.commit, seed: options.seed },
    licence: "the licences of the corpora: non-commercial use where one of them says so",
    notice: USE_NOTICE,
  };
}

function corporaOf(clips: readonly Clip[]): CorpusCard[] {
  const names = [...new Set(clips.map(({ corpus }) => corpus))];
  return names.map((name) => {
    const own = clips.filter(({ corpus }) => corpus === name);
    const voices = [...new Set(own.filter(speakerIsKnown).map(({ speaker }) => speaker))].sort();
    return {
      name,
      licence: corpusInfos.find((info) => info.name === name)?.licence ?? "not known",
      speakers: voices.length,
      clips: own.length,
      languages: [...new Set(own.flatMap(({ lang }) => lang ?? []))].sort(),
      voices,
    };
  });
}

export function scoreCard(
  split: Pick<Split, "protocol" | "heldOut">,
  measured: Score,
  warnings: string[],
): ScoreCard {
  const { clips, wa, uar, recall, low, high, ece } = measured;
  return {
    protocol: split.protocol,
    heldOut: split.heldOut,
    corpus: split.heldOut.split("/")[0],
    clips,
    wa,
    uar,
    recall,
    low,
    high,
    ece,
    warnings,
  };
}

async function measureTest(
  model: string,
  clips: readonly Clip[],
  signal?: AbortSignal,
): Promise<Score | null> {
  if (!clips.length || signal?.aborted) return null;
  const recognizer = await loadRecognizer(model);
  try {
    return (await evaluate(recognizer, clips)).score;
  } finally {
    await recognizer.dispose();
  }
}

function machine(workers: number): string {
  return `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${workers} of ${cpus().length} cores`;
}

function reportedConfig(options: TrainOptions, temperature: number): Record<string, unknown> {
  const { architecture, ...recipe } = options.recipe;
  return {
    ...recipe,
    features: describeFrontEnd(architecture.frontEnd),
    architecture: architecture.summary,
    epochs: options.epochs,
    seed: options.seed,
    workers: options.workers,
    temperature: Number(temperature.toFixed(3)),
  };
}
