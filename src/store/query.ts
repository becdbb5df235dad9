// Which recordings are meant: a filter as conditions. Knows columns and LIKE, no rows.
import { type SelectQueryBuilder, sql } from "kysely";
import { folded } from "./recording.ts";
import type { RecordingState, Schema } from "./schema.ts";

export interface Filter {
  /** The corrected label if there is one, else the answer; `uncertain` for none. */
  emotion?: string;
  /** Words, each of which stands in the name or the note. */
  q?: string;
  /** First and last day, UTC, `YYYY-MM-DD`. */
  from?: string;
  to?: string;
  state?: RecordingState;
  batch?: string;
}

export interface PageQuery extends Filter {
  /** Of the page before. */
  cursor?: string;
  limit: number;
}

export interface Page<Item> {
  items: Item[];
  /** Cursor of the next page; null: this is the last. */
  next: string | null;
  /** How many fit the filter. */
  total: number;
}

type Recordings = SelectQueryBuilder<Schema, "recordings", object>;

export function filtered(all: Recordings, { emotion, q, from, to, state, batch }: Filter): Recordings {
  let query = all;
  if (emotion !== undefined) query = query.where(({ fn }) => fn.coalesce("label", "answer"), "=", emotion);
  if (from !== undefined) query = query.where("created", ">=", from);
  if (to !== undefined) query = query.where("created", "<=", `${to}T23:59:59.999Z`);
  if (state !== undefined) query = query.where("state", "=", state);
  if (batch !== undefined) query = query.where("batch", "=", batch);
  for (const word of folded(q ?? "")
    .split(/\s+/)
    .filter(Boolean)) {
    const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
    query = query.where(sql<boolean>`search like ${pattern} escape '\\'`);
  }
  return query;
}
