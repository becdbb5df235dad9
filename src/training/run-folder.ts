// A run's folder: what stands where, and whether a run may go on in it. Knows files, not training.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { FileError, readCheckpoint, UNFINISHED, writeCheckpoint, writeWhole } from "./checkpoint.ts";
import type { EpochRecord } from "./report/index.ts";
import type { TrainingState, Weights } from "./trainer.ts";

/** What decides a run's weights: two runs with the same are the same. */
export interface RunConfig {
  recipe: string;
  /** `recipeHash` of it: a recipe may change under the same name. */
  recipeHash?: string;
  seed: number;
  epochs: number;
  workers: number;
  /** The split's protocol and what it holds out. */
  protocol: string;
  heldOut: string;
  /** Clips to train on, to validate on, and to test on. */
  clips: { train: number; validation: number; test: number };
  /** `fingerprintOf` the three parts. */
  fingerprint: string;
  /** `teacherHash` of who taught; not given: nobody. */
  teacher?: string;
}

/** The weights to use, what they say of the validation clips, and the epoch they are from. */
export interface Best {
  epoch: number;
  weights: Weights;
  /** `[clips, K]` */
  logits: Float32Array;
}

/** A run as it was left. */
export interface Resumed {
  state: TrainingState;
  history: EpochRecord[];
}

/** A run that cannot begin, or cannot go on, in its folder. The message says why, and what to do. */
export class RunError extends Error {
  override name = "RunError";
}

const CALLED = {
  recipe: "the recipe",
  seed: "--seed",
  epochs: "--epochs",
  workers: "--workers",
  protocol: "the protocol",
  heldOut: "held out",
} as const;

/** What is not the same in two runs, in words; null: nothing. */
function differenceOf(before: RunConfig, now: RunConfig): string | null {
  for (const key of Object.keys(CALLED) as (keyof typeof CALLED)[]) {
    if (before[key] !== now[key]) return `${CALLED[key]} ${before[key]}, this call has ${now[key]}`;
  }
  for (const [key, what] of [
    ["recipeHash", `the recipe ${before.recipe} with other hyperparameters`],
    ["teacher", "another teacher"],
  ] as const) {
    const short = (hash: string | undefined) => hash?.slice(0, 12) ?? "not noted";
    if (before[key] !== now[key]) {
      return `${what} (hash ${short(before[key])}, this call has ${short(now[key])})`;
    }
  }
  if (before.fingerprint === now.fingerprint) return null;
  const counts = ({ train, validation, test }: RunConfig["clips"]) =>
    `${train} + ${validation} + ${test} clips`;
  return `other data: ${counts(before.clips)} to learn from, to validate and to test, this call has ${counts(now.clips)}, or files of other names, sizes, speakers, genders or emotions`;
}

const LAST = join("checkpoints", "last.safetensors");
/** What is not to be lost: how far a run is, or its encoder or tuning in folders of their own; and a model. */
const KEPT = [LAST, join("encoder", LAST), join("tuning", LAST), "model.onnx"];

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  private get config(): string {
    return this.file("config.json");
  }

  private get last(): string {
    return this.file(LAST);
  }

  private get best(): string {
    return this.file("checkpoints", "best.safetensors");
  }

  /**
   * Makes the folder ready for a run of `config`. A folder without a checkpoint or a model has nothing to lose or to go on from.
   * @returns where to go on; null: from the beginning, or where folders within it say
   * @throws RunError if it holds another run, or one that was not to be resumed, or cannot be read or written
   */
  open(config: RunConfig, resume: boolean): Resumed | null {
    if (existsSync(this.path) && !statSync(this.path).isDirectory()) {
      throw new RunError(`${this.name} is a file, expected a folder for the run; choose another --out`);
    }
    try {
      this.removeUnfinished();
      if (!KEPT.some((name) => existsSync(this.file(name)))) {
        writeWhole(this.config, `${JSON.stringify(config, null, 2)}\n`);
        return null;
      }
      if (!resume) {
        throw new RunError(
          `${this.name} holds a run already; add --resume to go on with it, or choose another --out`,
        );
      }
      const difference = differenceOf(this.readConfig(), config);
      if (difference) {
        throw new RunError(
          `the run in ${this.name} has ${difference}; resume it with the same, or choose another --out`,
        );
      }
      if (!existsSync(this.last)) return null;
      // Read now, not after all epochs are done.
      this.readBest();
      return this.readLast();
    } catch (error) {
      throw error instanceof FileError ? new RunError(error.message) : error;
    }
  }

  private get name(): string {
    return JSON.stringify(this.path);
  }

  private readConfig(): RunConfig {
    try {
      return JSON.parse(readFileSync(this.config, "utf8")) as RunConfig;
    } catch (error) {
      throw new RunError(
        `the run in ${this.name} has no config.json that can be read (${(error as Error).message}); choose another --out`,
      );
    }
  }

  /** What a run that was killed while it wrote has left. */
  private removeUnfinished(): void {
    for (const folder of [this.path, dirname(this.last)]) {
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder)) {
        if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true });
      }
    }
  }

  private readLast(): Resumed {
    const names = ["parameters", "buffers", "first", "second", "average"] as const;
    const { tensors, metadata } = readCheckpoint(this.last, names);
    const { epoch, step } = JSON.parse(metadata.state) as { epoch: number; step: number };
    const history = JSON.parse(metadata.history) as EpochRecord[];
    return { state: { epoch, step, ...tensors }, history };
  }

  /** Keeps the state after an epoch, so that the run can go on from it. */
  saveLast({ epoch, step, ...tensors }: TrainingState, history: readonly EpochRecord[]): void {
    const metadata = { state: JSON.stringify({ epoch, step }), history: JSON.stringify(history) };
    writeCheckpoint(this.last, { tensors, metadata });
    writeWhole(this.file("history.json"), `${JSON.stringify(history, null, 2)}\n`);
  }

  saveBest({ epoch, weights, logits }: Best): void {
    writeCheckpoint(this.best, { tensors: { ...weights, logits }, metadata: { epoch: String(epoch) } });
  }

  /** @throws FileError if there is none, or it cannot be read */
  readBest(): Best {
    const names = ["parameters", "buffers", "logits"] as const;
    const { tensors, metadata } = readCheckpoint(this.best, names);
    const { parameters, buffers, logits } = tensors;
    return { epoch: Number(metadata.epoch), weights: { parameters, buffers }, logits };
  }
}
