// Tests of reading a data folder: corpora known by their names, folders per emotion, what is named and left out.
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, own } from "../../../test/support/clip-folder.ts";
import { readCorpora, requireEmotions } from "./read.ts";

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
