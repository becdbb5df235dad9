import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unknownCard } from "../speech/index.ts";
import type { Clip } from "./corpora/index.ts";
import { findLeaks, findLeaksOfModel } from "./leaks.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "undertone-leaks-"));
});
afterAll(() => rm(dir, { recursive: true }));

let count = 0;
/** A clip whose file holds `content`, or something of its own. */
async function clip(speaker: string, sentence?: string, content = `content ${count}`): Promise<Clip> {
  const file = `${count++}.wav`;
  await writeFile(join(dir, file), content);
  const corpus = speaker.split("/")[0]!;
  const known = sentence === undefined ? {} : { sentence };
  return { path: join(dir, file), file, corpus, emotion: "sad", label: "sad", speaker, ...known };
}

test("nothing in common: nothing to say", async () => {
  const a = [await clip("tess/OAF", "back"), await clip("b/1")];
  const b = [await clip("tess/YAF", "bar"), await clip("b/2")];
  expect(await findLeaks(a, b)).toEqual([]);
});

test("a speaker, a sentence and a recording on both sides are each named", async () => {
  const a = [
    await clip("tess/OAF", "back", "same"),
    await clip("tess/OAF", "bar"),
    await clip("b/1", "bath"),
  ];
  const b = [await clip("tess/OAF", "bar"), await clip("b/1", "back"), await clip("b/2", "bath", "same")];
  expect(await findLeaks(a, b)).toEqual([
    "2 speakers stand on both sides (b/1, tess/OAF): this is no score on unseen voices",
    "2 sentences stand on both sides (b/bath, tess/bar)",
    "1 recording stands on both sides",
  ]);
});

test("the same word in two corpora is no shared sentence", async () => {
  expect(await findLeaks([await clip("a/1", "dog")], [await clip("b/1", "dog")])).toEqual([]);
});

test("the very same file is a recording on both sides, a file that has gone is none", async () => {
  const one = await clip("a/1");
  const gone = { ...(await clip("b/1")), path: join(dir, "gone.wav") };
  expect(await findLeaks([one, gone], [one, gone])).toEqual([
    expect.stringMatching(/^2 speakers/),
    "1 recording stands on both sides",
  ]);
});

test("many names are cut short, and counted", async () => {
  const a = await Promise.all(Array.from({ length: 8 }, (_, i) => clip(`a/${i}`)));
  const b = await Promise.all(Array.from({ length: 8 }, (_, i) => clip(`a/${i}`)));
  expect(await findLeaks(a, b)).toEqual([
    "8 speakers stand on both sides (a/0, a/1, a/2, a/3, a/4 and 3 more): this is no score on unseen voices",
  ]);
});

test("where nobody knows who speaks, that is said instead", async () => {
  expect(
    await findLeaks([await clip("own/unknown")], [await clip("own/unknown"), await clip("b/1")]),
  ).toEqual([
    expect.stringMatching(/^who speaks is not known in 1 of the 1 clips that are trained on/),
    expect.stringMatching(/^who speaks is not known in 1 of the 2 clips that are measured/),
  ]);
});

test("a model's card says whom it has heard", async () => {
  const card = unknownCard("m");
  const clips = [await clip("tess/OAF"), await clip("tess/YAF")];
  expect(findLeaksOfModel(card, clips)).toEqual([
    expect.stringMatching(/what the model was trained on is not known/),
  ]);
  const tess = { name: "tess", licence: "CC BY-NC-ND 4.0", speakers: 1, clips: 3, languages: ["en"] };
  expect(findLeaksOfModel({ ...card, corpora: [{ ...tess, voices: ["tess/OAF"] }] }, clips)).toEqual([
    "1 speaker stands on both sides (tess/OAF): this is no score on unseen voices",
  ]);
  expect(findLeaksOfModel({ ...card, corpora: [tess] }, clips)).toEqual([
    "the model was trained on tess, and its card does not say with which voices",
  ]);
  expect(findLeaksOfModel({ ...card, corpora: [{ ...tess, name: "emodb" }] }, clips)).toEqual([]);
});
