// The first tables: recordings and batches. Never changed once released: a later file changes what this one made.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("batches")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("created", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("recordings")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created", "text", (column) => column.notNull())
    .addColumn("bytes", "bigint", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull().check(sql`source in ('upload', 'live')`))
    .addColumn("language", "text")
    .addColumn("state", "text", (column) =>
      column.notNull().check(sql`state in ('queued', 'running', 'done', 'failed')`),
    )
    .addColumn("error_code", "text")
    .addColumn("error_message", "text")
    .addColumn("model", "text", (column) => column.notNull())
    .addColumn("voice", "text")
    .addColumn("analysis", "text")
    .addColumn("timeline", "text")
    .addColumn("answer", "text")
    .addColumn("seconds", "double precision")
    .addColumn("label", "text")
    .addColumn("note", "text", (column) => column.notNull().defaultTo(""))
    .addColumn("batch", "text", (column) => column.references("batches.id"))
    .addColumn("search", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("recordings_state").on("recordings").columns(["state", "id"]).execute();
  await db.schema.createIndex("recordings_batch").on("recordings").columns(["batch", "id"]).execute();
}
