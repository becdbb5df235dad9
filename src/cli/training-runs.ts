// Training for the service: `undertone train` as a process, and what its run folders say. Knows folders and processes, no loop.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Run, type RunRequest, type Trainer, TrainerError, type Training } from "../server/index.ts";
import {
  CorpusError,
  type EpochRecord,
  RECIPES,
  readCorpora,
  type Score,
  writeWhole,
} from "../training/index.ts";
import { DEFAULT_WORKERS } from "./training-data.ts";

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

/** What stands in a run's folder beside what training writes. */
interface RunRecord {
  id: string;
  recipe: string;
  seed: number;
  epochs: number;
  /** ISO 8601, UTC. */
  created: string;
  state: Run["state"];
  error: string | null;
}

/** A trainer that lets go of what runs. */
export interface TrainingRuns extends Trainer {
  /** Stops the run that is under way, if one is, and waits for its end. */
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL(`./attended${extname(import.meta.url)}`, import.meta.url));
const RECORD = "run.json";
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
    for (const name of readdirSync(options.runs)) {
      const record = readJson<RunRecord>(join(options.runs, name, RECORD));
      if (record?.id !== name) continue;
      this.#records.set(name, record);
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
    return records.map((record) => this.#read(record));
  }

  async run(id: string): Promise<Run | null> {
    const record = this.#records.get(id);
    return record ? this.#read(record) : null;
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
    return this.#read(record);
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
    return this.#read(record);
  }

  async model(id: string): Promise<string> {
    const { state } = this.#known(id);
    const path = join(this.#folder(id), "model.onnx");
    if (state !== "running" && statSync(path, { throwIfNoEntry: false })) return path;
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
  #outcome({ id, epochs }: RunRecord, lastWords: string | null): [Run["state"], string | null] {
    if (lastWords === null) return ["done", null];
    // Clips that could not be heard are named, and the exit code is 1; but it was trained.
    const isMeasured = statSync(join(this.#folder(id), "evaluation.json"), { throwIfNoEntry: false });
    if (isMeasured && this.#history(id).length === epochs) return ["done", null];
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
    writeWhole(join(this.#folder(record.id), RECORD), `${JSON.stringify(record, null, 2)}\n`);
  }

  #read(record: RunRecord): Run {
    const { id, state, epochs } = record;
    const history = this.#history(id);
    const last = history.at(-1);
    return {
      ...record,
      // What learns from a teacher has no accuracy to draw.
      history: history.flatMap(({ epoch, trainLoss, validationLoss, validationAccuracy, best }) =>
        validationLoss === null || validationAccuracy === null
          ? []
          : { epoch, trainLoss, validationLoss, validationAccuracy, best },
      ),
      score: this.#score(id),
      clipsPerSecond: last?.clipsPerSecond ?? null,
      secondsLeft: state === "running" ? secondsLeft(history, epochs, historyTime(this.#folder(id))) : null,
      model: null,
    };
  }

  #history(id: string): EpochRecord[] {
    return readJson<EpochRecord[]>(join(this.#folder(id), "history.json")) ?? [];
  }

  /** What was measured: the test part if there is one, else the clips that chose the epoch. */
  #score(id: string): Run["score"] {
    const evaluation = readJson<{ protocol: string; heldOut: string; validation: Score; test: Score | null }>(
      join(this.#folder(id), "evaluation.json"),
    );
    if (!evaluation) return null;
    const { protocol, heldOut, validation, test } = evaluation;
    const about = test
      ? { protocol, heldOut }
      : { protocol: "validation", heldOut: `${validation.clips} clips of voices that it knows` };
    const { wa, uar, labels, confusion } = test ?? validation;
    return { ...about, wa, uar, labels, confusion };
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

/** When the last epoch ended, milliseconds; 0: none has. */
function historyTime(folder: string): number {
  return statSync(join(folder, "history.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** As the epochs took until now; null before the first. */
function secondsLeft(history: readonly EpochRecord[], epochs: number, since: number): number | null {
  if (history.length === 0) return null;
  const perEpoch = history.reduce((sum, { seconds }) => sum + seconds, 0) / history.length;
  return Math.max(0, (epochs - history.length) * perEpoch - (Date.now() - since) / 1000);
}

/** null: there is no such file, or it cannot be read as JSON. Files are written whole, so none is half there. */
function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return null;
  }
}
