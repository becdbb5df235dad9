// Tests of reading a corpus by its manifest.csv: labels, genders, what is left out and why.
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, own } from "../../../test/support/clip-folder.ts";
import { CorpusError } from "./error.ts";
import { readCorpora } from "./read.ts";

test("a manifest: quotes, labels of other people, what is left out and why", async () => {
  const odd = 'clips/a "b", c\nd.wav';
  const dir = await folder({
    ...own(
      `mine/${odd}`,
      "mine/two.opus",
      "mine/calm.wav",
      "mine/odd.wav",
      "mine/none.wav",
      "mine/unlisted.wav",
    ),
    "mine/empty.wav": "",
    "mine/README.md": "hello",
    "mine/project.aup": "not sound",
    "mine/manifest.csv": [
      "\ufeffSpeaker,Emotion,Path,lang,seconds",
      'anna,Happiness,"clips/a ""b"", c\nd.wav",de,2.5',
      "bert,anger,two.opus,,",
      "bert,calm,calm.wav,,",
      "bert,wistful,odd.wav,,",
      "bert,,none.wav,,",
      "bert,sad,gone.wav,,",
      "bert,sad,empty.wav,,",
      "bert,sad,two.opus,,",
    ].join("\r\n"),
  });
  const { clips, problems, corpora } = await readCorpora(dir);
  expect(clips).toEqual([
    {
      path: join(dir, "mine", odd),
      file: `mine/${odd}`,
      corpus: "mine",
      emotion: "happy",
      label: "Happiness",
      speaker: "mine/anna",
      lang: "de",
      seconds: 2.5,
      bytes: statSync(join(dir, "mine", odd)).size,
    },
    {
      path: join(dir, "mine/two.opus"),
      file: "mine/two.opus",
      corpus: "mine",
      emotion: "angry",
      label: "anger",
      speaker: "mine/bert",
      bytes: statSync(join(dir, "mine/two.opus")).size,
    },
  ]);
  expect(problems.map(({ file, kind, used }) => [file, kind, used])).toEqual([
    ["mine/calm.wav", "left-out", false],
    ["mine/empty.wav", "undecodable", false],
    ["mine/gone.wav", "missing", false],
    ["mine/none.wav", "unknown-label", false],
    ["mine/odd.wav", "unknown-label", false],
    ["mine/project.aup", "not-audio", false],
    ["mine/two.opus", "duplicate", true],
    ["mine/unlisted.wav", "left-out", false],
  ]);
  expect(problems.find(({ file }) => file === "mine/calm.wav")!.message).toMatch(
    /calm is a class of its own/,
  );
  expect(corpora).toMatchObject([{ name: "mine", from: "manifest", info: null, speakers: ["anna", "bert"] }]);
});

test("a gender is read however it is written; what is none, and a speaker of two, is named and the clip is used", async () => {
  const genders = ["F", " female ", "Woman", "m", "MALE", "man", "", "unknown", "Other", "w", "Frau", "w"];
  const rows = genders.map((gender, i) => `${i}.wav,sad,s${i},${gender}`);
  const dir = await folder({
    ...own(...[...genders.keys(), "x", "y", "z", "u", "v"].map((name) => `mine/${name}.wav`)),
    "mine/manifest.csv": [
      "path,emotion,speaker,gender",
      ...rows,
      ...["z.wav,sad,ann,male", "x.wav,sad,ann,F", "y.wav,sad,ann,woman"],
      // Nobody knows whether these are one person.
      ...["u.wav,sad,,F", "v.wav,sad,,M"],
    ].join("\n"),
  });
  const { clips, problems } = await readCorpora(dir);
  const heard = (i: number) => clips.find(({ file }) => file === `mine/${i}.wav`)!.gender;
  expect(genders.map((_, i) => heard(i) ?? "-").join("")).toBe("FFFMMM------");
  expect(clips).toHaveLength(genders.length + 5);
  const write = "write F (or female, woman), M (or male, man), or nothing";
  expect(problems).toEqual([
    {
      ...{ file: "mine/manifest.csv", kind: "gender", used: true },
      message: `line 11 and 1 more: the gender "w" is taken for not known; ${write}`,
    },
    {
      ...{ file: "mine/manifest.csv", kind: "gender", used: true },
      message: `line 12: the gender "Frau" is taken for not known; ${write}`,
    },
    {
      ...{ file: "mine/z.wav", kind: "gender", used: true },
      message:
        'its speaker "ann" is M in 1 and F in 2 clips, such as mine/x.wav: one is wrong, or they are two people of one name',
    },
  ]);
});

test("where names say who speaks, a manifest's genders are held to the same", async () => {
  const { clips, problems } = await readCorpora(
    await folder({
      ...own(
        "tess/OAF_back_angry.wav",
        "tess/OAF_back_sad.wav",
        "tess/OAF_bar_sad.wav",
        "tess/YAF_bar_sad.wav",
      ),
      "tess/manifest.csv":
        "path,emotion,speaker,gender\nOAF_bar_sad.wav,sad,OAF,man\nYAF_bar_sad.wav,sad,YAF,girl",
    }),
  );
  expect(clips.map(({ gender }) => gender)).toEqual(["F", "F", "M", "F"]);
  expect(problems.map(({ file, kind, used }) => [file, kind, used])).toEqual([
    ["tess/OAF_bar_sad.wav", "gender", true],
    ["tess/manifest.csv", "gender", true],
  ]);
});

test("a manifest without its columns: which, and what a right one looks like", async () => {
  const dir = await folder({ "mine/manifest.csv": "file;emotion\na.wav;sad\n", ...own("mine/a.wav") });
  await expect(readCorpora(dir)).rejects.toThrow(CorpusError);
  await expect(readCorpora(dir)).rejects.toThrow(
    'mine/manifest.csv: its first line is "file;emotion", which lacks the columns path, emotion, speaker; ' +
      "expected path,emotion,speaker[,gender,lang,seconds], such as\n" +
      "  path,emotion,speaker,lang\n  clips/one.wav,happy,anna,en",
  );
});

test("an empty manifest and one that is no CSV are said to be so", async () => {
  await expect(readCorpora(await folder({ "mine/manifest.csv": "" }))).rejects.toThrow(
    'its first line is ""',
  );
  const broken = await folder({ "mine/manifest.csv": 'path,emotion,speaker\n"a.wav,sad,x' });
  await expect(readCorpora(broken)).rejects.toThrow("mine/manifest.csv: line 2: a quote is not closed");
});
