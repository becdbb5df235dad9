// Training for the service: `undertone train` as a process, one at a time. Knows processes, no loop.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Run, type RunRequest, type Trainer, TrainerError, type Training } from "../server/index.ts";
import { CorpusError, RECIPES, readCorpora } from "../training/index.ts";
import { DEFAULT_WORKERS } from "./training-data.ts";
import {
  historyTime,
  isWhole,
  keepRecord,
  modelOf,
  type RunRecord,
  readRecords,
  readRun,
} from "./training-run-files.ts";

/** What a page can start: a teacher's weights are a file that only the command line names. */
const HERE = RECIPES.filter(({ teacher }) => teacher === undefined);

export interface TrainingRunsOptions {
  /** The folder of corpora to learn from. */
  data: string;
  /** Where runs are kept, a folder each. */
  runs: string;
  /** Threads that share a batch. Default: one for each core, at most eight. */
  workers?: number;
}

/** A trainer that lets go of what runs. */
export interface TrainingRuns extends Trainer {
  /** Stops the run that is under way, if one is, and waits for its end. */
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL(`./attended${extname(import.meta.url)}`, import.meta.url));
/** How often a run's folder is looked at: an epoch takes seconds. */
const LOOK_MS = 500;
/** How long a run may take to stop cleanly: a step, and the export of the best epoch. */
const STOP_MS = 30_000;
/** How long a data folder's summary holds. */
const SUMMARY_MS = 60_000;
/** Of what training says on standard error: the end. */
const MOST_SAID = 4_000;

/** Runs that an earlier service left behind are among them; one that was under way then is `stopped`. */
export function openTrainingRuns(options: TrainingRunsOptions): TrainingRuns {
  return new Runs(options);
}

class Runs implements TrainingRuns {
  readonly #options: TrainingRunsOptions;
  /** By id. */
  readonly #records = new Map<string, RunRecord>();
  #current: { id: string; child: ChildProcess; ended: Promise<void> } | undefined;
  readonly #listeners = new Set<(id: string) => void>();
  #summary: { at: number; training: Promise<Training> } | undefined;

  constructor(options: TrainingRunsOptions) {
    this.#options = options;
    mkdirSync(options.runs, { recursive: true });
    for (const record of readRecords(options.runs)) {
      this.#records.set(record.id, record);
      // Its process ends with the service that started it.
      if (record.state === "running") this.#settle(record, "stopped", null);
    }
  }

  training(): Promise<Training> {
    const now = performance.now();
    if (!this.#summary || now - this.#summary.at > SUMMARY_MS) {
      const training = this.#summarise();
      this.#summary = { at: now, training };
      training.catch(() => {
        this.#summary = undefined;
      });
    }
    return this.#summary.training;
  }

  async runs(): Promise<Run[]> {
    const records = [...this.#records.values()];
    records.sort((a, b) => (a.created < b.created ? 1 : -1));
    return records.map((record) => readRun(this.#folder(record.id), record));
  }

  async run(id: string): Promise<Run | null> {
    const record = this.#records.get(id);
    return record ? readRun(this.#folder(record.id), record) : null;
  }

  async start({ recipe: name, seed = 1, epochs }: RunRequest): Promise<Run> {
    const recipe = HERE.find((one) => one.name === name);
    if (!recipe) {
      const known = HERE.map((one) => one.name).join(", ");
      throw new TrainerError(
        400,
        "no-recipe",
        `There is no recipe ${JSON.stringify(name)}; there are ${known}.`,
      );
    }
    if (this.#current) {
      throw new TrainerError(
        409,
        "training",
        "A run is under way. Stop it, or wait for its end: it has all cores.",
      );
    }
    const created = new Date().toISOString();
    const record: RunRecord = {
      ...{ id: this.#freshId(created), recipe: name, seed, epochs: epochs ?? recipe.epochs, created },
      ...{ state: "running", error: null },
    };
    mkdirSync(this.#folder(record.id));
    this.#keep(record);
    this.#begin(record);
    return readRun(this.#folder(record.id), record);
  }

  async stop(id: string): Promise<Run> {
    const record = this.#known(id);
    if (this.#current?.id !== id) {
      throw new TrainerError(
        409,
        "not-running",
        `The run ${JSON.stringify(id)} is not under way: it is ${record.state}.`,
      );
    }
    await this.close();
    return readRun(this.#folder(record.id), record);
  }

  async model(id: string): Promise<string> {
    const { state } = this.#known(id);
    const path = modelOf(this.#folder(id));
    if (state !== "running" && path !== null) return path;
    const why =
      state === "running"
        ? "is still learning: wait for its end, or stop it"
        : "made no model: it ended too soon";
    throw new TrainerError(409, "no-model", `The run ${JSON.stringify(id)} ${why}.`);
  }

  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (!this.#current) return;
    const { child, ended } = this.#current;
    child.kill("SIGINT");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  /** Starts a run's process, and looks after it until its end. */
  #begin(record: RunRecord): void {
    const { data, workers = DEFAULT_WORKERS } = this.#options;
    const { id, recipe, seed, epochs } = record;
    const folder = this.#folder(id);
    const child = fork(
      PROGRAM,
      [
        ...["train", recipe, "--data", data, "--out", folder, "--seed", String(seed)],
        ...["--epochs", String(epochs), "--workers", String(workers)],
      ],
      {
        execArgv: ["--disable-warning=ExperimentalWarning"],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
        env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" },
      },
    );
    let said = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-MOST_SAID);
    });
    let seen = historyTime(folder);
    const look = setInterval(() => {
      const now = historyTime(folder);
      if (now !== seen) this.#tell(id);
      seen = now;
    }, LOOK_MS);
    // "close" comes after the last of what it said.
    const ended = once(child, "close").then(
      ([code, signal]) =>
        code === 0 ? null : `${said}\nundertone: its process ended (${signal ?? `exit code ${code}`})`,
      (error: Error) => `undertone: ${error.message}`,
    );
    this.#current = {
      id,
      child,
      ended: ended.then((lastWords) => {
        clearInterval(look);
        this.#current = undefined;
        this.#settle(record, ...this.#outcome(record, lastWords));
      }),
    };
    this.#tell(id);
  }

  /** @param lastWords null: it ended as it should */
  #outcome(record: RunRecord, lastWords: string | null): [Run["state"], string | null] {
    // Clips that could not be heard are named, and the exit code is 1; but it was trained.
    if (lastWords === null || isWhole(this.#folder(record.id), record)) return ["done", null];
    if (/^stopp(ed|ing) (after|before|while) /m.test(lastWords)) return ["stopped", null];
    return ["failed", /^undertone: (.+)/m.exec(lastWords)![1]!];
  }

  #settle(record: RunRecord, state: Run["state"], error: string | null): void {
    Object.assign(record, { state, error });
    this.#keep(record);
    this.#tell(record.id);
  }

  #keep(record: RunRecord): void {
    this.#records.set(record.id, record);
    keepRecord(this.#folder(record.id), record);
  }

  async #summarise(): Promise<Training> {
    const recipes = HERE.map(({ name, summary, epochs }) => ({ name, summary, epochs }));
    try {
      const { corpora } = await readCorpora(this.#options.data);
      return {
        recipes,
        corpora: corpora.map(({ name, clips, speakers }) => ({ name, clips, speakers: speakers.length })),
      };
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      throw new TrainerError(409, "bad-training-data", error.message);
    }
  }

  #known(id: string): RunRecord {
    const record = this.#records.get(id);
    if (record) return record;
    throw new TrainerError(404, "no-run", `There is no run ${JSON.stringify(id)}.`);
  }

  /** Its time, such as `20260102-030405`: a name that sorts, and that a folder may have. */
  #freshId(created: string): string {
    const time = created.slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    const ids = [time, ...Array.from({ length: 1000 }, (_, i) => `${time}-${i + 2}`)];
    return ids.find((id) => !this.#records.has(id))!;
  }

  #folder(id: string): string {
    return join(this.#options.runs, id);
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
