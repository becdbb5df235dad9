// What is kept of a recording, as objects: from rows and into rows. Knows columns and JSON, no SQL.
import type { Selectable } from "kysely";
import type { RecordingState, RecordingTable } from "./schema.ts";

/** What is kept of an analysis: anything that is JSON, of which these parts are known. */
export interface KeptAnalysis {
  seconds: number;
  /** `null`: uncertain. */
  emotion: string | null;
  timeline: unknown[];
}

/** A recording as it is kept. `Answer` is what the keeper calls an analysis. */
export interface Kept<Answer extends KeptAnalysis> {
  id: string;
  name: string;
  created: string;
  bytes: number;
  type: string;
  source: "upload" | "live";
  language: string | null;
  state: RecordingState;
  error: { code: string; message: string } | null;
  /** The last one that came to an end; its timeline is empty in lists. */
  analysis: Answer | null;
  label: string | null;
  note: string;
  batch: string | null;
  /** What it is to be heard with. */
  model: string;
  voice: unknown;
}

/** What is known of a recording when it comes. */
export interface NewRecording {
  name: string;
  type: string;
  source: "upload" | "live";
  language: string | null;
  model: string;
  voice: unknown;
  batch: string | null;
}

/** What an `uncertain` answer is called where answers are filtered and counted. */
export const UNCERTAIN = "uncertain";

/** Columns of a list; alone, a recording has `timeline` too. */
export const LISTED = [
  ...(["id", "name", "created", "bytes", "type", "source", "language", "state", "error_code"] as const),
  ...(["error_message", "analysis", "label", "note", "batch", "model", "voice"] as const),
];

export type Row = Selectable<RecordingTable>;

type Listed = Pick<Row, (typeof LISTED)[number]> & { timeline?: string | null };

export function fromRow<Answer extends KeptAnalysis>(row: Listed): Kept<Answer> {
  const { error_code, error_message, analysis, timeline, voice } = row;
  const { id, name, created, bytes, type, source, language, state, label, note, batch, model } = row;
  return {
    ...{ id, name, created, type, source, language, state, label, note, batch, model },
    bytes: Number(bytes),
    error: error_code === null ? null : { code: error_code, message: error_message ?? "" },
    analysis: analysis && { ...JSON.parse(analysis), timeline: timeline ? JSON.parse(timeline) : [] },
    voice: voice === null ? null : JSON.parse(voice),
  };
}

export function newRow(id: string, bytes: number, { voice, ...rest }: NewRecording): Row {
  return {
    ...rest,
    id,
    bytes,
    created: new Date().toISOString(),
    state: "queued",
    error_code: null,
    error_message: null,
    voice: voice === null || voice === undefined ? null : JSON.stringify(voice),
    analysis: null,
    timeline: null,
    answer: null,
    seconds: null,
    label: null,
    note: "",
    search: searchable(rest.name, ""),
  };
}

/** The columns of an analysis. */
export function analysisColumns({ timeline, ...rest }: KeptAnalysis) {
  return {
    analysis: JSON.stringify(rest),
    timeline: JSON.stringify(timeline),
    answer: rest.emotion ?? UNCERTAIN,
    seconds: rest.seconds,
  };
}

/** Text as it is compared: without differences of case and of how letters are composed. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

export function searchable(name: string, note: string): string {
  return folded(`${name}\n${note}`);
}
