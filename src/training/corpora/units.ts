// Which folders are corpora, and what each says of its files. Reads manifests and labels; opens no sound.
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { meaningOf } from "../../speech/index.ts";
import type { Adapter } from "./adapter.ts";
import { type CorpusSummary, type Problem, UNKNOWN_SPEAKER } from "./clip.ts";
import { CorpusError } from "./error.ts";
import { labelsFor } from "./label-files.ts";
import { MANIFEST, type ManifestRow, parseManifest } from "./manifest.ts";
import { adapterOf, isLabelFile, readName } from "./registry.ts";
import { isAudio, isCompanion } from "./walk.ts";

/** What a corpus says of one file; whether the file is there and decodes is not known yet. */
export interface Entry {
  /** Relative to the data folder, with `/`. */
  file: string;
  /** The corpus's word; empty where it says none. */
  label: string;
  speaker: string;
  sentence?: string;
  gender?: string;
  lang?: string;
  seconds?: number;
}

/** A folder that is a corpus. */
export interface Unit {
  name: string;
  /** Relative to the data folder; "" where that is the corpus. */
  folder: string;
  from: CorpusSummary["from"];
  entries: Entry[];
  problems: Problem[];
}

/** Folders above a corpus's own may number the emotions: `01Neutral`, `2_happy`. */
const emotionFolder = (name: string) => name.replace(/^\d+[\s._-]*/, "");
const isEmotionFolder = (name: string) => meaningOf(emotionFolder(name)).kind !== "unknown";

/** The first folder of a file below `folder`; `null` where it lies directly in it. */
function topFolder(file: string, folder: string): string | null {
  const parts = (folder ? file.slice(folder.length + 1) : file).split("/");
  return parts.length > 1 ? parts[0]! : null;
}

/**
 * Find the corpora of a data folder: the folder itself, or else each folder in it.
 *
 * @param root absolute
 * @param files every file below it, as `listFiles` gives them
 */
export async function findUnits(
  root: string,
  files: readonly string[],
): Promise<{ units: Unit[]; problems: Problem[] }> {
  const loose = files.filter((file) => topFolder(file, "") === null && isAudio(file));
  const folders = [...new Set(files.map((file) => topFolder(file, "")))].filter((name) => name !== null);
  const rootIsCorpus =
    files.includes(MANIFEST) ||
    adapterOf(loose, basename(root)) !== null ||
    labelsLieApart(files) ||
    folders.some(
      (name) => isEmotionFolder(name) && files.some((f) => topFolder(f, "") === name && isAudio(f)),
    );
  const problems: Problem[] = [];
  const units: Unit[] = [];
  for (const folder of rootIsCorpus ? [""] : folders) {
    const inside = folder ? files.filter((file) => file.startsWith(`${folder}/`)) : [...files];
    const unit = await readUnit(root, folder, inside);
    if (unit) units.push(unit);
    else problems.push(...notACorpus(folder, inside));
  }
  if (!rootIsCorpus) {
    const message = "lies beside the corpora, in none of their folders";
    problems.push(...loose.map((file): Problem => ({ file, kind: "left-out", message, used: false })));
  }
  return { units, problems };
}

/** Whether labels lie beside the folders of sound, in one without any: then the folders are one corpus. */
function labelsLieApart(files: readonly string[]): boolean {
  const sounding = new Set(files.filter(isAudio).map((file) => topFolder(file, "")));
  return files.some((file) => isLabelFile(file) && !sounding.has(topFolder(file, "")));
}

function notACorpus(folder: string, files: readonly string[]): Problem[] {
  const audio = files.filter(isAudio).length;
  if (audio === 0) return [];
  const message =
    `holds ${audio} audio file${audio > 1 ? "s" : ""} but is no corpus: no ${MANIFEST} in it, no folders ` +
    "named as emotions, and no names of a corpus that is known; write one of the first two";
  return [{ file: folder, kind: "left-out", message, used: false }];
}

async function readUnit(root: string, folder: string, files: readonly string[]): Promise<Unit | null> {
  const audio = files.filter(isAudio);
  const name = basename(folder || root);
  const adapter = adapterOf(audio, name);
  if (adapter) return readNames(root, folder, files, adapter);
  if (files.includes(posix.join(folder, MANIFEST))) return readManifest(root, folder, files, name);
  if (audio.some((file) => isEmotionFolder(topFolder(file, folder) ?? "")))
    return readFolders(folder, files, name);
  return null;
}

/** A corpus by its own file names; manifests in it add what names do not say. */
async function readNames(
  root: string,
  folder: string,
  files: readonly string[],
  adapter: Adapter,
): Promise<Unit> {
  const unit: Unit = { name: adapter.info.name, folder, from: "file names", entries: [], problems: [] };
  const extra = new Map<string, ManifestRow>();
  const there = new Set(files);
  for (const manifest of files.filter((file) => posix.basename(file) === MANIFEST)) {
    try {
      const rows = await manifestRows(root, manifest);
      unit.problems.push(...strangeGenders(rows, manifest));
      for (const row of rows) {
        extra.set(row.file, row);
        if (!there.has(row.file)) unit.problems.push(missing(row, manifest));
      }
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      unit.problems.push({ file: manifest, kind: "left-out", message: error.message, used: false });
    }
  }
  const labels = adapter.labels ? await labelsFor(root, files, adapter.labels) : null;
  for (const file of files) {
    if (!isAudio(file)) {
      noteOther(unit, file);
      continue;
    }
    const said = readName(adapter, file);
    if (!said) {
      const message = `is no name of ${adapter.info.title}: speaker and emotion are not known`;
      unit.problems.push({ file, kind: "misnamed", message, used: false });
      continue;
    }
    if ("leftOut" in said) {
      unit.problems.push({ file, kind: "left-out", message: said.leftOut, used: false });
      continue;
    }
    const labelled = labels?.get(posix.parse(file).name);
    if (labels && !labelled) {
      const message = `has no line in ${adapter.labels!.called}, so its emotion is not known`;
      unit.problems.push({ file, kind: "unknown-label", message, used: false });
      continue;
    }
    const { misnamed, ...says } = said;
    if (misnamed) unit.problems.push({ file, kind: "misnamed", message: misnamed, used: true });
    const { gender, lang, seconds } = extra.get(file) ?? {};
    unit.entries.push({
      file,
      label: "",
      ...says,
      ...labelled,
      ...(gender && { gender }),
      ...(lang && { lang }),
      ...(seconds && { seconds }),
    });
  }
  unit.problems.push(...twoGenders(unit.entries));
  return unit;
}

async function readManifest(
  root: string,
  folder: string,
  files: readonly string[],
  name: string,
): Promise<Unit> {
  const unit: Unit = { name, folder, from: "manifest", entries: [], problems: [] };
  const manifest = posix.join(folder, MANIFEST);
  const lines = new Map<string, number>();
  const there = new Set(files);
  const rows = await manifestRows(root, manifest);
  unit.problems.push(...strangeGenders(rows, manifest));
  for (const { line, path, emotion, strangeGender, ...row } of rows) {
    const earlier = lines.get(row.file);
    if (path === "") {
      unit.problems.push({
        file: manifest,
        kind: "missing",
        message: `line ${line} names no path`,
        used: false,
      });
    } else if (earlier !== undefined) {
      const message = `stands in ${manifest} twice: line ${earlier} counts, line ${line} does not`;
      unit.problems.push({ file: row.file, kind: "duplicate", message, used: true });
    } else {
      lines.set(row.file, line);
      // A file outside the folder is not in the listing; whether it is there shows when it is opened.
      const outside = row.file.startsWith("../") || isAbsolute(row.file);
      if (!outside && !there.has(row.file)) unit.problems.push(missing({ ...row, line }, manifest));
      else unit.entries.push({ ...row, label: emotion, speaker: row.speaker || UNKNOWN_SPEAKER });
    }
  }
  for (const file of files) {
    if (lines.has(file)) continue;
    if (!isAudio(file)) noteOther(unit, file);
    else unit.problems.push({ file, kind: "left-out", message: `is not in ${manifest}`, used: false });
  }
  unit.problems.push(...twoGenders(unit.entries));
  return unit;
}

function readFolders(folder: string, files: readonly string[], name: string): Unit {
  const unit: Unit = { name, folder, from: "folders", entries: [], problems: [] };
  const strangers = new Map<string, number>();
  for (const file of files) {
    if (!isAudio(file)) {
      noteOther(unit, file);
      continue;
    }
    const top = topFolder(file, folder);
    if (top === null) {
      const message = "lies in no folder that is named as an emotion";
      unit.problems.push({ file, kind: "left-out", message, used: false });
    } else if (!isEmotionFolder(top)) {
      strangers.set(top, (strangers.get(top) ?? 0) + 1);
    } else {
      unit.entries.push({ file, label: emotionFolder(top), speaker: UNKNOWN_SPEAKER });
    }
  }
  for (const [top, count] of strangers) {
    const meaning = meaningOf(top);
    const message = `${meaning.kind === "unknown" ? meaning.reason : top}: ${count} audio files are left out`;
    unit.problems.push({ file: posix.join(folder, top), kind: "unknown-label", message, used: false });
  }
  return unit;
}

/** The rows of a manifest, each with its file relative to the data folder. */
async function manifestRows(root: string, manifest: string): Promise<(ManifestRow & { file: string })[]> {
  const text = await readFile(join(root, manifest), "utf8");
  const folder = resolve(root, posix.dirname(manifest));
  return parseManifest(text, manifest).map((row) => ({
    ...row,
    file: relative(root, resolve(folder, row.path)).split(sep).join("/"),
  }));
}

/** One problem for each word that is no gender: the same word stands in many rows. */
function strangeGenders(rows: readonly ManifestRow[], manifest: string): Problem[] {
  const strange = rows.filter(({ strangeGender }) => strangeGender !== undefined);
  return [...Map.groupBy(strange, (row) => row.strangeGender)].map(([word, [first, ...others]]) => {
    const where = `line ${first!.line}${others.length > 0 ? ` and ${others.length} more` : ""}`;
    const message =
      `${where}: the gender ${JSON.stringify(word)} is taken for not known; write F (or female, woman), ` +
      "M (or male, man), or nothing";
    return { file: manifest, kind: "gender", message, used: true };
  });
}

/** One problem for each speaker who is a woman in some clips and a man in others, at the first of the fewer. */
function twoGenders(entries: readonly Entry[]): Problem[] {
  const known = entries.filter(({ speaker, gender }) => gender && speaker !== UNKNOWN_SPEAKER);
  return [...Map.groupBy(known, ({ speaker }) => speaker)].flatMap(([speaker, own]): Problem[] => {
    const groups = [...Map.groupBy(own, ({ gender }) => gender).values()];
    const [few, most] = groups.sort((a, b) => a.length - b.length);
    if (!most) return [];
    const [{ file, gender }, other] = [few![0]!, most[0]!];
    const message =
      `its speaker ${JSON.stringify(speaker)} is ${gender} in ${few!.length} and ${other.gender} in ${most.length} clips, ` +
      `such as ${other.file}: one is wrong, or they are two people of one name`;
    return [{ file, kind: "gender", message, used: true }];
  });
}

function missing({ file, line }: { file: string; line: number }, manifest: string): Problem {
  return {
    file,
    kind: "missing",
    message: `is named in ${manifest}, line ${line}, and is not there`,
    used: false,
  };
}

function noteOther(unit: Unit, file: string): void {
  if (isCompanion(file)) return;
  const message = "is neither a document nor a kind of sound file that is known";
  unit.problems.push({ file, kind: "not-audio", message, used: false });
}
