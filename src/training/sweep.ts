// A sweep: runs in processes of their own, several at a time, none of them twice. Knows processes, no networks.
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { CorpusError, type Problem } from "./corpora/index.ts";
import { StoppedError } from "./learn.ts";
import type { EncoderJob, FromJob, Job, ToJob } from "./sweep-job.ts";
import { type PlanOptions, planSweep, type RunResult, readResult, type SweepRun } from "./sweep-plan.ts";

export interface SweepOptions extends PlanOptions {
  problems: readonly Problem[];
  /** Runs at a time; default: one a core, which with one worker each wastes least. */
  jobs?: number;
  /** A folder that keeps features, and what a teacher says, for other runs on the same clips. */
  cache?: string;
  command: string;
  version: string;
  commit: string;
  /** Ends the sweep after the steps that are under way; the same call goes on. */
  signal?: AbortSignal;
  /** Before the first: what there is to train, and how many runs were finished before. */
  onPlan?(waiting: readonly SweepRun[], finished: number): void;
  onStart?(run: SweepRun): void;
  /** Before the runs: an encoder that `run` and others take. */
  onEncoder?(run: SweepRun): void;
  onEpoch?(run: SweepRun, epoch: number, validationUar: number | null): void;
  onDone?(run: SweepRun, result: RunResult): void;
}

/** A run and what it came to. */
export interface Finished {
  run: SweepRun;
  result: RunResult;
}

const ON_THE_WAY =
  "stopped before the last run was measured; the same call goes on, and repeats none that is finished";

/**
 * Trains and measures every run of the plan that has no result yet.
 * @returns all runs with their results, in the order of the plan
 * @throws StoppedError where `signal` ends it; CorpusError where data or a run's folder cannot be used
 */
export async function sweep(options: SweepOptions): Promise<Finished[]> {
  const { signal, jobs = availableParallelism() } = options;
  const runs = planSweep(options);
  const results = new Map<SweepRun, RunResult>();
  for (const run of runs) {
    const before = readResult(run);
    if (before) results.set(run, before);
  }
  const pending = runs.filter((run) => !results.has(run));
  options.onPlan?.(pending, results.size);
  // One iterator, shared: each worker takes the next run as soon as it is free.
  const waiting = pending.values();
  // The first that fails ends the others, each after its step, so that none is lost.
  const ending = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const errors: unknown[] = [];
  const each = async <One>(items: Iterator<One> & Iterable<One>, act: (item: One) => Promise<void>) => {
    const work = async () => {
      for (const item of items) {
        if (stop.aborted) return;
        try {
          await act(item);
        } catch (error) {
          errors.push(error);
          ending.abort();
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
  };
  await each(encodersOf(pending).values(), async (run) => {
    options.onEncoder?.(run);
    await inProcess({ kind: "encoder", job: encoderJobOf(run, options) }, stop, (epoch) =>
      options.onEpoch?.(run, epoch, null),
    );
  });
  await each(waiting, async (run) => {
    options.onStart?.(run);
    const result = await inProcess({ kind: "run", job: jobOf(run, options) }, stop, (epoch, uar) =>
      options.onEpoch?.(run, epoch, uar),
    );
    results.set(run, result!);
    options.onDone?.(run, result!);
  });
  const failed = errors.find((error) => !(error instanceof StoppedError));
  if (failed) throw failed;
  if (signal?.aborted || errors.length > 0) throw new StoppedError(ON_THE_WAY);
  return runs.map((run) => ({ run, result: results.get(run)! }));
}

function jobOf({ recipe, fold: _, ...run }: SweepRun, options: SweepOptions): Job {
  const { problems, teacher, cache, command, version, commit } = options;
  const named = { recipe: recipe.name, classes: recipe.emotions };
  return { ...run, ...named, problems, teacher, cache, command, version, commit };
}

/** Of runs that share an encoder, one. */
function encodersOf(runs: readonly SweepRun[]): SweepRun[] {
  const byFolder = new Map(runs.flatMap((run) => (run.encoder ? [[run.encoder.folder, run] as const] : [])));
  return [...byFolder.values()];
}

function encoderJobOf(
  { recipe, seed, epochs, workers, encoder }: SweepRun,
  options: SweepOptions,
): EncoderJob {
  const { teacher, cache } = options;
  return { recipe: recipe.name, seed, epochs, workers, teacher, cache, ...encoder! };
}

/** One run in a process: its memory is gone with it, and what crashes it crashes nothing else. */
function inProcess(
  order: Exclude<ToJob, { kind: "stop" }>,
  stop: AbortSignal,
  onEpoch: (epoch: number, validationUar: number | null) => void,
): Promise<RunResult | null> {
  const path = fileURLToPath(new URL(`./sweep-job${extname(import.meta.url)}`, import.meta.url));
  const child = fork(path, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [...process.execArgv, ...COLLECTING],
  });
  const say = (message: ToJob) => sendTo(child, message);
  const halt = () => say({ kind: "stop" });
  stop.addEventListener("abort", halt);
  const what = order.kind === "run" ? order.job.split.heldOut : "the encoder";
  const named = `${order.job.recipe}, ${what}, seed ${order.job.seed}`;
  return new Promise<RunResult | null>((resolve, reject) => {
    let last: FromJob | null = null;
    child.on("error", reject);
    child.on("message", (said: FromJob) => {
      if (said.kind === "epoch") onEpoch(said.epoch, said.validationUar);
      else last = said;
    });
    // Not before: the next run shall find its memory free.
    child.on("exit", (code, ended) => {
      if (last?.kind === "done") resolve(last.result);
      else if (last?.kind === "learnt") resolve(null);
      else if (last?.kind === "stopped") reject(new StoppedError(ON_THE_WAY));
      else if (last?.kind === "failed") {
        const what = `${named}: ${last.message}`;
        reject(last.expected ? new CorpusError(what) : new Error(what));
      } else {
        const how = ended ? `was ended by ${ended}` : `ended with code ${code}`;
        const more = ended === "SIGKILL" ? " (perhaps the memory was full: lower --jobs)" : "";
        reject(new Error(`the process of ${named} ${how}${more}`));
      }
    });
    say(order);
  }).finally(() => stop.removeEventListener("abort", halt));
}

/** The heap is small and collected often; its helpers would take the core from the run beside this one. */
const COLLECTING = ["--single-threaded-gc"];

/** A process that is gone already is told nothing; its end says why. */
function sendTo(child: ChildProcess, message: ToJob): void {
  if (child.connected) child.send(message, () => {});
}
