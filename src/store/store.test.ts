// Tests of the store: what is kept, found, changed and gone, and what a start puts right.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type KeptAnalysis, type NewRecording, openStore, type Store } from "./index.ts";

const open: Store<KeptAnalysis>[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close().catch(() => {});
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "undertone-store-"));
  folders.push(folder);
  return folder;
}

async function start(folder = newFolder()): Promise<Store<KeptAnalysis>> {
  const store = await openStore<KeptAnalysis>(folder);
  open.push(store);
  return store;
}

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

function about(changes: Partial<NewRecording> = {}): NewRecording {
  const plain = { language: null, voice: null, batch: null };
  return { name: "a.wav", type: "audio/wav", source: "upload", model: "m", ...plain, ...changes };
}

async function add(store: Store<KeptAnalysis>, changes: Partial<NewRecording> = {}, text = "sound") {
  return store.keep(await store.receive(chunks(text)), about(changes));
}

async function answered(store: Store<KeptAnalysis>, emotion: string | null, changes?: Partial<NewRecording>) {
  const { id } = await add(store, changes);
  await store.claim(id);
  await store.finish(id, { seconds: 2, emotion, timeline: [{ start: 0 }], model: "m@1" } as KeptAnalysis);
  return id;
}

test("a sound that is received is kept as it came, and is there again after a start", async () => {
  const store = await start();
  const voice = { mean: [1], spread: [2] };
  const received = await store.receive(chunks("ab", "", "cde"));
  const kept = await store.keep(received, about({ name: "Zoë.wav", language: "de", voice }));
  expect(kept).toMatchObject({
    ...{ name: "Zoë.wav", bytes: 5, type: "audio/wav", source: "upload", language: "de", state: "queued" },
    ...{ error: null, analysis: null, label: null, note: "", batch: null, model: "m", voice },
  });
  expect(readFileSync(store.audioPath(kept.id), "utf8")).toBe("abcde");
  await store.close();
  const again = await start(store.folder);
  expect(await again.get(kept.id)).toEqual(kept);
});

test("a sound that breaks off, or is dropped, leaves nothing", async () => {
  const store = await start();
  async function* broken() {
    yield Buffer.from("half");
    throw new Error("cut");
  }
  await expect(store.receive(broken())).rejects.toThrow("cut");
  await store.drop(await store.receive(chunks("whole")));
  expect(readdirSync(join(store.folder, "audio"))).toEqual([]);
});

test("states move one way, and an analysis is kept whole, in lists without its timeline", async () => {
  const store = await start();
  const { id } = await add(store);
  expect(await store.finish(id, { seconds: 1, emotion: "sad", timeline: [] })).toBe(false);
  expect(await store.claim(id)).toMatchObject({ id, state: "running" });
  expect(await store.claim(id)).toBeNull();
  const analysis = { seconds: 1.5, emotion: "sad", timeline: [{ start: 0, end: 1.5 }], more: { deep: true } };
  expect(await store.finish(id, analysis)).toBe(true);
  expect(await store.get(id)).toMatchObject({ state: "done", analysis });
  const { items } = await store.list({ limit: 1 });
  expect(items[0]!.analysis).toEqual({ ...analysis, timeline: [] });

  expect(await store.requeue(id, "other")).toBe(true);
  expect(await store.queued()).toEqual([id]);
  await store.claim(id);
  await store.fail(id, { code: "broken", message: "It broke." });
  expect(await store.get(id)).toMatchObject({
    ...{ state: "failed", model: "other", analysis },
    error: { code: "broken", message: "It broke." },
  });
});

test("pages are newest first and stable while others come and go", async () => {
  const store = await start();
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.unshift((await add(store, { name: `${i}` })).id);
  const first = await store.list({ limit: 3 });
  expect(first).toMatchObject({ total: 7, next: ids[2] });
  expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 3));
  await add(store, { name: "newer" });
  await store.remove(ids[2]!);
  const second = await store.list({ limit: 3, cursor: first.next! });
  expect(second.items.map(({ id }) => id)).toEqual(ids.slice(3, 6));
  const third = await store.list({ limit: 3, cursor: second.next! });
  expect(third.items.map(({ id }) => id)).toEqual(ids.slice(6));
  expect(third.next).toBeNull();
});

test("each gives all of many, once", async () => {
  const store = await start();
  for (let i = 0; i < 405; i++) await add(store, { name: `${i}` });
  const names: string[] = [];
  for await (const { name } of store.each({})) names.push(name);
  expect(names).toEqual(Array.from({ length: 405 }, (_, i) => `${404 - i}`));
});

test("filters: the corrected label over the answer, uncertain, words, days, state and batch", async () => {
  const store = await start();
  const { id: batch } = await store.createBatch("calls");
  const sad = await answered(store, "sad", { name: "Straße 100%.wav" });
  const happy = await answered(store, "happy", { batch });
  const unsure = await answered(store, null, { name: "x_y.wav" });
  const waiting = (await add(store, { name: "xzy.wav" })).id;
  await store.change(happy, { label: "sad", note: "Anruf MIT Mutter\nzwei" });
  const found = async (filter: object) =>
    (await store.list({ limit: 50, ...filter })).items.map(({ id }) => id);
  expect(await found({ emotion: "sad" })).toEqual([happy, sad]);
  expect(await found({ emotion: "happy" })).toEqual([]);
  expect(await found({ emotion: "uncertain" })).toEqual([unsure]);
  expect(await found({ q: "STRAßE" })).toEqual([sad]);
  expect(await found({ q: "100%" })).toEqual([sad]);
  expect(await found({ q: "x_y" })).toEqual([unsure]);
  expect(await found({ q: "mutter anruf" })).toEqual([happy]);
  expect(await found({ q: "a.wav mutter" })).toEqual([happy]);
  expect(await found({ state: "queued" })).toEqual([waiting]);
  expect(await found({ batch })).toEqual([happy]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await found({ from: today, to: today })).length).toBe(4);
  expect(await found({ from: "2999-01-01" })).toEqual([]);
  expect(await found({ to: "1999-12-31" })).toEqual([]);
  await store.change(happy, {});
  await store.change(happy, { label: null });
  expect(await found({ emotion: "happy" })).toEqual([happy]);
});

test("a batch counts its recordings, and goes with them", async () => {
  const store = await start();
  const { id } = await store.createBatch("calls");
  expect(await store.batch(id)).toMatchObject({
    name: "calls",
    counts: { total: 0 },
    emotions: {},
    seconds: 0,
  });
  await answered(store, "sad", { batch: id });
  await answered(store, "sad", { batch: id });
  const unsure = await answered(store, null, { batch: id });
  const other = await answered(store, "fear");
  const last = await add(store, { batch: id });
  await store.claim(last.id);
  await store.fail(last.id, { code: "x", message: "y" });
  expect(await store.batch(id)).toMatchObject({
    counts: { total: 4, queued: 0, running: 0, done: 3, failed: 1 },
    emotions: { sad: 2, uncertain: 1 },
    seconds: 6,
  });
  await store.change(unsure, { label: "angry" });
  expect((await store.batches())[0]!.emotions).toEqual({ sad: 2, angry: 1 });
  expect((await store.removeBatch(id))!.length).toBe(4);
  expect(await store.removeBatch(id)).toBeNull();
  expect(readdirSync(join(store.folder, "audio"))).toEqual([other]);
  expect((await store.list({ limit: 9 })).total).toBe(1);
});

test("a batch that is not there takes no recording, and keeps no sound", async () => {
  const store = await start();
  await expect(add(store, { batch: "none" })).rejects.toMatchObject({ code: "no-batch" });
  expect(readdirSync(join(store.folder, "audio"))).toEqual([]);
});

test("many at once: all are kept but those of a batch that is not there, and each under its own name", async () => {
  const store = await start();
  const { id: batch } = await store.createBatch("here");
  const names = Array.from({ length: 40 }, (_, i) => `${i}.wav`);
  const batches = names.map((_, i) => [null, batch, "none"][i % 3]!);
  const all = await Promise.allSettled(
    names.map((name, i) => add(store, { name, batch: batches[i]! }, name)),
  );
  for (const [i, one] of all.entries()) {
    if (batches[i] === "none") expect(one).toMatchObject({ reason: { code: "no-batch" } });
    if (one.status !== "fulfilled") continue;
    expect(one.value).toEqual(await store.get(one.value.id));
    expect(readFileSync(store.audioPath(one.value.id), "utf8")).toBe(one.value.name);
  }
  expect((await store.list({ limit: 1 })).total).toBe(27);
  expect(readdirSync(join(store.folder, "audio")).length).toBe(27);
});

test("gone is gone: no file, no row, and no trace of its words in any file of the database", async () => {
  const store = await start();
  const { id } = await add(store, { name: "SECRETNAME.wav" });
  await store.change(id, { note: "SECRETNOTE" });
  writeFileSync(store.evidencePath(id), "{}");
  const bytes = () =>
    readdirSync(store.folder)
      .filter((file) => file.startsWith("undertone.db"))
      .map((file) => readFileSync(join(store.folder, file), "latin1"))
      .join("");
  expect(bytes()).toContain("SECRETNOTE");
  expect(await store.remove(id)).toBe(true);
  expect(await store.remove(id)).toBe(false);
  expect(await store.get(id)).toBeNull();
  expect(existsSync(store.audioPath(id)) || existsSync(store.evidencePath(id))).toBe(false);
  expect(bytes()).not.toMatch(/secretn/i);
});

test("a start queues again what was at work, sweeps what has no record, and says whose sound is missing", async () => {
  const store = await start();
  const running = (await add(store)).id;
  await store.claim(running);
  const lost = await answered(store, "sad");
  const whole = await answered(store, "sad");
  writeFileSync(store.evidencePath(whole), "{}");
  await store.close();
  rmSync(store.audioPath(lost));
  for (const stray of ["audio/x.part", "audio/stray", "evidence/stray.json", `evidence/${whole}.json.part`])
    writeFileSync(join(store.folder, stray), "half");

  const again = await start(store.folder);
  expect(await again.queued()).toEqual([running]);
  expect(await again.get(lost)).toMatchObject({ state: "failed", error: { code: "audio-missing" } });
  expect(await again.get(whole)).toMatchObject({ state: "done" });
  expect(readdirSync(join(store.folder, "audio")).sort()).toEqual([running, whole].sort());
  expect(readdirSync(join(store.folder, "evidence"))).toEqual([`${whole}.json`]);
});

test("a folder is held by one at a time, and let go", async () => {
  const store = await start();
  await expect(openStore(store.folder)).rejects.toMatchObject({ code: "locked" });
  await store.close();
  await start(store.folder);
});

test("sounds whose record was lost are not swept away", async () => {
  const store = await start();
  const { id } = await add(store);
  await store.close();
  for (const file of readdirSync(store.folder).filter((name) => name.startsWith("undertone.db")))
    rmSync(join(store.folder, file));
  await expect(openStore(store.folder)).rejects.toMatchObject({ code: "record-missing" });
  expect(existsSync(store.audioPath(id))).toBe(true);
});

test.each([
  ["no database", "undertone.db", "damaged"],
  ["a file where the sounds should be", "audio", "unwritable"],
])("%s: %s says so", async (_, file, code) => {
  const folder = newFolder();
  writeFileSync(join(folder, file), "no database at all, just a text of some length".repeat(40));
  await expect(openStore(folder)).rejects.toMatchObject({ code });
});
