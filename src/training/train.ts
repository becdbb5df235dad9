// One run: from a split to a run folder with checkpoints, the exported model, its scores and the report.
import { cpus } from "node:os";
import { describeFrontEnd, exportModel } from "../models/index.ts";
import { loadRecognizer } from "../recognizer/index.node.ts";
import { type ModelCard, USE_NOTICE } from "../speech/index.ts";
import { writeWhole } from "./checkpoint.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { LeftOut } from "./hear-clip.ts";
import { findLeaks } from "./leaks.ts";
import { isStop, requireTeacher, type TrainOptions } from "./learn.ts";
import { learnFromLabels } from "./learn-labels.ts";
import { measureParts, type PartScore, type Parts } from "./measure.ts";
import type { Score } from "./metrics.ts";
import { recipeHash } from "./recipe-hash.ts";
import { cardPage, type EpochRecord, runReport } from "./report/index.ts";
import { cardOf, scoreCards } from "./run-card.ts";
import { type RunConfig, RunFolder } from "./run-folder.ts";
import { learnFromTeacher } from "./taught/learn.ts";
import { teacherHash } from "./teachers/index.ts";

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

/**
 * Learns, from labels or from a teacher, exports what was learnt, measures it, and writes the report.
 * @throws RunError where the run folder holds another run
 * @throws CorpusError where too few clips can be heard, or the recipe needs a teacher and there is none
 * @throws StoppedError where `signal` ends it before the first epoch is done
 * @throws FileError where a file cannot be written
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe, split } = options;
  const { architecture } = recipe;
  const started = new Date();
  const folder = new RunFolder(options.out);
  const config = configOf(options);
  const before = folder.open(config, options.resume);
  // Where nothing is measured, what chooses the epoch is what stands across from what was learnt.
  const warnings = await (split.test.length
    ? findLeaks([...split.train, ...split.validation], split.test)
    : findLeaks(split.train, split.validation));

  const network = architecture.network(recipe.emotions.length);
  const learnt = await (recipe.teacher
    ? learnFromTeacher(options, network)
    : learnFromLabels(options, network, folder, before));
  const { history, temperature, validation: measured } = learnt;
  const trained = { architecture, network, ...learnt.weights, temperature };
  const { usual, threshold } = learnt;
  const card = {
    ...cardOf(options, network, learnt.clips),
    ...(usual && { usual }),
    ...(threshold && { threshold }),
  };
  const modelPath = folder.file("model.onnx");
  writeWhole(modelPath, exportModel(trained, card));
  const { whole: test, parts, leftOut: untested } = await measureTest(modelPath, options);
  if (test) {
    card.scores.push(...scoreCards(split, { whole: test, parts }, warnings));
    writeWhole(modelPath, exportModel(trained, card));
  }
  const leftOut = [...learnt.leftOut, ...untested];

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
      ...(recipe.teacher && {
        encoder: {
          taught: recipe.teacher === true,
          shared: options.encoder !== undefined,
          tuned: recipe.tuning !== undefined,
        },
      }),
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
    ...{ interrupted: learnt.interrupted, folder: folder.path, model: modelPath, report: reportPath },
    ...{ card, history, validation: measured, test, parts, leftOut },
  };
}

/** @throws CorpusError where the recipe needs a teacher and there is none */
function configOf(options: TrainOptions): RunConfig {
  const { recipe, split, seed, epochs, workers } = options;
  const teacher = recipe.teacher ? requireTeacher(options) : null;
  return {
    recipeHash: recipeHash(recipe),
    ...{ recipe: recipe.name, seed, epochs, workers, protocol: split.protocol, heldOut: split.heldOut },
    clips: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    fingerprint: fingerprintOf(split.train, split.validation, split.test),
    ...(teacher !== null && { teacher: teacherHash(teacher) }),
  };
}

/** The test part, heard by the exported file through the recogniser. */
async function measureTest(model: string, { recipe, split, signal }: TrainOptions): Promise<Parts> {
  const nothing: Parts = { whole: null, parts: [], leftOut: [] };
  if (!split.test.length || signal?.aborted) return nothing;
  const recognizer = await loadRecognizer(model);
  try {
    const voices = recipe.architecture.voice !== undefined;
    // A speaker who never sounds disgusted is none of whom that could not be said.
    const beside = [...split.train, ...split.validation];
    return await measureParts(recognizer, split.test, { voices, beside, signal });
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
