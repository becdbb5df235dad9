// Tests of every adapter on file names: those of the releases that are not here, and each real file that is.
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { meaningOf } from "../../../speech/index.ts";
import { parseManifest } from "../manifest.ts";
import { adapterOf, readName } from "../registry.ts";
import { listFiles } from "../walk.ts";
import { ADAPTERS } from "./index.ts";

const adapter = (name: string) => ADAPTERS.find(({ info }) => info.name === name)!;
const emotionOf = (label: string) => {
  const meaning = meaningOf(label);
  return meaning.kind === "emotion" ? meaning.emotion : meaning.kind;
};

/** Corpus, a file as the release has it, then speaker, emotion, gender, language, sentence. */
const NAMES: [string, string, ...(string | undefined)[]][] = [
  ["savee", "AudioData/DC/a01.wav", "DC", "angry", "M", "en", "a01"],
  ["savee", "AudioData/KL/sa15.wav", "KL", "sad", "M", "en", "sa15"],
  ["savee", "ALL/JE_su07.wav", "JE", "surprise", "M", "en", "su07"],
  ["savee", "AudioData/JK/n30.wav", "JK", "neutral", "M", "en", "n30"],
  ["emovo", "EMOVO/f1/dis-f1-b1.wav", "f1", "disgust", "F", "it", "b1"],
  ["emovo", "EMOVO/m3/gio-m3-n5.wav", "m3", "happy", "M", "it", "n5"],
  ["emovo", "EMOVO/m2/pau-m2-l4.wav", "m2", "fear", "M", "it", "l4"],
  ["emovo", "EMOVO/f2/rab-f2-d2.wav", "f2", "angry", "F", "it", "d2"],
  ["urdu", "Angry/SM1_F1_A01.wav", "SM1", "angry", "M", "ur", undefined],
  ["urdu", "Sad/SF11_F25_S025.wav", "SF11", "sad", "F", "ur", undefined],
  ["crema-d", "AudioWAV/1001_DFA_ANG_XX.wav", "1001", "angry", undefined, "en", "DFA"],
  ["crema-d", "AudioWAV/1091_IEO_FEA_HI.wav", "1091", "fear", undefined, "en", "IEO"],
  ["crema-d", "AudioWAV/1040_ITH_SAD_X.wav", "1040", "sad", undefined, "en", "ITH"],
  ["subesco", "SUBESCO/F_02_MONIKA_S_1_NEUTRAL_5.wav", "F_02", "neutral", "F", "bn", "1"],
  ["subesco", "SUBESCO/M_10_NAYEEM_S_10_SURPRISE_1.wav", "M_10", "surprise", "M", "bn", "10"],
  ["aesdd", "anger/a01 (1).wav", "1", "angry", undefined, "el", "01"],
  ["aesdd", "happiness/h03 (4)b.wav", "4", "happy", undefined, "el", "03"],
  ["aesdd", "sadness/s20 (6).wav", "6", "sad", undefined, "el", "s20 by 6"],
  ["shemo", "female/F01A01.wav", "F01", "angry", "F", "fa", undefined],
  ["shemo", "male/M56W12.wav", "M56", "surprise", "M", "fa", undefined],
  ["shemo", "female/F12F02.wav", "F12", "fear", "F", "fa", undefined],
  ["cafe", "CaFE_48k/Colère/Faible/01-C-1-1.wav", "01", "angry", "M", "fr", "1"],
  ["cafe", "CaFE_192k_1/Peur/Fort/12-P-2-6.aiff", "12", "fear", "F", "fr", "6"],
  ["cafe", "CaFE_48k/Neutre/07-N-3.wav", "07", "neutral", "M", "fr", "3"],
  ["mesd", "MESD/Anger_F_A_abajo.wav", "unknown", "angry", "F", "es", "A abajo"],
  ["mesd", "MESD/Happiness_C_B_buenos dias.wav", "unknown", "happy", undefined, "es", "B buenos dias"],
  ["esd", "0011/Neutral/train/0011_000350.wav", "0011", "neutral", "M", "en", "en 350"],
  ["esd", "0011/Angry/test/0011_000351.wav", "0011", "angry", "M", "en", "en 1"],
  ["esd", "0003/Happy/0003_001050.wav", "0003", "happy", "F", "zh", "zh 350"],
  ["esd", "0020/Sad/0020_001051.wav", "0020", "sad", "M", "en", "en 1"],
  ["esd", "0017/Surprise/0017_001750.wav", "0017", "surprise", "F", "en", "en 350"],
  ["tess", "OAF_Fear/OAF_back_fear.wav", "OAF", "fear", "F", "en", "back"],
  ["ravdess", "Actor_12/03-01-06-01-02-01-12.wav", "12", "fear", "F", "en", "02"],
  ["ravdess", "Actor_01/03-01-02-02-01-02-01.wav", "01", "left-out", "M", "en", "01"],
  ["emodb", "wav/03a01Fa.wav", "03", "happy", "M", "de", "a01"],
  ["emodb", "wav/16b10Lb.wav", "16", "left-out", "F", "de", "b10"],
  ["emodb", "wav/08a02Ac.wav", "08", "fear", "F", "de", "a02"],
  ["nemo", "samples/WR0_surprised_90.wav", "WR0", "surprise", "M", "pl", "90"],
  ["ased", "04Sad/S4-04-02-01-29.wav", "29", "sad", "F", "am", "s04"],
  ["banglaser", "Actor 23/03-01-05-01-03-03-23.wav", "23", "neutral", "M", "bn", "03"],
  ["turev-db", "Sound Source/Sad/6783_hl_rihtim.wav", "6783", "sad", undefined, "tr", "rihtim"],
  ["emotiontts", "ema00100.wav", "ema", "neutral", undefined, "ko", undefined],
  ["emotiontts", "nen00301.wav", "nen", "sad", undefined, "ko", undefined],
];

test.each(NAMES)("%s: %s", (corpus, file, speaker, emotion, gender, lang, sentence) => {
  const said = readName(adapter(corpus), file);
  if (!said || "leftOut" in said) throw new Error(`${file} is no clip: ${JSON.stringify(said)}`);
  expect([said.speaker, emotionOf(said.label!), said.gender, said.lang, said.sentence]).toEqual([
    ...[speaker, emotion, gender, lang, sentence],
  ]);
  // A single name of the form that two corpora share belongs to the one that its folder is named after.
  expect(adapterOf([file], corpus)?.info.name).toBe(corpus);
});

test.each([
  ["savee", "AudioData/XX/a01.wav"],
  ["savee", "a01.wav"],
  ["emovo", "rab-f4-b1.wav"],
  ["crema-d", "1092_DFA_ANG_XX.wav"],
  ["crema-d", "1001_DFA_SUR_XX.wav"],
  ["esd", "0021_000001.wav"],
  ["esd", "0001_001751.wav"],
  ["esd", "0001_000000.wav"],
  ["emodb", "07a01Fa.wav"],
  ["emodb", "03a01Xa.wav"],
  ["ravdess", "03-01-09-01-01-01-01.wav"],
  ["banglaser", "03-01-06-01-01-01-01.wav"],
  ["emotiontts", "ema00401.wav"],
  ["shemo", "X01A01.wav"],
  ["cafe", "13-C-1-1.wav"],
  ["aesdd", "n01 (1).wav"],
  ["mesd", "Surprise_F_A_abajo.wav"],
  ["tess", "MAF_back_fear.wav"],
])("%s: %s is none of its names", (corpus, file) => {
  expect(readName(adapter(corpus), file)).toBe(null);
});

test("RAVDESS's song and video are left out by name", () => {
  expect(readName(adapter("ravdess"), "03-02-06-01-02-01-12.wav")).toEqual({
    leftOut: "is sung, not spoken",
  });
  expect(readName(adapter("ravdess"), "01-01-06-01-02-01-12.mp4")).toMatchObject({ leftOut: /video/ });
});

test("RAVDESS and BanglaSER share the form of their names: what fits more files counts, whatever the folder is called", () => {
  const two = (n: number) => String(n).padStart(2, "0");
  const names = (emotions: number, statements: number, repetitions: number, actors: number) => {
    const files: string[] = [];
    for (let e = 1; e <= emotions; e++)
      for (let s = 1; s <= statements; s++)
        for (let r = 1; r <= repetitions; r++)
          for (let a = 1; a <= actors; a++)
            files.push(`03-01-${two(e)}-01-${two(s)}-${two(r)}-${two(a)}.wav`);
    return files;
  };
  expect(adapterOf(names(8, 2, 2, 24), "banglaser")?.info.name).toBe("ravdess");
  expect(adapterOf(names(8, 2, 2, 1), "Actor_01")?.info.name).toBe("ravdess");
  expect(adapterOf(names(5, 3, 3, 34), "ravdess")?.info.name).toBe("banglaser");
  expect(adapterOf(names(5, 3, 3, 1), "Actor 01")?.info.name).toBe("banglaser");
});

test("no name of one corpus is taken for another's, but for those two", () => {
  const shared = new Set(["ravdess", "banglaser"]);
  for (const [corpus, file] of NAMES) {
    const others = ADAPTERS.filter((other) => readName(other, file)).map(({ info }) => info.name);
    expect(others.filter((name) => name !== corpus && !(shared.has(name) && shared.has(corpus)))).toEqual([]);
  }
});

test("every label of every corpus stands in the table, and facts are there", () => {
  expect(ADAPTERS.map(({ info }) => info.name)).toEqual(ADAPTERS.map(({ info }) => info.name).sort());
  for (const { info } of ADAPTERS) {
    for (const label of info.labels)
      expect([info.name, label, meaningOf(label).kind]).not.toContain("unknown");
    expect(info.languages.length).toBeGreaterThan(0);
    expect(info.speakers).toBeGreaterThan(1);
    for (const text of [info.title, info.nature, info.licence, info.from, info.citation])
      expect(text).not.toBe("");
  }
});

const data = new URL("../../../../../shared/data/", import.meta.url).pathname;

// The manifests were written by other hands from the corpora's documents: two readings of each name.
test.skipIf(!existsSync(data)).each([
  ["tess", 2240],
  ["ravdess", 1440],
  ["emodb", 535],
  ["nemo", 4481],
  ["ased", 2474],
  ["banglaser", 1466],
  ["turev-db", 1735],
  ["emotiontts", 300],
])("%s: what its %i names say is what its manifest says (needs ../shared/data)", async (corpus, clips) => {
  const { files } = await listFiles(`${data}${corpus}`);
  expect(
    adapterOf(
      files.filter((file) => file.endsWith(".opus")),
      "any",
    )?.info.name,
  ).toBe(corpus);
  const rows = parseManifest(readFileSync(`${data}${corpus}/manifest.csv`, "utf8"), "manifest.csv");
  expect(rows).toHaveLength(clips);
  for (const row of rows) {
    expect(files).toContain(posix.normalize(row.path));
    const said = readName(adapter(corpus), `${corpus}/${row.path}`);
    if (!said || "leftOut" in said) throw new Error(`${row.path} is no clip`);
    const same = (label: string) => (meaningOf(label).kind === "emotion" ? emotionOf(label) : label);
    expect([row.path, said.speaker, same(said.label!), said.lang]).toEqual([
      ...[row.path, row.speaker, same(row.emotion), row.lang],
    ]);
    if (said.gender && row.gender) expect([row.path, said.gender]).toEqual([row.path, row.gender]);
  }
});
