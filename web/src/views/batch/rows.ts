// One table from two sources: the files that this tab sends, and the recordings that the service has. Pure.
import type { Recording } from "../../api/types.ts";
import type { Upload } from "./upload-queue.ts";

export type RowState = "waiting" | "sending" | "queued" | "running" | "done" | "failed" | "cancelled";

export type BatchRow = {
  key: string;
  name: string;
  state: RowState;
  /** 0..1 of what its state is about. */
  progress: number;
  /** What went wrong, a sentence. */
  error: string | null;
  recording: Recording | null;
};

export function rowOfUpload({ index, name, state, progress, error, recording }: Upload): BatchRow {
  const key = String(index);
  if (state === "sent" && recording) return { ...rowOfRecording(recording), key, name };
  return {
    ...{ key, name, progress },
    state: state === "sent" ? "queued" : state,
    error: error?.message ?? null,
    recording: null,
  };
}

export function rowOfRecording(recording: Recording): BatchRow {
  const { id, name, state, progress, error } = recording;
  return { key: id, name, state, progress, error: error?.message ?? null, recording };
}

export type Tally = {
  total: number;
  states: Record<RowState, number>;
  /** How many were answered so, by emotion; `uncertain` for none. */
  emotions: Record<string, number>;
};

export function tallyOf(rows: readonly BatchRow[]): Tally {
  const states = { waiting: 0, sending: 0, queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  const emotions: Record<string, number> = {};
  for (const { state, recording } of rows) {
    states[state]++;
    if (state !== "done" || !recording) continue;
    const emotion = recording.label ?? recording.analysis?.emotion ?? "uncertain";
    emotions[emotion] = (emotions[emotion] ?? 0) + 1;
  }
  return { total: rows.length, states, emotions };
}
