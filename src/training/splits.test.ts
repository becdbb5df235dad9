import { expect, test } from "vitest";
import { EMOTIONS } from "../speech/index.ts";
import type { Clip } from "./corpora/index.ts";
import {
  byGroup,
  leaveOneOut,
  randomSplit,
  type Split,
  strangersChoose,
  unseenSpeaker,
  unseenWords,
} from "./splits.ts";

/** Speakers x emotions x words, as TESS is. */
function corpus(name: string, speakers: number, words: number, change: Partial<Clip> = {}): Clip[] {
  const clips: Clip[] = [];
  for (let s = 0; s < speakers; s++) {
    for (let w = 0; w < words; w++) {
      for (const emotion of EMOTIONS) {
        const file = `${name}/${s}_${w}_${emotion}.wav`;
        const clip = {
          path: `/data/${file}`,
          file,
          corpus: name,
          emotion,
          label: emotion,
          speaker: `${name}/${s}`,
        };
        clips.push({ ...clip, sentence: `w${w}`, ...change });
      }
    }
  }
  return clips;
}
const tess = corpus("tess", 2, 20);
const files = (clips: readonly Clip[]) => clips.map((clip) => clip.file);
const of = <T>(clips: readonly Clip[], key: (clip: Clip) => T) => new Set(clips.map(key));
const apart = <T>(a: Set<T>, b: Set<T>) => [...a].every((x) => !b.has(x));

/** Every clip in exactly one part. */
function expectPartition({ train, validation, test }: Split, all: readonly Clip[]) {
  expect(files([...train, ...validation, ...test]).sort()).toEqual(files(all).sort());
}

test("random: 20 % and 10 % of each speaker's each emotion, every clip once, the same for the same seed", () => {
  const split = randomSplit(tess, { seed: 1 });
  expectPartition(split, tess);
  // 20 words: 4 of each stratum are measured; of the 16 that remain 1.6, so 22 of 224 in all.
  for (const stratum of Map.groupBy(split.test, (c) => c.speaker + c.emotion).values())
    expect(stratum).toHaveLength(4);
  expect(split.validation).toHaveLength(22);
  for (const stratum of Map.groupBy(split.validation, (c) => c.speaker + c.emotion).values()) {
    expect([1, 2]).toContain(stratum.length);
  }
  expect(randomSplit(tess, { seed: 1 })).toEqual(split);
  expect(files(randomSplit(tess, { seed: 2 }).test)).not.toEqual(files(split.test));
});

test("random: with the test part elsewhere, all clips train or validate", () => {
  const split = randomSplit(tess, { seed: 1, test: 0 });
  expect(split.test).toEqual([]);
  expect(split.validation).toHaveLength(28);
});

test("unseen words: no word on two sides, both speakers on each", () => {
  const split = unseenWords(tess, { seed: 3 });
  expectPartition(split, tess);
  const [train, validation, measured] = [split.train, split.validation, split.test].map((c) =>
    of(c, (x) => x.sentence),
  );
  expect([train!.size, validation!.size, measured!.size]).toEqual([14, 2, 4]);
  expect(new Set([...train!, ...validation!, ...measured!]).size).toBe(20);
  expect(of(split.test, (clip) => clip.speaker).size).toBe(2);
});

test("unseen speaker, TESS both ways: validation is other words of the voice that trains, never the test's", () => {
  for (const split of leaveOneOut(tess, "speaker", { seed: 5 })) {
    expectPartition(split, tess);
    expect(of(split.test, (clip) => clip.speaker)).toEqual(new Set([split.heldOut]));
    expect(split.train.concat(split.validation).some((clip) => clip.speaker === split.heldOut)).toBe(false);
    expect(split.validationBy).toBe("sentence");
    expect(
      apart(
        of(split.validation, (c) => c.sentence),
        of(split.train, (c) => c.sentence),
      ),
    ).toBe(true);
    expect(of(split.validation, (c) => c.sentence).size).toBe(2);
    expect(split.protocol).toBe("unseen speaker");
  }
  expect(leaveOneOut(tess, "speaker", { seed: 5 }).map(({ heldOut }) => heldOut)).toEqual([
    "tess/0",
    "tess/1",
  ]);
  expect(unseenSpeaker(tess, "tess/1", { seed: 5 })).toEqual(leaveOneOut(tess, "speaker", { seed: 5 })[1]);
});

test("with voices to spare, validation speakers are in no other part", () => {
  const many = corpus("many", 12, 3);
  const split = unseenSpeaker(many, "many/7", { seed: 1, validation: 0.2 });
  expectPartition(split, many);
  expect(split.validationBy).toBe("speaker");
  const speakers = [split.train, split.validation, split.test].map((part) =>
    of(part, (clip) => clip.speaker),
  );
  expect(speakers.map((set) => set.size)).toEqual([9, 2, 1]);
  expect(apart(speakers[0]!, speakers[1]!)).toBe(true);
});

test("by group: each speaker is measured once, and parts are about equal", () => {
  const uneven = [...corpus("a", 6, 2), ...corpus("b", 3, 6)];
  const splits = byGroup(uneven, "speaker", 4, { seed: 2 });
  expect(splits).toHaveLength(4);
  expect(files(splits.flatMap((split) => split.test)).sort()).toEqual(files(uneven).sort());
  // 210 clips in four parts: three parts hold one speaker of 42 and one or two of 14, one holds the rest.
  for (const split of splits) {
    expectPartition(split, uneven);
    expect(split.test.length).toBeGreaterThanOrEqual(42);
    expect(split.test.length).toBeLessThanOrEqual(70);
  }
});

test("leave one corpus out: none of its voices is anywhere else", () => {
  const all = [...tess, ...corpus("b", 5, 2)];
  const splits = leaveOneOut(all, "corpus", { seed: 1 });
  expect(splits.map(({ heldOut, protocol }) => [heldOut, protocol])).toEqual([
    ["tess", "unseen corpus"],
    ["b", "unseen corpus"],
  ]);
  expect(files(splits[0]!.test)).toEqual(files(tess));
  expect(splits[0]!.validationBy).toBe("speaker");
});

test("where neither speakers nor sentences are known, validation is other clips, and says so", () => {
  const strangers = corpus("own", 1, 6, { speaker: "own/unknown", sentence: undefined });
  const [split] = leaveOneOut([...corpus("b", 1, 2), ...strangers], "corpus", { seed: 1 });
  expect(split!.heldOut).toBe("b");
  expect(split!.validationBy).toBe("clip");
  expect(split!.validation).toHaveLength(4);
});

test("a few clips still leave one to choose the checkpoint", () => {
  const split = randomSplit(tess.slice(0, 5), { seed: 1, test: 0 });
  expect([split.train.length, split.validation.length]).toEqual([4, 1]);
});

test("what cannot be split honestly is refused, with the way out", () => {
  const strangers = corpus("own", 1, 3, { speaker: "own/unknown" });
  const mute = corpus("mute", 2, 3, { sentence: undefined });
  const seed = { seed: 1 };
  expect(() => leaveOneOut([...tess, ...strangers], "speaker", seed)).toThrow(
    /who speaks in own\/0_0_angry.wav is not known/,
  );
  expect(() => leaveOneOut(tess, "corpus", seed)).toThrow(
    "by corpus: there is tess alone, expected two corpora or more",
  );
  expect(() => leaveOneOut(corpus("a", 1, 3), "speaker", seed)).toThrow(
    "there is a/0 alone, expected two speakers",
  );
  expect(() => byGroup(tess, "speaker", 3, seed)).toThrow("3 folds of 2 speakers, expected 2 to 2");
  expect(() => unseenSpeaker(tess, "tess/OAF", seed)).toThrow(
    "there is no tess/OAF, expected one of tess/0, tess/1",
  );
  expect(() => unseenWords(mute, seed)).toThrow(/what is said in mute\/0_0_angry.wav is not known/);
  expect(() => unseenWords(corpus("a", 2, 1), seed)).toThrow(/all 1 groups would be taken/);
  expect(() => randomSplit([], seed)).toThrow(/none is left to train on/);
});

test("strangers choose: named voices, or a share of a corpus's own; a corpus of two voices spares none", () => {
  const voice = (corpus: string, name: string) =>
    Array.from({ length: 4 }, (_, i): Clip => {
      const file = `${corpus}/${name}-${i}.wav`;
      const emotion = i % 2 ? "sad" : "angry";
      return { path: `/${file}`, file, corpus, emotion, label: emotion, speaker: `${corpus}/${name}` };
    });
  const of = (corpus: string, ...names: string[]) => names.flatMap((name) => voice(corpus, name));
  const clips = [...of("a", "1", "2", "3"), ...of("b", ..."vwxyz"), ...of("c", "1", "2")];
  const { train, validation, test: measured } = strangersChoose(clips, { a: ["2"] }, { seed: 1 });
  const heard = new Set(train.map(({ speaker }) => speaker));
  const strangers = new Set(validation.map(({ speaker }) => speaker));
  expect(measured).toEqual([]);
  expect([...strangers].filter((speaker) => heard.has(speaker))).toEqual([]);
  expect([...strangers].sort()).toEqual(["a/2", expect.stringMatching(/^b\/[vwxyz]$/)]);
  expect(train.length + validation.length).toBe(clips.length);
  expect(() => strangersChoose(of("c", "1", "2"), {}, { seed: 1 })).toThrow(/no corpus has 4 known voices/);
});
