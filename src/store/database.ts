// SQLite in this process, behind Kysely. Knows pragmas and migrations, no recording.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Kysely, SqliteDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { StoreError } from "./errors.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import type { Schema } from "./schema.ts";

export type Database = Kysely<Schema>;

/** How much each statement of a connection waits for the disk; a setting of the connection, so kept beside it. */
const connections = new WeakMap<Database, { sqlite: DatabaseSync; how: Durability | null }>();
type Durability = "durable" | "quick";

/** SQLite's code for a database that another connection holds (https://sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;
/** How many statements are kept prepared; there are fewer than this, but for lists filtered in many ways. */
const MOST_STATEMENTS = 100;

/**
 * Opens or makes the database, holds it alone, and brings its tables up to date.
 * @throws StoreError where another process holds it, it cannot be written, or a newer program made it
 */
export async function openDatabase(path: string): Promise<Database> {
  const sqlite = connect(path);
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapted(sqlite) }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw explain(path, error);
    connections.set(db, { sqlite, how: null });
    return db;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function connect(path: string): DatabaseSync {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(path, { timeout: 200 });
    // The lock is the system's, so it goes with the process however that ends. Taken at the first write.
    sqlite.exec(`
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma secure_delete = on;
      begin immediate;
      commit;
    `);
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw explain(path, error);
  }
}

function explain(path: string, error: unknown): StoreError {
  const { errcode, message } = error as { errcode?: number; message: string };
  const name = JSON.stringify(path);
  if (errcode === SQLITE_BUSY) {
    return new StoreError(
      "locked",
      `The data folder is in use: another server holds ${name}. Stop that one, or give this one another folder (--data).`,
    );
  }
  if (/previously executed migration/.test(message)) {
    return new StoreError(
      "newer",
      `${name} was made by a newer version of this program (${message}). Use that version, or another data folder.`,
    );
  }
  if (errcode === 26 || errcode === 11) {
    return new StoreError(
      "damaged",
      `${name} is no database, or a damaged one (${message}). Bring it back from a copy, or use another data folder.`,
    );
  }
  return new StoreError(
    "unwritable",
    `${name} cannot be opened for writing (${message}). Check the folder's permissions and the space on its disk.`,
    { cause: error },
  );
}

/**
 * How a write is kept: `durable` is on the disk before it returns, through a power failure too; `quick` survives the end
 * of this process at any moment, but the last ones may be undone by a power failure.
 */
export function write<T>(db: Database, how: Durability, run: (db: Database) => Promise<T>): Promise<T> {
  return db.connection().execute((one) => {
    const connection = connections.get(db)!;
    if (connection.how !== how) {
      connection.sqlite.exec(`pragma synchronous = ${how === "durable" ? "full" : "normal"}`);
      connection.how = how;
    }
    return run(one);
  });
}

/** Takes what was deleted out of the write-ahead log too: it is emptied into the database, where it was overwritten. */
export async function forget(db: Database): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}

/** `node:sqlite` in the form that Kysely's dialect asks for, with statements prepared once. */
function adapted(sqlite: DatabaseSync) {
  const prepared = new Map<string, StatementSync>();
  return {
    close: () => sqlite.close(),
    prepare(text: string) {
      let statement = prepared.get(text);
      if (!statement) {
        statement = sqlite.prepare(text);
        prepared.set(text, statement);
        if (prepared.size > MOST_STATEMENTS) prepared.delete(prepared.keys().next().value!);
      }
      const { columns, all, run, iterate } = bound(statement);
      return { reader: columns > 0, all, run, iterate };
    },
  };
}

function bound(statement: StatementSync) {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    columns: statement.columns().length,
    all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
  };
}
