// A run's folder: what stands where, and whether a run may go on in it. Knows files, not training.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FileError, readCheckpoint, writeCheckpoint, writeWhole } from "./checkpoint.ts";
import type { EpochRecord } from "./report/index.ts";
import type { TrainingState, Weights } from "./trainer.ts";

/** What decides a run's weights: two runs with the same are the same. */
export interface RunConfig {
  recipe: string;
  seed: number;
  epochs: number;
  workers: number;
  /** The split's protocol and what it holds out. */
  protocol: string;
  heldOut: string;
  /** Clips to train on, to validate on, and to test on. */
  clips: { train: number; validation: number; test: number };
  /** SHA-256 over the names and labels of all clips, part by part. */
  fingerprint: string;
}

/** The weights to use, what they say of the validation clips, and the epoch they are from. */
export interface Best {
  epoch: number;
  weights: Weights;
  /** `[clips, K]` */
  logits: Float32Array;
}

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  private get last(): string {
    return this.file("checkpoints", "last.safetensors");
  }

  private get best(): string {
    return this.file("checkpoints", "best.safetensors");
  }

  /**
   * Makes the folder ready for a run of `config`.
   * @throws FileError if it holds another run, or one that was not to be resumed
   */
  open(config: RunConfig, resume: boolean): { state: TrainingState; history: EpochRecord[] } | null {
    const known = this.file("config.json");
    if (!existsSync(known)) {
      if (existsSync(this.last))
        throw new FileError(`${this.path} has checkpoints but no config.json; choose another --out`);
      writeWhole(known, `${JSON.stringify(config, null, 2)}\n`);
      return null;
    }
    if (!resume) {
      throw new FileError(
        `${JSON.stringify(this.path)} holds a run already; add --resume to go on with it, or choose another --out`,
      );
    }
    const before = JSON.parse(readFileSync(known, "utf8")) as RunConfig;
    for (const key of Object.keys(config) as (keyof RunConfig)[]) {
      const [was, is] = [JSON.stringify(before[key]), JSON.stringify(config[key])];
      if (was !== is) {
        throw new FileError(
          `the run in ${JSON.stringify(this.path)} was started with ${key} ${was}, this call has ${is}; resume it with the same, or choose another --out`,
        );
      }
    }
    return existsSync(this.last) ? this.readLast() : null;
  }

  private readLast(): { state: TrainingState; history: EpochRecord[] } {
    const { tensors, metadata } = readCheckpoint(this.last);
    const { parameters, buffers, first, second, average } = tensors;
    const { epoch, step } = JSON.parse(metadata.state) as { epoch: number; step: number };
    const history = JSON.parse(metadata.history) as EpochRecord[];
    return { state: { epoch, step, parameters, buffers, first, second, average }, history };
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

  /** @throws FileError if no epoch was finished yet */
  readBest(): Best {
    const { tensors, metadata } = readCheckpoint(this.best);
    const { parameters, buffers, logits } = tensors;
    return { epoch: Number(metadata.epoch), weights: { parameters, buffers }, logits };
  }
}
