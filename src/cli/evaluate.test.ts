// Tests of `undertone evaluate` as a process: numbers worked out by hand, leaks, lost clips, exit codes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";
import { tinyCard, tinyModel, tone } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const at = (...names: string[]) => join(dir, ...names);

/** A corpus with a manifest: for each clip its emotion, who speaks, and the logarithm of its power. */
function writeCorpus(
  folder: string,
  clips: readonly [emotion: string, speaker: string, level: number][],
): void {
  mkdirSync(folder, { recursive: true });
  const rows = clips.map(([emotion, speaker, level], i) => {
    // Of different lengths: the same recording twice would be a duplicate.
    writeFileSync(join(folder, `${i}.wav`), wavBytes(tone(0.5 + i / 100, Math.exp(level))));
    return `${i}.wav,${emotion},${speaker}`;
  });
  writeFileSync(join(folder, "manifest.csv"), ["path,emotion,speaker", ...rows].join("\n"));
}

beforeAll(() => {
  writeFileSync(at("tiny.onnx"), tinyModel());
  // The model hears happy at -4, neutral at -5, sad at -6 (and angry at -1).
  writeCorpus(at("data", "mine"), [
    ["happy", "ann", -4],
    ["happy", "ann", -4],
    ["happy", "bo", -4],
    // Nearer to neutral than to happy; but neutral is not among this corpus's emotions.
    ["happy", "bo", -4.6],
    ["happy", "ann", -6],
    ["sad", "ann", -6],
    ["sad", "bo", -6],
  ]);
});
afterAll(() => rmSync(dir, { recursive: true }));

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await undertone(["evaluate", ...args, "--json"], dir);
  return {
    code,
    stderr,
    lines: stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
};

test("JSON has the fields of the contract, and the numbers that are worked out by hand", async () => {
  const { code, stderr, lines } = await json("tiny.onnx", "--data", "data");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(lines.length).toBe(1);
  expect(Object.keys(lines[0])).toEqual([
    ...["model", "corpus", "clips", "wa", "uar", "low", "high", "ece", "answered", "wa_answered"],
    ...["recall", "confusion", "labels", "confident", "warnings"],
  ]);
  const { low, high, ...rest } = lines[0];
  expect(rest).toEqual({
    ...{ model: "tiny@1", corpus: "mine", clips: 7 },
    // 6 of 7 right. Confidences are 1, and 1 / (1 + e^-6.4) between the two: (7 - 0.0017 - 6) / 7 too high.
    ...{ wa: 0.8571, uar: 0.9, ece: 0.1426, answered: 1, wa_answered: 0.8571 },
    recall: { happy: 0.8, sad: 1 },
    confusion: [
      [4, 1],
      [0, 2],
    ],
    labels: ["happy", "sad"],
    // Of the 70 % (5 of 7) that are surest, the one at -6 that is no "sad" is among the first.
    confident: 0.8,
    warnings: [expect.stringContaining("what the model was trained on is not known")],
  });
  expect(low).toBeGreaterThan(0.3);
  expect(low).toBeLessThan(0.8571);
  expect(high).toBe(1);
});

test("--open offers all the model's emotions: what is nearer to neutral is then wrong", async () => {
  const { code, lines } = await json("tiny.onnx", "--data", "data", "--open");
  expect(code).toBe(0);
  const { labels, confusion, recall, wa, uar } = lines[0];
  expect(labels).toEqual(tinyCard().emotions);
  expect({ recall, wa, uar }).toEqual({ recall: { happy: 0.6, sad: 1 }, wa: 0.7143, uar: 0.8 });
  const [happy, neutral, sad] = ["happy", "neutral", "sad"].map((emotion) => labels.indexOf(emotion));
  expect(confusion[happy!][neutral!]).toBe(1);
  expect(confusion[happy!][sad!]).toBe(1);
  expect(confusion.flat().reduce((a: number, b: number) => a + b)).toBe(7);
});

test("one emotion leaves nothing to choose, and is told to be no score", async () => {
  writeCorpus(at("one", "mine"), [["happy", "ann", -6]]);
  const { lines } = await json("tiny.onnx", "--data", "one");
  expect(lines[0].warnings.join()).toContain(
    "there is one emotion, and nothing else to choose: this is no score",
  );
});

test("the model's threshold decides what is answered", async () => {
  writeFileSync(at("bold.onnx"), tinyModel(tinyCard({ threshold: 0.9 })));
  const { lines } = await json("bold.onnx", "--data", "data", "--open");
  // All but the clip between happy and neutral reach 0.9; of these 6, one is wrong.
  expect(lines[0]).toMatchObject({ answered: 0.8571, wa_answered: 0.8333 });
});

test("for people: the same numbers, and a mark where the model has heard the voice", async () => {
  const corpora = [
    { name: "mine", licence: "ours", speakers: 1, clips: 3, languages: [], voices: ["mine/ann"] },
  ];
  writeFileSync(at("knows.onnx"), tinyModel(tinyCard({ corpora })));
  const { code, stdout } = await undertone(["evaluate", "knows.onnx", "--data", "data"], dir);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^mine {2}7 clips, each to be one of its 2 emotions\n {2}WA {3}85\.71 % {2}\(95 %: .*\n {2}UAR {2}90\.00 %\n {2}ECE {2}0\.143\n/,
  );
  expect(stdout).toMatch(/^ {2}happy █+░+ +80\.0 %$/m);
  expect(stdout).toMatch(/^ {2}happy +4 +1$/m);
  expect(stdout).toContain("! 1 speaker stands on both sides (mine/ann): this is no score on unseen voices");
});

test("women and men by themselves, where the corpus says who is which", async () => {
  writeCorpus(at("said", "mine"), [
    ["happy", "ann", -4],
    ["sad", "ann", -6],
    ["happy", "bo", -4],
    ["sad", "bo", -4],
  ]);
  const manifest = at("said", "mine", "manifest.csv");
  const [head, ...rows] = readFileSync(manifest, "utf8").split("\n");
  const named = rows.map((row) => `${row},${row.includes("ann") ? "F" : "M"}`);
  writeFileSync(manifest, [`${head},gender`, ...named].join("\n"));
  const { lines } = await json("tiny.onnx", "--data", "said");
  expect(lines[0]).toMatchObject({ uar: 0.75, by_gender: { F: { clips: 2, uar: 1 }, M: { uar: 0.5 } } });
  const { stdout } = await undertone(["evaluate", "tiny.onnx", "--data", "said"], dir);
  expect(stdout).toMatch(
    /^ {2}UAR {2}75\.00 %\n {7}women 100\.00 % \(2 clips\), men 50\.00 % \(2 clips\)\n/m,
  );
});

describe("--voices", () => {
  test("each speaker's voice, known by all of his clips; told beside what is heard of nobody's", async () => {
    writeCorpus(at("voices", "mine"), [
      ["happy", "ann", -4],
      ["happy", "ann", -4],
      ["sad", "ann", -6],
      ["sad", "ann", -6],
      // Too few clips for a voice.
      ["sad", "bo", -6],
    ]);
    const { code, lines } = await json("tiny.onnx", "--data", "voices", "--voices");
    expect(code).toBe(0);
    // Ann's mean is -5 and her spread 1: what she says is heard at 1 and -1, to which happy is nearer than sad.
    expect(lines[0]).toMatchObject({ uar: 1, by_all_clips: { clips: 5, voices_known: 1, speakers: 2 } });
    expect(lines[0].by_all_clips.recall).toEqual({ happy: 1, sad: expect.closeTo(1 / 3, 3) });
    expect(lines[0]).not.toHaveProperty("by_neutral_clips");
    const { stdout } = await undertone(["evaluate", "tiny.onnx", "--data", "voices", "--voices"], dir);
    expect(stdout).toMatch(
      /^ {2}with each voice known by all of its clips:\n {4}WA 60\.00 % {2}UAR 66\.67 % {2}ECE 0\.\d{3}\n {4}sure/m,
    );
    expect(stdout).toContain("! 1 of 2 voices are known; the others have fewer than four clips\n");
  });

  test("of a corpus that does not say who speaks, it is said that no voice can be known", async () => {
    writeCorpus(at("nameless", "mine"), [
      ["happy", "", -4],
      ["sad", "", -6],
    ]);
    const { code, lines } = await json("tiny.onnx", "--data", "nameless", "--voices");
    expect(code).toBe(0);
    expect(lines[0].warnings.join()).toContain(
      "no voice is known: nobody who is named has four clips or more",
    );
    expect(lines[0]).not.toHaveProperty("by_all_clips");
  });
});

describe("what cannot be scored", () => {
  test("is named with the reason; every other clip and corpus is scored; 1", async () => {
    writeCorpus(at("some", "a"), [
      ["happy", "ann", -4],
      ["sad", "ann", -6],
      ["sad", "ann", -6],
      ["sad", "ann", -6],
    ]);
    writeFileSync(at("some", "a", "1.wav"), "no sound, but words\n");
    writeFileSync(at("some", "a", "2.wav"), wavBytes(tone(0.05, 0.01)));
    writeFileSync(at("some", "a", "3.wav"), "");
    writeCorpus(at("some", "b"), [["happy", "cy", -4]]);
    writeFileSync(at("some", "b", "0.wav"), "words again, and nothing else in this corpus\n");
    writeCorpus(at("some", "c"), [["angry", "di", -1]]);
    const { code, stderr, lines } = await json("tiny.onnx", "--data", "some");
    expect(code).toBe(1);
    expect(lines.map(({ corpus, clips, wa }) => [corpus, clips, wa])).toEqual([
      ["a", 1, 1],
      ["c", 1, 1],
    ]);
    for (const [file, reason] of [
      ["a/1.wav", ".*"],
      ["a/2.wav", ".*0\\.25 s"],
      ["a/3.wav", "is empty: 0 bytes"],
      ["b/0.wav", ".*"],
    ]) {
      expect(stderr).toMatch(new RegExp(`^left out ${file}: ${reason}`, "m"));
    }
  });

  test("nothing at all: 2", async () => {
    writeCorpus(at("none", "b"), [["happy", "cy", -4]]);
    writeFileSync(at("none", "b", "0.wav"), "words\n");
    const { code, stderr, lines } = await json("tiny.onnx", "--data", "none");
    expect({ code, lines }).toEqual({ code: 2, lines: [] });
    expect(stderr).toContain('no clip of none could be scored; "undertone corpora check"');
  });

  test("an emotion that the model does not know is said and not scored", async () => {
    const emotions = ["angry", "disgust", "fear", "happy", "neutral", "grief", "surprise"];
    writeFileSync(at("other.onnx"), tinyModel(tinyCard({ emotions })));
    const { code, stderr, lines } = await json("other.onnx", "--data", "data");
    expect(code).toBe(0);
    expect(stderr).toContain(
      "mine: 2 clips have an emotion that the model does not know; they are not scored",
    );
    expect(lines[0]).toMatchObject({ clips: 5, labels: ["happy"] });
  });
});

test.each([
  ["no such model", ["none.onnx", "--data", "data"], '"none.onnx" does not exist'],
  ["no such folder", ["tiny.onnx", "--data", "nowhere"], 'Data folder "nowhere": there is none'],
  ["no data", ["tiny.onnx"], "--data"],
])("a wrong call, %s: 2", async (_, args, what) => {
  const { code, stderr, lines } = await json(...args);
  expect({ code, lines }).toEqual({ code: 2, lines: [] });
  expect(stderr).toContain(what);
});
