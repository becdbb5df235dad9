// Batches: which there are, and what became of their recordings. Knows SQL, no files.
import type { Database } from "./database.ts";

export interface BatchCounts {
  id: string;
  created: string;
  name: string;
  counts: { total: number; queued: number; running: number; done: number; failed: number };
  /** By the corrected label if there is one, else the answer; and `uncertain`. */
  emotions: Record<string, number>;
  seconds: number;
}

/** @param id of one; without, all, newest first */
export async function countBatches(db: Database, id?: string): Promise<BatchCounts[]> {
  let batches = db.selectFrom("batches").selectAll().orderBy("id", "desc");
  let groups = db
    .selectFrom("recordings")
    .select(["batch", "state"])
    .select(({ fn }) => [
      fn.coalesce("label", "answer").as("emotion"),
      fn.countAll<number>().as("count"),
      fn.sum<number | null>("seconds").as("seconds"),
    ])
    .where("batch", "is not", null)
    .groupBy(["batch", "state", "emotion"]);
  if (id !== undefined) {
    batches = batches.where("id", "=", id);
    groups = groups.where("batch", "=", id);
  }
  const counted = new Map<string, BatchCounts>();
  for (const row of await batches.execute()) {
    const counts = { total: 0, queued: 0, running: 0, done: 0, failed: 0 };
    counted.set(row.id, { ...row, counts, emotions: {}, seconds: 0 });
  }
  for (const { batch, state, emotion, count, seconds } of await groups.execute()) {
    const sum = counted.get(batch!);
    if (!sum) continue;
    sum.counts.total += Number(count);
    sum.counts[state] += Number(count);
    sum.seconds += seconds ?? 0;
    if (emotion !== null) sum.emotions[emotion] = (sum.emotions[emotion] ?? 0) + Number(count);
  }
  return [...counted.values()];
}

/** @returns the ids of its recordings; null: there is no such batch */
export function deleteBatch(db: Database, id: string): Promise<string[] | null> {
  return db.transaction().execute(async (all) => {
    if (!(await hasBatch(all, id))) return null;
    const rows = await all.deleteFrom("recordings").where("batch", "=", id).returning("id").execute();
    await all.deleteFrom("batches").where("id", "=", id).execute();
    return rows.map((row) => row.id);
  });
}

export async function hasBatch(db: Database, id: string): Promise<boolean> {
  return (await db.selectFrom("batches").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;
}
