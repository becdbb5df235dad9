// What the folder of a run says: its record, its epochs, its score, its model. Knows files, no process.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../server/index.ts";
import { type EpochRecord, type Score, writeWhole } from "../training/index.ts";

/** What stands in a run's folder beside what training writes. */
export interface RunRecord {
  id: string;
  recipe: string;
  seed: number;
  epochs: number;
  /** ISO 8601, UTC. */
  created: string;
  state: Run["state"];
  error: string | null;
}

const RECORD = "run.json";

/** The records of the runs that stand in a folder. */
export function readRecords(runs: string): RunRecord[] {
  return readdirSync(runs).flatMap((name) => {
    const record = readJson<RunRecord>(join(runs, name, RECORD));
    return record?.id === name ? [record] : [];
  });
}

export function keepRecord(folder: string, record: RunRecord): void {
  writeWhole(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/** A run as its folder has it. */
export function readRun(folder: string, record: RunRecord): Run {
  const history = historyOf(folder);
  const last = history.at(-1);
  return {
    ...record,
    // What learns from a teacher has no accuracy to draw.
    history: history.flatMap(({ epoch, trainLoss, validationLoss, validationAccuracy, best }) =>
      validationLoss === null || validationAccuracy === null
        ? []
        : { epoch, trainLoss, validationLoss, validationAccuracy, best },
    ),
    score: scoreOf(folder),
    clipsPerSecond: last?.clipsPerSecond ?? null,
    secondsLeft: record.state === "running" ? secondsLeft(history, record.epochs, historyTime(folder)) : null,
    model: null,
  };
}

/** Whether it learnt to its end and was measured. */
export function isWhole(folder: string, { epochs }: RunRecord): boolean {
  return exists(join(folder, "evaluation.json")) && historyOf(folder).length === epochs;
}

/** The path of the model that it made; null: it made none. */
export function modelOf(folder: string): string | null {
  const path = join(folder, "model.onnx");
  return exists(path) ? path : null;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function historyOf(folder: string): EpochRecord[] {
  return readJson<EpochRecord[]>(join(folder, "history.json")) ?? [];
}

/** What was measured: the test part if there is one, else the clips that chose the epoch. */
function scoreOf(folder: string): Run["score"] {
  const evaluation = readJson<{ protocol: string; heldOut: string; validation: Score; test: Score | null }>(
    join(folder, "evaluation.json"),
  );
  if (!evaluation) return null;
  const { protocol, heldOut, validation, test } = evaluation;
  const about = test
    ? { protocol, heldOut }
    : { protocol: "validation", heldOut: `${validation.clips} clips of voices that it knows` };
  const { wa, uar, labels, confusion } = test ?? validation;
  return { ...about, wa, uar, labels, confusion };
}

/** When the last epoch ended, milliseconds; 0: none has. */
export function historyTime(folder: string): number {
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
