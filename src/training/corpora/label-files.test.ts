// Tests of corpora whose labels stand in files of their own, in folders as their releases have them.

import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readCorpora } from "./read.ts";

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true })));
});

async function folder(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "undertone-labels-"));
  made.push(dir);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  return dir;
}

const turn = (name: string, label: string) =>
  `[6.2901 - 8.2357]\t${name}\t${label}\t[2.5000, 2.5000, 2.5000]`;
const evaluation = (...lines: string[]) =>
  ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", "", ...lines, "C-E2:\tNeutral;\t()", ""].join(
    "\n",
  );

/** Two sessions as the release has them. */
function iemocap(below: string): Record<string, string> {
  const wav = (session: number, dialogue: string, name: string) =>
    `${below}Session${session}/sentences/wav/${dialogue}/${name}.wav`;
  const eva = (session: number, dialogue: string) =>
    `${below}Session${session}/dialog/EmoEvaluation/${dialogue}.txt`;
  return {
    [wav(1, "Ses01F_impro01", "Ses01F_impro01_F000")]: "a",
    [wav(1, "Ses01F_impro01", "Ses01F_impro01_M000")]: "b",
    [wav(1, "Ses01F_impro01", "Ses01F_impro01_M001")]: "c",
    [wav(1, "Ses01F_impro01", "Ses01F_impro01_M002")]: "d",
    [wav(2, "Ses02M_script01_1b", "Ses02M_script01_1b_F013")]: "e",
    [wav(2, "Ses02M_script01_1b", "Ses02M_script01_1b_FXX0")]: "f",
    [`${below}Session1/dialog/wav/Ses01F_impro01.wav`]: "whole",
    [`${below}Session1/dialog/avi/DivX/Ses01F_impro01.avi`]: "film",
    [eva(1, "Ses01F_impro01")]: evaluation(
      turn("Ses01F_impro01_F000", "neu"),
      turn("Ses01F_impro01_M000", "fru"),
      turn("Ses01F_impro01_M001", "xxx"),
      turn("Ses01F_impro01_M002", "exc"),
    ),
    // One listener's own view, in another form: never read.
    [`${below}Session1/dialog/EmoEvaluation/Categorical/Ses01F_impro01_e2_cat.txt`]: turn(
      "Ses01F_impro01_F000",
      "ang",
    ),
    [eva(2, "Ses02M_script01_1b")]: evaluation(turn("Ses02M_script01_1b_F013", "hap")).replaceAll(
      "\n",
      "\r\n",
    ),
  };
}

test.each([
  ["its sessions, as the data folder", ""],
  ["its own folder", "IEMOCAP_full_release/"],
])("IEMOCAP, %s: turns with the label that listeners agreed on; the rest has a reason", async (_, below) => {
  const { clips, corpora, problems } = await readCorpora(await folder(iemocap(below)));
  expect(
    clips.map(({ corpus, speaker, emotion, label, gender, lang, sentence }) => [
      ...[corpus, speaker, emotion, label, gender, lang, sentence],
    ]),
  ).toEqual([
    ["iemocap", "iemocap/Ses01F", "neutral", "neutral", "F", "en", "Ses01F_impro01_F000"],
    ["iemocap", "iemocap/Ses02F", "happy", "happy", "F", "en", "script01_1"],
  ]);
  expect(corpora).toMatchObject([{ name: "iemocap", speakers: ["Ses01F", "Ses02F"] }]);
  const why = problems.map(({ file, kind, message }) => [file.split("/").at(-1), kind, message]);
  expect(why).toEqual([
    ["Ses01F_impro01.wav", "left-out", "is a whole dialogue, whose turns lie in sentences/"],
    ["Ses01F_impro01_M000.wav", "left-out", expect.stringContaining("frustration lies between")],
    ["Ses01F_impro01_M001.wav", "left-out", expect.stringContaining("did not agree")],
    ["Ses01F_impro01_M002.wav", "left-out", expect.stringContaining("excitement")],
    [
      "Ses02M_script01_1b_FXX0.wav",
      "unknown-label",
      "has no line in dialog/EmoEvaluation/*.txt, so its emotion is not known",
    ],
  ]);
});

/** The whole release's columns, two labelled clips, one without agreement, one without a line, one without a voice. */
function mspPodcast(below: string, labels: string): Record<string, string> {
  const wav = (name: string) => `${below}Audios/MSP-PODCAST_${name}.wav`;
  return {
    [wav("0001_0008")]: "a",
    [wav("0001_0019")]: "b",
    [wav("0153_0736_0001")]: "c",
    [wav("0002_0033")]: "d",
    [wav("0002_0039")]: "e",
    [`${below}Labels/${labels}`]: [
      "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set",
      "MSP-PODCAST_0001_0008.wav,N,2.400000,4.000000,3.400000,127,Male,Test1",
      "MSP-PODCAST_0001_0019.wav,U,4.800000,2.400000,5.400000,128,Female,Train",
      "MSP-PODCAST_0153_0736_0001.wav,A,4.800000,2.400000,5.400000,Unknown,Female,Train",
      "MSP-PODCAST_0002_0033.wav,X,4.8,2.4,5.4,128,Female,Train",
    ].join("\n"),
    [`${below}Partitions.txt`]: "Test1;MSP-PODCAST_0001_0008.wav",
  };
}

test.each([
  ["its own folder, as the data folder", "", "labels_consensus.csv"],
  ["a folder of the data folder", "MSP-PODCAST-Publish-1.8/", "labels_concensus.csv"],
])("MSP-Podcast, %s: emotion, speaker and gender from its label file", async (_, below, labels) => {
  const { clips, corpora, problems } = await readCorpora(await folder(mspPodcast(below, labels)));
  expect(clips.map(({ speaker, emotion, gender }) => [speaker, emotion, gender])).toEqual([
    ["msp-podcast/127", "neutral", "M"],
    ["msp-podcast/128", "surprise", "F"],
    ["msp-podcast/unknown", "angry", "F"],
  ]);
  expect(corpora).toMatchObject([{ name: "msp-podcast", clips: 3 }]);
  expect(problems.map(({ file, kind }) => [file.split("/").at(-1), kind])).toEqual([
    ["MSP-PODCAST_0002_0033.wav", "left-out"],
    ["MSP-PODCAST_0002_0039.wav", "unknown-label"],
  ]);
  expect(corpora[0]!.warnings.join()).toContain("who speaks is not known in 1 of 3 clips");
});

test("a corpus's own classes are clips only where they are asked for", async () => {
  const dir = await folder({
    "ravdess/03-01-02-01-01-01-01.wav": "calm",
    "ravdess/03-01-03-01-01-01-01.wav": "happy",
    "ravdess/03-01-06-01-01-01-01.wav": "fear",
    "emodb/03a01Lb.wav": "boredom",
    "emodb/03a01Wb.wav": "angry",
  });
  const emotions = async (...ownClasses: ("calm" | "boredom")[]) =>
    (await readCorpora(dir, { ownClasses })).clips.map(({ emotion }) => emotion);
  expect(await emotions()).toEqual(["angry", "happy", "fear"]);
  expect(await emotions("calm")).toEqual(["angry", "calm", "happy", "fear"]);
  expect(await emotions("calm", "boredom")).toEqual(["boredom", "angry", "calm", "happy", "fear"]);
});
