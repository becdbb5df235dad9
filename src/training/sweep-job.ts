// One run of a sweep, in a process of its own: started by path, told its job by a message. Knows runs, no plans.
import { closeDecoders } from "../audio/index.node.ts";
import type { Emotion } from "../speech/index.ts";
import { CorpusError, type Problem } from "./corpora/index.ts";
import { type EncoderPlace, isStop, requireTeacher, StoppedError } from "./learn.ts";
import { recipeHash } from "./recipe-hash.ts";
import { recipeNamed } from "./recipes/index.ts";
import { scoreCard } from "./run-card.ts";
import { RunError } from "./run-folder.ts";
import type { Split } from "./splits.ts";
import { type RunResult, type SweepRun, writeResult } from "./sweep-plan.ts";
import { embeddingsFor } from "./taught/embeddings.ts";
import { trainEncoder } from "./taught/encoder.ts";
import { type TrainResult, train } from "./train.ts";

/** What the sweep says: first what to do, then perhaps to stop. */
export type ToJob = { kind: "run"; job: Job } | { kind: "encoder"; job: EncoderJob } | { kind: "stop" };

/** An encoder that the runs after it share. */
export interface EncoderJob
  extends Pick<Job, "recipe" | "seed" | "epochs" | "workers" | "teacher" | "cache">,
    EncoderPlace {}

export interface Job extends Omit<SweepRun, "recipe" | "fold"> {
  /** A recipe holds functions, which no message carries: it is known by name, and checked by its hash. */
  recipe: string;
  classes: readonly string[];
  split: Split;
  problems: readonly Problem[];
  teacher?: string;
  cache?: string;
  encoder?: EncoderPlace;
  command: string;
  version: string;
  commit: string;
}

/** What the job says. After `done`, `stopped` or `failed` comes nothing more. */
export type FromJob =
  | { kind: "epoch"; epoch: number; validationUar: number | null }
  | { kind: "done"; result: RunResult }
  | { kind: "learnt" }
  | { kind: "stopped" }
  /** `expected`: the data or the folder are to blame, which the message explains. */
  | { kind: "failed"; message: string; expected: boolean };

const stop = new AbortController();

async function run(job: Job): Promise<FromJob> {
  const named = recipeNamed(job.recipe);
  const recipe = named && { ...named, emotions: job.classes as readonly Emotion[] };
  if (!recipe || recipeHash(recipe) !== job.recipeHash) {
    throw new Error(
      `the recipe ${job.recipe} is not the one that was planned: this program has changed meanwhile`,
    );
  }
  const { split, seed, epochs, workers, problems, teacher, cache, encoder, command, version, commit } = job;
  const trained = await train({
    ...{ recipe, split, seed, epochs, workers, problems, teacher, cache, encoder, command, version, commit },
    out: job.folder,
    resume: true,
    signal: stop.signal,
    onEpoch: ({ epoch, validationUar }) => tell({ kind: "epoch", epoch, validationUar }),
  });
  if (stop.signal.aborted) return { kind: "stopped" };
  const result = resultOf(job, trained);
  writeResult(job.folder, result);
  return { kind: "done", result };
}

async function learnEncoder({ recipe: name, teacher, uses, ...job }: EncoderJob): Promise<FromJob> {
  const recipe = recipeNamed(name)!;
  const common = { ...job, recipe, teacher: requireTeacher({ recipe, teacher }), signal: stop.signal };
  const onEpoch = ({ epoch }: { epoch: number }) => tell({ kind: "epoch", epoch, validationUar: null });
  const { weights } = await trainEncoder({ ...common, onEpoch });
  await embeddingsFor({ ...job, uses }, { ...common, weights });
  return { kind: "learnt" };
}

function resultOf(job: Job, { test, parts, card, history, leftOut }: TrainResult): RunResult {
  const { key, recipe, recipeHash: hash, split, seed, epochs, workers, version, commit } = job;
  if (!test) {
    throw new CorpusError(
      `none of the ${split.test.length} clips that are held out (${split.heldOut}) could be heard, such as ` +
        `${leftOut.at(-1)?.reason}`,
    );
  }
  return {
    ...{
      key,
      recipe,
      recipeHash: hash,
      unseen: split.protocol,
      heldOut: split.heldOut,
      seed,
      epochs,
      workers,
    },
    chosenEpoch: history.findLast(({ best }) => best)?.epoch ?? epochs,
    clips: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    ...{ score: test, parts },
    card: scoreCard(split, test, card.scores.at(-1)!.warnings),
    leftOut: leftOut.map(({ clip, reason }) => ({ file: clip.file, reason })),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    ...{ version, commit },
  };
}

function failure(error: unknown): FromJob {
  if (error instanceof StoppedError || isStop(error, stop.signal)) return { kind: "stopped" };
  const expected = error instanceof CorpusError || error instanceof RunError;
  const text = error instanceof Error ? (!expected && error.stack) || error.message : String(error);
  return { kind: "failed", message: text, expected };
}

function tell(message: FromJob): void {
  if (process.connected) process.send!(message);
}

// Ctrl-C reaches every process of a terminal: the sweep decides what it means, and tells.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
// A sweep that has gone away wants no more; what the epoch before has written stays.
process.on("disconnect", () => stop.abort());
process.on("message", async (message: ToJob) => {
  if (message.kind === "stop") {
    stop.abort();
    return;
  }
  const doing = message.kind === "encoder" ? learnEncoder(message.job) : run(message.job);
  const said = await doing.catch(failure);
  await closeDecoders();
  tell(said);
  if (process.connected) process.disconnect();
});
