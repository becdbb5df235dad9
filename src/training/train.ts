// One run: from a split to a run folder with checkpoints, the exported model, its scores and the report.
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { describeFrontEnd, exportModel } from "../models/index.ts";
import { parameterPlaces, totalSize } from "../nn/index.ts";
import { loadRecognizer } from "../recognizer/index.node.ts";
import { type ModelCard, USE_NOTICE } from "../speech/index.ts";
import { type Example, toExamples } from "./batches.ts";
import { fitTemperature, logLoss, softmax } from "./calibration.ts";
import { writeWhole } from "./checkpoint.ts";
import { type Clip, CorpusError, type Problem } from "./corpora/index.ts";
import { type LeftOut, loadDataset, type Utterance } from "./dataset.ts";
import { findLeaks } from "./leaks.ts";
import { type EpochResult, type StepResult, trainingLoop } from "./loop.ts";
import { measureParts, type PartScore, type Parts } from "./measure.ts";
import { type Score, score } from "./metrics.ts";
import type { Recipe } from "./recipe.ts";
import { recipeHash } from "./recipe-hash.ts";
import { cardPage, type EpochRecord, runReport } from "./report/index.ts";
import { cardOf, type Origin, scoreCards } from "./run-card.ts";
import { type RunConfig, RunError, RunFolder } from "./run-folder.ts";
import { type Spoken, settle } from "./settle.ts";
import type { Split } from "./splits.ts";
import { loadTeacher, type Scaling, scalingOf } from "./teachers/index.ts";

export interface TrainOptions extends Origin {
  split: Split;
  /** Files of the data folder that are not used, for the report. */
  problems: readonly Problem[];
  out: string;
  epochs: number;
  workers: number;
  resume: boolean;
  /** The file of the teacher's weights, for a recipe that has one. */
  teacher?: string;
  /** A folder that keeps features and what the teacher says, for other runs on the same clips. */
  cache?: string;
  /** Ends the run after the step that is under way. */
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
  /** null: there is no test part, none of it could be heard, or `signal` came before it was measured. */
  test: Score | null;
  /** The same by corpus, each on its own classes, and with calibrated voices where the network knows such. */
  parts: PartScore[];
  /** Clips that could not be heard, of all parts. */
  leftOut: LeftOut[];
}

/** A run that was ended with nothing to show for it. The message says how to go on. */
export class StoppedError extends Error {
  override name = "StoppedError";
}

/**
 * Trains, keeps the epoch with the best validation accuracy, exports it, measures it, and writes the report.
 * @throws RunError where the run folder holds another run
 * @throws CorpusError where too few clips can be heard
 * @throws StoppedError where `signal` ends it before the first epoch is done
 * @throws FileError where a file cannot be written
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe, split, seed, signal } = options;
  const started = new Date();
  const folder = new RunFolder(options.out);
  const config = configOf(options);
  const before = folder.open(config, options.resume);
  const history: EpochRecord[] = before?.history ?? [];
  // Where nothing is measured, what chooses the epoch is what stands across from what was learnt.
  const warnings = await (split.test.length
    ? findLeaks([...split.train, ...split.validation], split.test)
    : findLeaks(split.train, split.validation));

  const heard = await hear(options);
  const targets = heard.validation.map(({ target }) => target);
  const network = recipe.architecture.network(recipe.emotions.length);
  if (before && before.state.parameters.length !== totalSize(parameterPlaces(network))) {
    throw new RunError(
      `the network of ${recipe.name} is not the one in the checkpoints of ${JSON.stringify(folder.path)}: ` +
        "another version of this program made them; choose another --out",
    );
  }
  let interrupted = false;
  try {
    await trainingLoop({
      ...{ recipe, network, train: heard.train, validation: heard.validation, seed, signal },
      epochs: options.epochs,
      workers: options.workers,
      state: before?.state ?? null,
      onStep: stepReporter(options, heard.train.length),
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
    if (!isStop(error, signal)) throw error;
    if (!history.length) throw new StoppedError(BEFORE_FIRST_EPOCH);
    interrupted = true;
  }

  const best = folder.readBest();
  const logits = rows(best.logits, recipe.emotions.length);
  const temperature = fitTemperature(logits, targets);
  const measured = scoreLogits(logits, targets, recipe, temperature);
  const { architecture } = recipe;
  const settled = architecture.voice
    ? await settle(recipe, network, best.weights, heard.train, heard.validation, temperature, options.workers)
    : null;
  const trained = { architecture, network, ...(settled?.weights ?? best.weights), temperature };
  const card = { ...cardOf(options, network, heard.clips), ...(settled && { usual: settled.usual }) };
  const modelPath = folder.file("model.onnx");
  writeWhole(modelPath, exportModel(trained, card));
  const { whole: test, parts, leftOut: untested } = await measureTest(modelPath, options);
  if (test) {
    card.scores.push(...scoreCards(split, { whole: test, parts }, warnings));
    writeWhole(modelPath, exportModel(trained, card));
  }
  const leftOut = [...heard.leftOut, ...untested];

  const seconds = history.reduce((sum, record) => sum + record.seconds, 0);
  const reportPath = folder.file("report.html");
  writeWhole(folder.file("card.md"), cardPage(card));
  const { protocol, heldOut } = split;
  const evaluation = { protocol, heldOut, warnings, validation: measured, test, parts };
  writeWhole(folder.file("evaluation.json"), `${JSON.stringify(evaluation, null, 2)}\n`);
  writeWhole(
    reportPath,
    runReport({
      title: `${recipe.name}, ${protocol}`,
      recipe: recipe.name,
      command: options.command,
      startedAt: started.toISOString(),
      seconds,
      machine: machine(options.workers),
      config: reportedConfig(options, temperature),
      corpora: card.corpora,
      split: { ...config.clips, protocol, heldOut, warnings },
      history,
      validation: measured,
      ...(test && { test }),
      emotions: [...recipe.emotions],
      problems: [
        ...options.problems.filter(({ used }) => !used),
        ...leftOut.map(({ clip, reason }) => ({ file: clip.file, message: reason })),
      ],
      notice: USE_NOTICE,
    }),
  );
  return {
    ...{ interrupted, folder: folder.path, model: modelPath, report: reportPath },
    ...{ card, history, validation: measured, test, parts, leftOut },
  };
}

const BEFORE_FIRST_EPOCH =
  "stopped before the first epoch was done, so there is no model yet; the same call begins anew";
const BEFORE_TRAINING =
  "stopped while the clips were decoded: nothing has changed; the same call begins again";

/** Whether an error is the stop that the caller asked for, and nothing that went wrong. */
function isStop(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason;
}

function configOf({ recipe, split, seed, epochs, workers }: TrainOptions): RunConfig {
  const hash = createHash("sha256");
  for (const part of [split.train, split.validation, split.test]) {
    hash.update(`${part.length}\n`);
    for (const { corpus, file, emotion } of part) hash.update(`${corpus}\0${file}\0${emotion}\n`);
  }
  return {
    recipeHash: recipeHash(recipe),
    ...{ recipe: recipe.name, seed, epochs, workers, protocol: split.protocol, heldOut: split.heldOut },
    clips: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    fingerprint: hash.digest("hex"),
  };
}

/** What is learnt from, as features; the test part is never looked at. Clips that cannot be heard are left out. */
async function hear(options: TrainOptions) {
  const { recipe, split, onDecode, signal } = options;
  const clips = [...split.train, ...split.validation];
  const teacher = recipe.teacher ? await loadTeacher(requireTeacher(options)) : null;
  const { utterances, leftOut } = await loadDataset(clips, {
    ...{ frontEnd: recipe.architecture.frontEnd, speeds: recipe.augmentation.speeds, teacher, signal },
    cache: options.cache ?? null,
    onProgress: (done) => onDecode?.(done, clips.length),
  })
    .catch((error) => {
      throw isStop(error, signal) ? new StoppedError(BEFORE_TRAINING) : error;
    })
    .finally(() => teacher?.close());
  // A Ctrl-C reaches the decoders too: what they gave up then is no fault of the clips.
  if (signal?.aborted) throw new StoppedError(BEFORE_TRAINING);
  const byPath = new Map(utterances.map((utterance) => [utterance.clip.path, utterance]));
  const heard = (part: readonly Clip[]) => part.flatMap(({ path }) => byPath.get(path) ?? []);
  const learnt = heard(split.train);
  const scaling = teacher ? scalingOf(learnt.map(({ variants }) => variants[0]!.taught!)) : undefined;
  const spoken = (part: readonly Utterance[], scaling?: Scaling): Spoken[] =>
    toExamples(part, recipe.emotions, scaling).map((example, i) => ({
      ...example,
      speaker: part[i]!.clip.speaker,
    }));
  const train = spoken(learnt, scaling);
  const validation = spoken(heard(split.validation));
  requireHeard(train, validation, leftOut);
  return { train, validation, leftOut, clips: utterances.map(({ clip }) => clip) };
}

/** @throws CorpusError where the recipe needs a teacher and none was named */
function requireTeacher({ recipe, teacher }: TrainOptions): string {
  if (teacher) return teacher;
  throw new CorpusError(
    `the recipe ${recipe.name} learns from a teacher as well: name the file of its weights, --teacher FILE.safetensors`,
  );
}

/** @throws CorpusError where what could be heard is too little to learn from, or to choose an epoch on */
function requireHeard(
  train: readonly Example[],
  validation: readonly Example[],
  leftOut: readonly LeftOut[],
) {
  const emotions = new Set(train.map(({ target }) => target)).size;
  if (emotions >= 2 && validation.length > 0) return;
  const [first] = leftOut;
  const example = first ? `, such as ${first.clip.file}: ${first.reason}` : "";
  throw new CorpusError(
    `of the clips that can be heard, ${train.length} of ${emotions} emotions are left to learn from and ` +
      `${validation.length} to choose the epoch, expected two emotions and one clip at least; ` +
      `${leftOut.length} could not be heard${example}`,
  );
}

/** How far the run is, after each step. */
function stepReporter({ epochs, onStep }: TrainOptions, clips: number) {
  const started = performance.now();
  let steps = 0;
  return (result: StepResult) => {
    steps++;
    const perStep = (performance.now() - started) / 1000 / steps;
    const left = (epochs - result.epoch + 1) * result.total - result.done;
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

/**
 * The best epoch has the highest validation accuracy; among equals, the last: it has learnt longest, at the lowest rate.
 * (The validation loss would choose an early one, since label smoothing makes later answers less extreme.)
 */
function recordOf(
  { validation, ...result }: EpochResult,
  targets: number[],
  recipe: Recipe,
  history: readonly EpochRecord[],
): EpochRecord {
  const { wa, uar } = scoreLogits(validation, targets, recipe, 1);
  const validationLoss = logLoss(validation, targets);
  const kept = history.findLast(({ best }) => best);
  const best = !kept || wa >= kept.validationAccuracy;
  return { ...result, validationLoss, validationAccuracy: wa, validationUar: uar, best };
}

/** The test part, heard by the exported file through the recogniser. */
async function measureTest(model: string, { recipe, split, signal }: TrainOptions): Promise<Parts> {
  const nothing: Parts = { whole: null, parts: [], leftOut: [] };
  if (!split.test.length || signal?.aborted) return nothing;
  const recognizer = await loadRecognizer(model);
  try {
    const voices = recipe.architecture.voice !== undefined;
    return await measureParts(recognizer, split.test, { voices, signal });
  } catch (error) {
    if (!isStop(error, signal)) throw error;
    return nothing;
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
