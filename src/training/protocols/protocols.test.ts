// Tests of the protocols as data, on clips that are made up, and on the real corpora where they are there.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { type Clip, readCorpora } from "../corpora/index.ts";
import type { Split } from "../splits.ts";
import { alsoTrainingOn, corporaOf, MEASURED_CORPORA, PROTOCOLS, type Protocol, splitsOf } from "./index.ts";

const protocol = (name: string) => PROTOCOLS.find((one) => one.name === name)!;
const two = (n: number) => String(n).padStart(2, "0");
const VOICES: Record<string, string[]> = {
  tess: ["OAF", "YAF"],
  ravdess: Array.from({ length: 24 }, (_, i) => two(i + 1)),
  emodb: ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
  nemo: ["EB0", "IC0", "KD0", "KS0", "MK0", "MP0", "SM0", "TP0", "WR0"],
  ased: Array.from({ length: 65 }, (_, i) => two(i + 1)),
  banglaser: Array.from({ length: 34 }, (_, i) => two(i + 1)),
  "turev-db": ["1157", "1234", "1358", "1984", "6783", "7895"],
  emotiontts: [
    ...["ema", "emb", "emf", "emg", "emh"],
    ...["nea", "neb", "nec", "ned", "nee", "nek", "nel", "nem", "nen", "neo"],
  ],
};
const LABELS = [
  "angry",
  "boredom",
  "calm",
  "disgust",
  "fear",
  "happy",
  "neutral",
  "sad",
  "surprise",
] as const;

/** Every voice of these corpora says ten sentences in every class. */
function clipsOf(...corpora: string[]): Clip[] {
  return corpora.flatMap((corpus) =>
    VOICES[corpus]!.flatMap((voice) =>
      LABELS.flatMap((label) =>
        Array.from({ length: 10 }, (_, i) => {
          const file = `${corpus}/${voice}-${label}-${i}.wav`;
          const known = { path: `/data/${file}`, file, corpus, label, sentence: `s${i}` };
          return { ...known, emotion: label as Clip["emotion"], speaker: `${corpus}/${voice}` };
        }),
      ),
    ),
  );
}
const all = clipsOf(...Object.keys(VOICES));
const voices = (clips: readonly Clip[]) => [...new Set(clips.map(({ speaker }) => speaker))].sort();
const classes = (clips: readonly Clip[]) =>
  [...new Set(clips.map(({ emotion }) => emotion as string))].sort();
const corpora = (clips: readonly Clip[]) => [...new Set(clips.map(({ corpus }) => corpus))].sort();

/** What must hold of every protocol, whatever it is. */
function expectHonest(splits: readonly Split[]) {
  for (const { train, validation, test: measured, validationBy } of splits) {
    const files = [...train, ...validation, ...measured].map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
    for (const part of [train, validation, measured]) expect(part.length).toBeGreaterThan(0);
    const heard = new Set(voices(train));
    const choosing = new Set(voices(validation));
    expect(voices(measured).filter((voice) => heard.has(voice) || choosing.has(voice))).toEqual([]);
    if (validationBy === "speaker") expect([...choosing].filter((voice) => heard.has(voice))).toEqual([]);
    else {
      const said = new Set(train.map(({ sentence }) => sentence));
      expect(validation.filter(({ sentence }) => said.has(sentence))).toEqual([]);
    }
  }
}

test.each(PROTOCOLS.map((one) => [one.name, one] as const))(
  "%s: three seeds, folds of other names, each voice measured once, no voice on two sides",
  (_, one) => {
    expect(one.seeds.length).toBeGreaterThanOrEqual(3);
    expect(new Set(one.folds.map(({ name }) => name)).size).toBe(one.folds.length);
    // It is data: nothing is lost by writing it down.
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    const splits = splitsOf(one, all, 1);
    expectHonest(splits);
    const measured = splits.flatMap((split) => voices(split.test));
    expect(measured.sort()).toEqual([...new Set(measured)]);
    expect(measured).toEqual(voices(all.filter(({ corpus }) => corporaOf(one).includes(corpus))));
    for (const { train, validation, test: part } of splits) {
      for (const clips of [train, validation, part]) {
        expect(classes(clips).every((name) => one.classes.some((known) => known === name))).toBe(true);
      }
    }
  },
);

test("TESS: one woman trains and chooses by words that she does not train on; the other is measured", () => {
  const [forth, back] = splitsOf(protocol("tess-speakers"), all, 1);
  expect([voices(forth!.train), voices(forth!.validation), voices(forth!.test)]).toEqual([
    ...[["tess/OAF"], ["tess/OAF"], ["tess/YAF"]],
  ]);
  expect([voices(back!.train), voices(back!.test)]).toEqual([["tess/YAF"], ["tess/OAF"]]);
  expect(forth).toMatchObject({ protocol: "unseen speaker", heldOut: "tess/YAF", validationBy: "sentence" });
  // One sentence of ten in seven classes.
  expect(forth!.validation).toHaveLength(7);
  expect(splitsOf(protocol("tess-speakers"), all, 1)).toEqual([forth, back]);
  const drawn = [1, 2, 3, 4].map(
    (seed) => splitsOf(protocol("tess-speakers"), all, seed)[0]!.validation[0]!.sentence,
  );
  expect(new Set(drawn).size).toBeGreaterThan(1);
});

test("RAVDESS: the five folds of actors, eight classes", () => {
  const splits = splitsOf(protocol("ravdess-actors"), all, 1);
  const actors = splits.map(({ test: part }) => voices(part).map((voice) => Number(voice.slice(8))));
  expect(actors).toEqual([
    ...[
      [2, 5, 14, 15, 16],
      [3, 6, 7, 13, 18],
      [10, 11, 12, 19, 20],
      [8, 17, 21, 23, 24],
      [1, 4, 9, 22],
    ],
  ]);
  for (const { train, validation, test: part } of splits) {
    expect(classes(part)).toEqual([
      "angry",
      "calm",
      "disgust",
      "fear",
      "happy",
      "neutral",
      "sad",
      "surprise",
    ]);
    // A man (odd) and a woman (even) choose.
    expect(
      voices(validation)
        .map((voice) => Number(voice.slice(8)) % 2)
        .sort(),
    ).toEqual([0, 1]);
    expect(voices(train).length).toBe(24 - 2 - voices(part).length);
  }
});

test("EmoDB and nEMO: each speaker alone, with the corpus's own classes", () => {
  const emodb = splitsOf(protocol("emodb-speakers"), all, 1);
  expect(emodb.map(({ heldOut }) => heldOut)).toEqual(VOICES.emodb!.map((voice) => `emodb/${voice}`));
  expect(classes(emodb[0]!.test)).toEqual(["angry", "boredom", "disgust", "fear", "happy", "neutral", "sad"]);
  expect(voices(emodb[9]!.validation)).toEqual(["emodb/03"]);
  const nemo = splitsOf(protocol("nemo-speakers"), all, 1);
  expect(nemo).toHaveLength(9);
  expect(classes(nemo[0]!.train)).toEqual(["angry", "fear", "happy", "neutral", "sad", "surprise"]);
});

test("leave one corpus out: all of it is measured, by what the other seven taught; languages are told apart", () => {
  const splits = splitsOf(protocol("corpora"), all, 1);
  expect(splits.map(({ heldOut }) => heldOut)).toEqual([...MEASURED_CORPORA]);
  for (const { heldOut, train, test: part } of splits) {
    expect(voices(part)).toEqual(VOICES[heldOut]!.map((voice) => `${heldOut}/${voice}`).sort());
    expect(corpora(train)).toEqual(MEASURED_CORPORA.filter((corpus) => corpus !== heldOut));
    expect(classes(part)).not.toContain("calm");
  }
  const unseen = Object.fromEntries(splits.map((split) => [split.heldOut, split.protocol]));
  expect([unseen.tess, unseen.ravdess, unseen.emodb]).toEqual([
    ...["unseen corpus", "unseen corpus", "unseen corpus and language"],
  ]);
});

test("leave one language out: English is two corpora; the others are the same runs as of the corpora", () => {
  const byLanguage = splitsOf(protocol("languages"), all, 1);
  const byCorpus = splitsOf(protocol("corpora"), all, 1);
  const english = byLanguage.find(({ heldOut }) => heldOut === "ravdess, tess")!;
  expect(corpora(english.test)).toEqual(["ravdess", "tess"]);
  expect(corpora(english.train)).not.toContain("ravdess");
  const others = byLanguage.filter((split) => split !== english);
  expect(others).toHaveLength(6);
  for (const split of others) expect(byCorpus).toContainEqual(split);
});

test("with further corpora: they train on the emotions that count, and strangers choose where words did", () => {
  const tess = alsoTrainingOn(protocol("tess-speakers"), ["ravdess", "tess", "emodb", "ravdess"]);
  expect(tess.name).toBe("tess-speakers+emodb+ravdess");
  const [forth] = splitsOf(tess, all, 1);
  expectHonest([forth!]);
  expect(corpora(forth!.train)).toEqual(["emodb", "ravdess", "tess"]);
  expect(voices(forth!.validation)).toEqual(["emodb/15", "emodb/16", "ravdess/23", "ravdess/24"]);
  expect(forth!.train.filter(({ speaker }) => speaker === "tess/OAF")).toHaveLength(70);
  expect(classes(forth!.train)).not.toContain("calm");

  const ravdess = splitsOf(alsoTrainingOn(protocol("ravdess-actors"), ["turev-db"]), all, 1);
  const plain = splitsOf(protocol("ravdess-actors"), all, 1);
  expect(ravdess.map(({ test: part }) => part)).toEqual(plain.map(({ test: part }) => part));
  expect(ravdess[0]!.validation).toEqual(plain[0]!.validation);
  const added = ravdess[0]!.train.filter(({ corpus }) => corpus === "turev-db");
  expect(voices(added)).toHaveLength(6);
  expect(classes(added)).not.toContain("calm");
  expect(classes(ravdess[0]!.train)).toContain("calm");
  expect(alsoTrainingOn(protocol("corpora"), ["tess"])).toBe(protocol("corpora"));
});

test("a corpus or a voice that is not there is refused by name, and so is a protocol that shares a voice", () => {
  expect(() => splitsOf(protocol("corpora"), clipsOf("tess", "nemo"), 1)).toThrow(
    /protocol corpora: the data folder has no clips of ased, banglaser, emodb, emotiontts, ravdess, turev-db/,
  );
  const part = all.filter(({ speaker }) => speaker !== "ravdess/14");
  expect(() => splitsOf(protocol("ravdess-actors"), part, 1)).toThrow(
    /no clips of ravdess\/14, which it names/,
  );
  const fold = { ...protocol("tess-speakers").folds[0]!, train: [{ corpus: "tess" }] };
  const leaky: Protocol = { ...protocol("tess-speakers"), folds: [fold] };
  expect(() => splitsOf(leaky, all, 1)).toThrow(/tess\/YAF stands in two parts/);
  const choosing = { ...protocol("emodb-speakers").folds[0]!, train: [{ corpus: "emodb", except: ["03"] }] };
  expect(() => splitsOf({ ...protocol("emodb-speakers"), folds: [choosing] }, all, 1)).toThrow(
    /emodb\/08 stands/,
  );
});

const data = new URL("../../../../shared/data/", import.meta.url).pathname;
test.skipIf(!existsSync(data))("the real corpora fit every protocol (needs ../shared/data)", async () => {
  const { clips } = await readCorpora(data, { ownClasses: ["boredom", "calm"] });
  for (const one of PROTOCOLS) {
    const splits = splitsOf(one, clips, 1);
    expectHonest(splits);
    // Every class that is trained on can be learnt, and what is measured was trained on.
    for (const { train, test: part } of splits) {
      expect(classes(part).filter((name) => !classes(train).includes(name))).toEqual([]);
    }
  }
  const sizes = (name: string) => splitsOf(protocol(name), clips, 1).map(({ test: part }) => part.length);
  expect(sizes("tess-speakers")).toEqual([1120, 1120]);
  expect(sizes("ravdess-actors")).toEqual([300, 299, 300, 300, 240]);
  expect(sizes("emodb-speakers").reduce((a, b) => a + b)).toBe(535);
  expect(sizes("nemo-speakers").reduce((a, b) => a + b)).toBe(4481);
  expect(sizes("corpora").reduce((a, b) => a + b)).toBe(13_983);
  expect(sizes("languages").reduce((a, b) => a + b)).toBe(13_983);
});
