// The tables, as Kysely sees them. Knows columns that SQLite and PostgreSQL both have; opens nothing.
import type { Generated } from "kysely";

/** queued -> running -> done | failed; back to queued when it is to be heard again. */
export type RecordingState = "queued" | "running" | "done" | "failed";

export interface RecordingTable {
  /** UUID version 7: its order is the order in which recordings came. */
  id: string;
  name: string;
  /** ISO 8601, UTC, as text: sorts as it reads. */
  created: string;
  bytes: number;
  type: string;
  source: "upload" | "live";
  language: string | null;
  state: RecordingState;
  error_code: string | null;
  error_message: string | null;
  /** The model it is to be heard with, and the speaker's calibration (JSON) if one came with it. */
  model: string;
  voice: string | null;
  /** The analysis without its timeline, and the timeline: JSON. Lists read the first only. */
  analysis: string | null;
  timeline: string | null;
  /** Of the analysis: the emotion, or `uncertain`; null before there is one. */
  answer: string | null;
  seconds: number | null;
  label: string | null;
  note: Generated<string>;
  batch: string | null;
  /** Name and note as they are searched: normalised, in lower case. */
  search: string;
}

export interface BatchTable {
  id: string;
  created: string;
  name: string;
}

export interface Schema {
  recordings: RecordingTable;
  batches: BatchTable;
}
