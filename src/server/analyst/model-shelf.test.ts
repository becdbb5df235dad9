// Tests of the shelf of models: loaded once, again when the file has changed, the oldest let go, no failure kept.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ModelShelf } from "./model-shelf.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
afterAll(() => rmSync(dir, { recursive: true }));

function shelfOf(most: number) {
  const log: string[] = [];
  const shelf = new ModelShelf(async (path) => {
    const name = basename(path);
    if (name.startsWith("bad")) throw new Error(`${name} is bad`);
    log.push(`+${name}`);
    return { name, dispose: async () => void log.push(`-${name}`) };
  }, most);
  return { shelf, log };
}

function file(name: string, text = "model"): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

test("a model is loaded once, whoever asks at the same time", async () => {
  const { shelf, log } = shelfOf(2);
  const a = file("a");
  const [one, two] = await Promise.all([shelf.get(a), shelf.get(a)]);
  expect(one).toBe(two);
  expect(await shelf.get(a)).toBe(one);
  expect(log).toEqual(["+a"]);
});

test("where there is no room, the one unused longest goes", async () => {
  const { shelf, log } = shelfOf(2);
  const [a, b, c] = ["a", "b", "c"].map((name) => file(name));
  for (const path of [a, b, a, c, a, b]) await shelf.get(path!);
  expect(log).toEqual(["+a", "+b", "+c", "-b", "+b", "-c"]);
});

test("a file that has changed is loaded again, and what it was is let go", async () => {
  const { shelf, log } = shelfOf(2);
  const a = file("a");
  await shelf.get(a);
  writeFileSync(a, "model!");
  await shelf.get(a);
  utimesSync(a, 1, 1);
  await shelf.get(a);
  expect(log.toSorted()).toEqual(["+a", "+a", "+a", "-a", "-a"]);
});

test("a failure is not kept, and costs no place", async () => {
  const { shelf, log } = shelfOf(1);
  const [a, bad] = [file("a"), file("bad")];
  await expect(shelf.get(bad)).rejects.toThrow("bad is bad");
  await expect(shelf.get(bad)).rejects.toThrow("bad is bad");
  await shelf.get(a);
  expect(log).toEqual(["+a"]);
});
