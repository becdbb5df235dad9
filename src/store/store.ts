// Recordings and batches: the record and the sound together, so that neither is ever shown without the other.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Updateable } from "kysely";
import { AudioFolder, type Received } from "./audio-folder.ts";
import { type BatchCounts, countBatches, deleteBatch, hasBatch } from "./batches.ts";
import { type Database, forget, openDatabase, write } from "./database.ts";
import { StoreError } from "./errors.ts";
import { newId } from "./ids.ts";
import { type Filter, filtered, type Page, type PageQuery } from "./query.ts";
import {
  analysisColumns,
  fromRow,
  type Kept,
  type KeptAnalysis,
  LISTED,
  type NewRecording,
  newRow,
  type Row,
  searchable,
} from "./recording.ts";
import type { RecordingTable } from "./schema.ts";
import { together } from "./together.ts";

/** How many rows are read at once where all are wanted. */
const STRIDE = 200;

/**
 * Opens the data folder, makes it where there is none, and puts right what the end of the last process left: half files
 * go, sounds without a record go, what was waiting or at work waits again, a record without its sound says so.
 *
 * @throws StoreError where the folder is in use, cannot be written, or lost its record
 */
export async function openStore<Answer extends KeptAnalysis>(folder: string): Promise<Store<Answer>> {
  let files: AudioFolder;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    files = await AudioFolder.open(folder);
  } catch (error) {
    throw new StoreError(
      "unwritable",
      `The data folder ${JSON.stringify(folder)} cannot be made or written: ${(error as Error).message}. ` +
        "Check its permissions, or name another one (--data).",
      { cause: error },
    );
  }
  try {
    const path = join(folder, "undertone.db");
    if (!existsSync(path) && !(await files.isEmpty())) {
      throw new StoreError(
        "record-missing",
        `${JSON.stringify(folder)} holds sounds, but its record undertone.db is not there. Bring it back, or move the ` +
          "folder audio/ away.",
      );
    }
    const db = await openDatabase(path);
    const store = new Store<Answer>(folder, db, files);
    await store.recover();
    return store;
  } catch (error) {
    await files.close();
    throw error;
  }
}

export class Store<Answer extends KeptAnalysis> {
  readonly folder: string;
  readonly #db: Database;
  readonly #files: AudioFolder;

  /** Use `openStore`. */
  constructor(folder: string, db: Database, files: AudioFolder) {
    this.folder = folder;
    this.#db = db;
    this.#files = files;
  }

  async recover(): Promise<void> {
    const rows = await this.#db.selectFrom("recordings").select("id").execute();
    const known = new Set(rows.map(({ id }) => id));
    const there = await this.#files.sweep((id) => known.has(id));
    await write(this.#db, "durable", async (db) => {
      await db.updateTable("recordings").set({ state: "queued" }).where("state", "=", "running").execute();
      for (const id of known) {
        if (there.has(id)) continue;
        const message =
          "The sound of this recording is no longer in the data folder. Delete it, or send it again.";
        await db
          .updateTable("recordings")
          .set({ state: "failed", error_code: "audio-missing", error_message: message })
          .where("id", "=", id)
          .execute();
      }
    });
  }

  /** Writes a sound to disk as it comes, whole or not at all; it is no recording until it is kept. */
  receive(chunks: AsyncIterable<Uint8Array>): Promise<Received> {
    return this.#files.receive(newId(), chunks);
  }

  /** A received sound that is not wanted. */
  drop(received: Received): Promise<void> {
    return this.#files.drop(received);
  }

  /**
   * Makes a received sound a recording, `queued`. When this returns, nothing but a broken disk can lose it.
   * @throws StoreError "no-batch" where its batch is gone; the sound is then gone too
   */
  async keep(received: Received, about: NewRecording): Promise<Kept<Answer>> {
    const row = newRow(received.id, received.bytes, about);
    const isKept = await this.#keep({ received, row });
    if (isKept) return fromRow(row);
    throw new StoreError("no-batch", `There is no batch ${JSON.stringify(about.batch)}.`);
  }

  /** Many that come at once wait for the disk together. @returns of each, whether its batch is there */
  readonly #keep = together<{ received: Received; row: Row }, boolean>(async (all) => {
    await this.#files.keep(all.map(({ received }) => received));
    const known = new Set<string | null>([null]);
    try {
      await write(this.#db, "durable", (db) =>
        db.transaction().execute(async (now) => {
          for (const { row } of all) if (row.batch && (await hasBatch(now, row.batch))) known.add(row.batch);
          const rows = all.map(({ row }) => row).filter(({ batch }) => known.has(batch));
          if (rows.length > 0) await now.insertInto("recordings").values(rows).execute();
        }),
      );
    } catch (error) {
      for (const { received } of all) await this.#files.remove(received.id);
      throw error;
    }
    for (const { row } of all) if (!known.has(row.batch)) await this.#files.remove(row.id);
    return all.map(({ row }) => known.has(row.batch));
  });

  /** One recording, with its timeline. */
  async get(id: string): Promise<Kept<Answer> | null> {
    const row = await this.#db
      .selectFrom("recordings")
      .select([...LISTED, "timeline"])
      .where("id", "=", id)
      .executeTakeFirst();
    return row ? fromRow(row) : null;
  }

  /** Newest first. A page goes on after its cursor whatever came or went meanwhile. */
  async list({ cursor, limit, ...filter }: PageQuery): Promise<Page<Kept<Answer>>> {
    let query = filtered(this.#db.selectFrom("recordings"), filter);
    const { total } = await query
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    if (cursor !== undefined) query = query.where("id", "<", cursor);
    const rows = await query
      .select(LISTED)
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    const more = rows.length > limit;
    const items = rows.slice(0, limit).map((row) => fromRow<Answer>(row));
    return { items, next: more ? items.at(-1)!.id : null, total: Number(total) };
  }

  /** All that fit, newest first, some at a time. */
  async *each(filter: Filter): AsyncGenerator<Kept<Answer>> {
    for (let cursor: string | undefined; ; ) {
      let query = filtered(this.#db.selectFrom("recordings"), filter);
      if (cursor !== undefined) query = query.where("id", "<", cursor);
      const rows = await query.select(LISTED).orderBy("id", "desc").limit(STRIDE).execute();
      for (const row of rows) yield fromRow<Answer>(row);
      if (rows.length < STRIDE) return;
      cursor = rows.at(-1)!.id;
    }
  }

  /** What is `queued`, the oldest first. */
  async queued(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom("recordings")
      .select("id")
      .where("state", "=", "queued")
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  }

  /** A person's own words. */
  async change(id: string, { label, note }: { label?: string | null; note?: string }): Promise<void> {
    if (label === undefined && note === undefined) return;
    await write(this.#db, "durable", async (db) => {
      const row = await db.selectFrom("recordings").select("name").where("id", "=", id).executeTakeFirst();
      if (!row) return;
      await db
        .updateTable("recordings")
        .set({
          ...(label !== undefined && { label }),
          ...(note !== undefined && { note, search: searchable(row.name, note) }),
        })
        .where("id", "=", id)
        .execute();
    });
  }

  /** queued -> running. @returns the recording; null where it was not queued */
  async claim(id: string): Promise<Kept<Answer> | null> {
    const row = await write(this.#db, "quick", (db) =>
      db
        .updateTable("recordings")
        .set({ state: "running" })
        .where("id", "=", id)
        .where("state", "=", "queued")
        .returning(LISTED)
        .executeTakeFirst(),
    );
    return row ? fromRow(row) : null;
  }

  /** -> queued: heard again, with another model if one is named. @returns whether it is there */
  requeue(id: string, model?: string): Promise<boolean> {
    const again = {
      state: "queued" as const,
      error_code: null,
      error_message: null,
      ...(model && { model }),
    };
    return this.#move(id, ["queued", "running", "done", "failed"], again);
  }

  /** running -> done. @returns whether it was running: not, where it was deleted or queued again meanwhile */
  finish(id: string, analysis: Answer): Promise<boolean> {
    const done = { state: "done" as const, error_code: null, error_message: null };
    return this.#move(id, ["running"], { ...done, ...analysisColumns(analysis) });
  }

  /** running -> failed. An analysis that it had stays. @returns whether it was running */
  fail(id: string, { code, message }: { code: string; message: string }): Promise<boolean> {
    return this.#move(id, ["running"], { state: "failed", error_code: code, error_message: message });
  }

  /** A state that is undone by a power failure is come to again: so these need no sync. */
  async #move(
    id: string,
    from: readonly Kept<Answer>["state"][],
    to: Updateable<RecordingTable>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await write(this.#db, "quick", (db) =>
      db.updateTable("recordings").set(to).where("id", "=", id).where("state", "in", from).executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  /** Really: the record first, so that nothing shows it, then the sound. @returns whether it was there */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await write(this.#db, "durable", (db) =>
      db.deleteFrom("recordings").where("id", "=", id).executeTakeFirst(),
    );
    await this.#files.remove(id);
    await forget(this.#db);
    return numDeletedRows > 0n;
  }

  async createBatch(name: string): Promise<BatchCounts> {
    const row = { id: newId(), created: new Date().toISOString(), name };
    await write(this.#db, "durable", (db) => db.insertInto("batches").values(row).execute());
    return (await this.batch(row.id))!;
  }

  async batch(id: string): Promise<BatchCounts | null> {
    return (await countBatches(this.#db, id))[0] ?? null;
  }

  /** Newest first. */
  batches(): Promise<BatchCounts[]> {
    return countBatches(this.#db);
  }

  /** A batch with its recordings. @returns their ids; null: there is no such batch */
  async removeBatch(id: string): Promise<string[] | null> {
    const gone = await write(this.#db, "durable", (db) => deleteBatch(db, id));
    for (const recording of gone ?? []) await this.#files.remove(recording);
    await forget(this.#db);
    return gone;
  }

  audioPath(id: string): string {
    return this.#files.audioPath(id);
  }

  evidencePath(id: string): string {
    return this.#files.evidencePath(id);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    await this.#files.close();
  }
}
