import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CorpusError } from "./error.ts";
import { mapLimited } from "./pool.ts";
import { readCorpora, requireEmotions } from "./read.ts";

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true })));
});

/** A folder with these files; a file whose text is `null` gets bytes of its own, so that it repeats no other. */
async function folder(files: Record<string, string | null>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "undertone-corpora-"));
  made.push(dir);
  const folders = new Set(Object.keys(files).map((file) => join(dir, dirname(file))));
  for (const path of folders) await mkdir(path, { recursive: true });
  const write = ([file, text]: [string, string | null]) =>
    writeFile(join(dir, file), text ?? `sound of ${file}`);
  await mapLimited(Object.entries(files), 32, write);
  return dir;
}
const own = (...files: string[]) => Object.fromEntries(files.map((file) => [file, null]));

test("TESS by its names: speaker, word, emotion; ps is surprise; the extension and the case do not matter", async () => {
  const dir = await folder(own("OAF_back_angry.wav", "YAF_germ_ps.flac", "oaf_bar_SAD.MP3"));
  const { clips, corpora, problems } = await readCorpora(dir);
  expect(problems).toEqual([]);
  expect(
    clips.map(({ file, speaker, sentence, emotion, label }) => [file, speaker, sentence, emotion, label]),
  ).toEqual([
    ["OAF_back_angry.wav", "tess/OAF", "back", "angry", "angry"],
    ["YAF_germ_ps.flac", "tess/YAF", "germ", "surprise", "ps"],
    ["oaf_bar_SAD.MP3", "tess/OAF", "bar", "sad", "sad"],
  ]);
  expect(clips[0]).toMatchObject({
    path: join(dir, "OAF_back_angry.wav"),
    corpus: "tess",
    gender: "F",
    lang: "en",
  });
  expect(corpora).toMatchObject([
    {
      name: "tess",
      folder: ".",
      from: "file names",
      clips: 3,
      speakers: ["OAF", "YAF"],
      emotions: { angry: 1, sad: 1, surprise: 1 },
      sentences: 3,
      lacks: ["2797 of its 2800 clips", "clips of disgust, fear, happy, neutral"],
    },
  ]);
});

test("OA_bite_neutral is OAF, is used, and is named", async () => {
  const { clips, problems } = await readCorpora(await folder(own("OA_bite_neutral.wav", "OAF_bite_sad.wav")));
  expect(clips.map(({ speaker }) => speaker)).toEqual(["tess/OAF", "tess/OAF"]);
  expect(problems).toMatchObject([{ file: "OA_bite_neutral.wav", kind: "misnamed", used: true }]);
});

test("the Kaggle archive holds all twice: each file once, the copies named", async () => {
  const twice = {
    "tess/OAF_Fear/OAF_back_fear.wav": "fear",
    "tess/YAF_sad/YAF_back_sad.wav": "sadness",
    "tess/tess copy/OAF_Fear/OAF_back_fear.wav": "fear",
    "tess/tess copy/YAF_sad/YAF_back_sad.wav": "sadness",
  };
  const { clips, corpora, problems } = await readCorpora(await folder(twice));
  expect(clips.map(({ file }) => file)).toEqual([
    "tess/OAF_Fear/OAF_back_fear.wav",
    "tess/YAF_sad/YAF_back_sad.wav",
  ]);
  expect(problems).toEqual([
    {
      file: "tess/tess copy/OAF_Fear/OAF_back_fear.wav",
      kind: "duplicate",
      message: "is the same recording as tess/OAF_Fear/OAF_back_fear.wav",
      used: false,
    },
    {
      file: "tess/tess copy/YAF_sad/YAF_back_sad.wav",
      kind: "duplicate",
      message: "is the same recording as tess/YAF_sad/YAF_back_sad.wav",
      used: false,
    },
  ]);
  expect(corpora).toMatchObject([{ name: "tess", folder: "tess" }]);
});

test("the original's folders, given as the data folder, are one corpus; a stray name is left out", async () => {
  const files = own("OAF_Fear/OAF_back_fear.wav", "YAF_sad/YAF_back_sad.wav", "YAF_sad/YAF_bar_sad.wav");
  const { clips, corpora, problems } = await readCorpora(
    await folder({ ...files, ...own("YAF_sad/noise.wav") }),
  );
  expect(corpora).toMatchObject([{ name: "tess", folder: ".", clips: 3 }]);
  expect(clips).toHaveLength(3);
  expect(problems).toMatchObject([{ file: "YAF_sad/noise.wav", kind: "misnamed", used: false }]);
});

test("names win over manifest.csv, which adds the seconds and shows what is missing", async () => {
  const dir = await folder({
    ...own("tess/OAF_back_angry.wav", "tess/YAF_back_sad.wav"),
    "tess/manifest.csv":
      "path,emotion,speaker,gender,lang,seconds\nOAF_back_angry.wav,happy,nobody,F,en-CA,1.5\nYAF_bar_ps.wav,ps,YAF,,,",
  });
  const { clips, problems } = await readCorpora(dir);
  expect(clips).toMatchObject([
    { emotion: "angry", speaker: "tess/OAF", seconds: 1.5, lang: "en-CA" },
    { emotion: "sad", speaker: "tess/YAF", lang: "en" },
  ]);
  expect(problems).toEqual([
    {
      file: "tess/YAF_bar_ps.wav",
      kind: "missing",
      message: "is named in tess/manifest.csv, line 3, and is not there",
      used: false,
    },
  ]);
});

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

test("a folder per emotion: nobody knows who speaks, and the summary says what that costs", async () => {
  const dir = await folder(
    own("Angry/a.wav", "02 happy/day/b.wav", "calm/c.wav", "wistful/d.wav", "wistful/e.wav"),
  );
  const { clips, corpora, problems } = await readCorpora(dir);
  const name = dir.split("/").at(-1)!;
  expect(clips.map(({ file, emotion, speaker }) => [file, emotion, speaker])).toEqual([
    ["02 happy/day/b.wav", "happy", `${name}/unknown`],
    ["Angry/a.wav", "angry", `${name}/unknown`],
  ]);
  expect(corpora[0]!.from).toBe("folders");
  expect(corpora[0]!.warnings).toEqual([expect.stringMatching(/who speaks is not known in 2 of 2 clips/)]);
  expect(problems.map(({ file, kind, message }) => [file, kind, message])).toEqual([
    ["calm/c.wav", "left-out", expect.stringMatching(/^is "calm": calm is a class/)],
    [
      "wistful",
      "unknown-label",
      expect.stringMatching(/"wistful" is in no table.*: 2 audio files are left out$/),
    ],
  ]);
});

test("one folder per corpus; what lies beside them, and sound that is no corpus, is named", async () => {
  const dir = await folder({
    ...own(
      "stray.wav",
      "tess/OAF_back_angry.wav",
      "mine/a.wav",
      "noise/rain/1.wav",
      "noise/sea/2.wav",
      "docs/x.md",
    ),
    "mine/manifest.csv": "path,emotion,speaker\na.wav,sad,anna",
  });
  const { corpora, clips, problems } = await readCorpora(dir);
  expect(corpora.map(({ name, folder }) => [name, folder])).toEqual([
    ["mine", "mine"],
    ["tess", "tess"],
  ]);
  expect(clips.map(({ file }) => file)).toEqual(["mine/a.wav", "tess/OAF_back_angry.wav"]);
  expect(problems).toMatchObject([
    {
      file: "noise",
      kind: "left-out",
      message: expect.stringMatching(/^holds 2 audio files but is no corpus/),
    },
    { file: "stray.wav", kind: "left-out" },
  ]);
});

test("the same bytes under two emotions: the second is left out and the doubt is said", async () => {
  const { clips, problems } = await readCorpora(await folder({ "sad/a.wav": "same", "angry/a.wav": "same" }));
  expect(clips.map(({ emotion }) => emotion)).toEqual(["angry"]);
  expect(problems).toMatchObject([
    {
      file: "sad/a.wav",
      message: "is the same recording as angry/a.wav, which is angry where this is sad: one is wrong",
    },
  ]);
});

test("links are followed, a loop once; hidden files are passed over; a dead link is named", async () => {
  const dir = await folder(
    own("data/sad/a.wav", "data/sad/._a.wav", "data/.cache/happy/b.wav", "elsewhere/c.wav"),
  );
  await symlink(join(dir, "elsewhere"), join(dir, "data/happy"));
  await symlink(join(dir, "data"), join(dir, "data/sad/loop"));
  await symlink(join(dir, "nowhere"), join(dir, "data/sad/dead.wav"));
  const { clips, problems } = await readCorpora(join(dir, "data"));
  expect(clips.map(({ file }) => file)).toEqual(["happy/c.wav", "sad/a.wav"]);
  expect(problems).toMatchObject([{ file: "sad/dead.wav", kind: "missing" }]);
});

test("no folder, a file, or nothing to use: the message names it and the way out", async () => {
  const dir = await folder({ ...own("sad/a.wav", "sad/b.wav", "notes/c.txt") });
  await expect(readCorpora(join(dir, "gone"))).rejects.toThrow(
    /Data folder ".*gone": there is none, expected .* one folder per corpus$/,
  );
  await expect(readCorpora(join(dir, "sad/a.wav"))).rejects.toThrow(/it is a file, expected a folder/);
  const one = await readCorpora(dir);
  expect(() => requireEmotions(one, "data", 2)).toThrow(
    'Data folder "data": all 2 clips are sad, expected two emotions or more',
  );
  expect(() => requireEmotions(one, "data", 1)).not.toThrow();
  expect(one.corpora[0]!.warnings.join()).toMatch(/one emotion, sad: training needs two/);
  const none = await readCorpora(await folder(own("rain/a.wav")));
  expect(() => requireEmotions(none, "data", 1)).toThrow(
    /no clip in it can be used \(1 left out, such as rain: holds 1/,
  );
});

test("10,000 files", async () => {
  const words = Array.from(
    { length: 5000 },
    (_, i) => `w${i.toString(26).replace(/\d/g, (d) => "qrstuvwxyz"[+d]!)}`,
  );
  const dir = await folder(own(...words.flatMap((word) => [`OAF_${word}_sad.wav`, `YAF_${word}_ps.wav`])));
  const { clips, problems } = await readCorpora(dir);
  expect(problems).toEqual([]);
  expect(new Set(clips.map(({ file }) => file)).size).toBe(10_000);
});

const data = new URL("../../../../shared/data/", import.meta.url).pathname;
const real = test.skipIf(!existsSync(data));

real("the eight real corpora (needs ../shared/data): every known defect is found, nothing else", async () => {
  const { corpora, clips, problems } = await readCorpora(data);
  expect(corpora.map(({ name, clips, speakers }) => [name, clips, speakers.length])).toEqual([
    ["ased", 2474 - 4, 65],
    ["banglaser", 1466 - 2, 34],
    ["emodb", 535 - 81, 10],
    ["emotiontts", 300, 15],
    ["nemo", 4481, 9],
    ["ravdess", 1440 - 192 - 1, 24],
    ["tess", 2240, 2],
    ["turev-db", 1735 - 408, 6],
  ]);
  expect(clips).toHaveLength(13_983);
  const named = problems.filter(({ kind }) => kind !== "left-out").map(({ file, kind }) => `${kind} ${file}`);
  expect(named).toEqual([
    "duplicate ased/01Neutral/n1-07-02-02-53.opus",
    "gender ased/02Fearful/f2-01-01-02-15.opus",
    "gender ased/02Fearful/f2-02-01-02-25.opus",
    "gender ased/02Fearful/f2-07-02-02-21.opus",
    "duplicate ased/03Happy/h3-01-02-02-08.opus",
    "gender ased/04Sad/s4-01-02-02-09.opus",
    "duplicate ased/04Sad/s4-03-02-01-23.opus",
    "gender ased/04Sad/s4-04-01-02-23.opus",
    "duplicate ased/05Angry/a5-07-02-02-63.opus",
    "misnamed banglaser/01-01-04-02-03-01-15.opus",
    "misnamed banglaser/01-01-04-02-03-02-15.opus",
    "misnamed banglaser/01-01-04-02-03-03-15.opus",
    "duplicate banglaser/03-01-01-01-01-03-17.opus",
    "duplicate banglaser/03-01-01-01-03-03-15.opus",
    "duplicate ravdess/03-01-03-01-02-02-07.opus",
    "misnamed tess/OA_bite_neutral.opus",
  ]);
  const tess = corpora.find(({ name }) => name === "tess")!;
  expect(tess).toMatchObject({ sentences: 200, lacks: ["560 of its 2800 clips"], warnings: [] });
});
