// Tests of how names become files: order, folders, links; and of work on several at once.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Input, inOrder, soundFiles } from "./inputs.ts";

function folder(files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "undertone-"));
  for (const file of files) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function names(paths: readonly string[], root: string): Promise<string[]> {
  const inputs: Input[] = await all(soundFiles(paths));
  return inputs.map(
    (input) => `${input.file.replace(`${root}/`, "")}${"error" in input ? ` ${input.error.code}` : ""}`,
  );
}

test("a folder gives its sound files, those below too, by name; hidden ones and others are passed over", async () => {
  const root = folder([
    "b.WAV",
    "a/z.opus",
    "a/b/c.m4a",
    "B.mp3",
    "notes.txt",
    ".hidden.wav",
    ".git/x.wav",
    "é.ogg",
  ]);
  expect(await names([root], root)).toEqual(["B.mp3", "a/b/c.m4a", "a/z.opus", "b.WAV", "é.ogg"]);
});

test("what is named is taken, whatever it is called and in the order given, there or not", async () => {
  const root = folder(["b.wav", "sound.data", "a/x.wav"]);
  const paths = ["sound.data", "none.wav", "a/", "b.wav", "b.wav"].map((name) => join(root, name));
  expect(await names(paths, root)).toEqual(["sound.data", "none.wav", "a/x.wav", "b.wav", "b.wav"]);
});

test("links are followed, a folder in a circle once, a link to nowhere stays to be named", async () => {
  const root = folder(["a/x.wav", "b/y.wav"]);
  symlinkSync("..", join(root, "a", "up"));
  symlinkSync("x.wav", join(root, "a", "link.wav"));
  symlinkSync("nowhere", join(root, "a", "lost.wav"));
  expect(await names([root], root)).toEqual(["a/link.wav", "a/lost.wav", "a/x.wav", "b/y.wav"]);
});

test("a folder without sound is said to be one", async () => {
  const root = folder(["notes.txt"]);
  expect(await names([root], root)).toEqual([`${root} no-sound-files`]);
});

test("several are in work at once, never more, and come out in order", async () => {
  let [now, most] = [0, 0];
  const work = async (i: number) => {
    most = Math.max(most, ++now);
    await new Promise((done) => setTimeout(done, (i * 7) % 11));
    now--;
    return i;
  };
  async function* items() {
    for (let i = 0; i < 30; i++) yield i;
  }
  expect(await all(inOrder(items(), 4, work))).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(most).toBe(4);
});
