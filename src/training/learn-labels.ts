// Learning from labels: epochs of training, the one kept that validation chose. Knows run folders, no models' files.
import type { Network } from "../models/index.ts";
import { parameterPlaces, totalSize } from "../nn/index.ts";
import { type Example, toExamples } from "./batches.ts";
import { fitTemperature, logLoss } from "./calibration.ts";
import { type Clip, CorpusError } from "./corpora/index.ts";
import { loadDataset } from "./dataset.ts";
import type { LeftOut } from "./hear-clip.ts";
import { isStop, type Learnt, StoppedError, scoreLogits, stepReporter, type TrainOptions } from "./learn.ts";
import { type EpochResult, trainingLoop } from "./loop.ts";
import type { Recipe } from "./recipe.ts";
import type { EpochRecord } from "./report/index.ts";
import { type Resumed, RunError, type RunFolder } from "./run-folder.ts";

/**
 * Trains, or goes on, and keeps the epoch with the best validation accuracy.
 * @throws RunError where the checkpoints are of another network
 * @throws CorpusError where too few clips can be heard
 * @throws StoppedError where `signal` ends it before the first epoch is done
 */
export async function learnFromLabels(
  options: TrainOptions,
  network: Network,
  folder: RunFolder,
  before: Resumed | null,
): Promise<Learnt> {
  const { recipe, seed, signal } = options;
  const history: EpochRecord[] = before?.history ?? [];
  const heard = await hear(options);
  const targets = heard.validation.map(({ target }) => target);
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
  return {
    ...{ weights: best.weights, temperature, history, interrupted },
    validation: scoreLogits(logits, targets, recipe, temperature),
    ...{ clips: heard.clips, leftOut: heard.leftOut },
  };
}

const BEFORE_FIRST_EPOCH =
  "stopped before the first epoch was done, so there is no model yet; the same call begins anew";
const BEFORE_TRAINING =
  "stopped while the clips were decoded: nothing has changed; the same call begins again";

/** What is learnt from, as features; the test part is never looked at. Clips that cannot be heard are left out. */
async function hear(options: TrainOptions) {
  const { recipe, split, onDecode, signal } = options;
  const clips = [...split.train, ...split.validation];
  const { utterances, leftOut } = await loadDataset(clips, {
    ...{ frontEnd: recipe.architecture.frontEnd, speeds: recipe.augmentation.speeds, signal },
    cache: options.cache ?? null,
    onProgress: (done) => onDecode?.(done, clips.length),
  }).catch((error) => {
    throw isStop(error, signal) ? new StoppedError(BEFORE_TRAINING) : error;
  });
  // A Ctrl-C reaches the decoders too: what they gave up then is no fault of the clips.
  if (signal?.aborted) throw new StoppedError(BEFORE_TRAINING);
  const byPath = new Map(utterances.map((utterance) => [utterance.clip.path, utterance]));
  const heard = (part: readonly Clip[]) => part.flatMap(({ path }) => byPath.get(path) ?? []);
  const train = toExamples(heard(split.train), recipe.emotions);
  const validation = toExamples(heard(split.validation), recipe.emotions);
  requireHeard(train, validation, leftOut);
  return { train, validation, leftOut, clips: utterances.map(({ clip }) => clip) };
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
  const best = !kept || wa >= (kept.validationAccuracy ?? 0);
  return { ...result, validationLoss, validationAccuracy: wa, validationUar: uar, best };
}
