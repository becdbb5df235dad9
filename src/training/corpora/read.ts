// A data folder -> clips, and all that is wrong with it. Knows files and labels; decodes nothing.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Emotion, meaningOf } from "../../speech/index.ts";
import {
  byCodeUnit,
  type ClassName,
  type Clip,
  OWN_CLASSES,
  type Problem,
  type ReadCorpora,
} from "./clip.ts";
import { sameContent } from "./content.ts";
import { CorpusError } from "./error.ts";
import { mapLimited } from "./pool.ts";
import { summarise } from "./summary.ts";
import { type Entry, findUnits, type Unit } from "./units.ts";
import { listFiles } from "./walk.ts";

export interface ReadOptions {
  /** Corpora's own classes whose clips are wanted too; else they are left out, each with the reason. */
  ownClasses?: readonly ClassName[];
}

/**
 * Read a data folder: a corpus, or one folder per corpus. A corpus is known by its own file names, by a
 * `manifest.csv`, or by folders named as emotions, in this order.
 *
 * A file that cannot be used is a problem in the answer, never an end. Of several files with the same content the
 * first is used. What decodes is not looked at: `checkCorpora` does.
 *
 * @throws CorpusError where the folder cannot be read, or a corpus's manifest lacks columns
 */
export async function readCorpora(dir: string, options: ReadOptions = {}): Promise<ReadCorpora> {
  return conclude(await gather(dir, options));
}

/** What is known of a data folder before it is summed up. */
export interface Gathered {
  units: Unit[];
  /** Sorted by file, without duplicates. */
  clips: Clip[];
  /** Of whole folders, and of files that no corpus speaks of. */
  problems: Problem[];
  /** Why a file that a corpus speaks of is not among the clips. */
  refused: Problem[];
}

export async function gather(dir: string, { ownClasses = [] }: ReadOptions = {}): Promise<Gathered> {
  const root = resolve(dir);
  const isFolder = await stat(root).then(
    (stats) => stats.isDirectory(),
    () => null,
  );
  if (!isFolder) {
    throw new CorpusError(
      `Data folder "${dir}": ${isFolder === null ? "there is none" : "it is a file"}, expected a folder that ` +
        "is a corpus or holds one folder per corpus",
    );
  }
  const listed = await listFiles(root);
  const { units, problems } = await findUnits(root, listed.files);
  const read = await mapLimited(
    units.flatMap((unit) => unit.entries.map((entry) => ({ unit, entry }))),
    32,
    ({ unit, entry }) => readEntry(root, unit, entry, ownClasses),
  );
  const found = read.filter((result) => "clip" in result);
  found.sort((a, b) => byCodeUnit(a.clip.file, b.clip.file));
  const firsts = await sameContent(found.map(({ clip }) => ({ path: clip.path, size: clip.bytes })));
  const { clips, duplicates } = withoutRepeats(
    found.map(({ clip }) => clip),
    firsts,
  );
  const refused = read.filter((result) => "problem" in result).map(({ problem }) => problem);
  return {
    units,
    clips,
    problems: [...listed.problems, ...problems, ...units.flatMap((unit) => unit.problems)],
    refused: [...refused, ...duplicates],
  };
}

export function conclude({ units, clips, problems, refused }: Gathered): ReadCorpora {
  return {
    corpora: summarise(units, clips, refused),
    clips,
    problems: [...problems, ...refused].sort((a, b) => byCodeUnit(a.file, b.file)),
  };
}

/**
 * Refuse a data folder whose clips cannot be worked with.
 *
 * @param least how many emotions there must be: 2 to train, 1 to measure
 * @throws CorpusError where there are fewer
 */
export function requireEmotions(read: ReadCorpora, dir: string, least: 1 | 2): void {
  const emotions = [...new Set(read.clips.map(({ emotion }) => emotion))];
  if (emotions.length >= least) return;
  const refused = read.problems.filter(({ used }) => !used);
  const example = refused[0] ? `, such as ${refused[0].file}: ${refused[0].message}` : "";
  throw new CorpusError(
    `Data folder "${dir}": ` +
      (emotions.length === 0
        ? `no clip in it can be used (${refused.length} left out${example}), expected recordings with their emotion; ` +
          "describe them in a manifest.csv or put them in a folder per emotion"
        : `all ${read.clips.length} clips are ${emotions[0]}, expected two emotions or more; ` +
          "there is nothing to tell apart"),
  );
}

type Found = { clip: Clip & { bytes: number } };

async function readEntry(
  root: string,
  unit: Unit,
  entry: Entry,
  ownClasses: readonly ClassName[],
): Promise<Found | { problem: Problem }> {
  const { file, label, speaker, ...rest } = entry;
  const refuse = (kind: Problem["kind"], message: string) => ({
    problem: { file, kind, message, used: false },
  });
  if (label === "") return refuse("unknown-label", "has no emotion");
  const meaning = meaningOf(label);
  if (meaning.kind === "unknown") return refuse("unknown-label", meaning.reason);
  const own = OWN_CLASSES.find((name) => name === label.toLowerCase() && ownClasses.includes(name));
  if (meaning.kind === "left-out" && !own) return refuse("left-out", `is "${label}": ${meaning.reason}`);
  const path = resolve(root, file);
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return refuse("not-audio", "is no file");
    if (stats.size === 0) return refuse("undecodable", "is empty: 0 bytes");
    // Whoever asked for a corpus's own class knows that it may stand where an emotion does.
    const emotion = meaning.kind === "emotion" ? meaning.emotion : (own as unknown as Emotion);
    const clip = {
      path,
      file,
      corpus: unit.name,
      emotion,
      label,
      speaker: `${unit.name}/${speaker}`,
      ...rest,
      bytes: stats.size,
    };
    return { clip };
  } catch (error) {
    return refuse("missing", `cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Take repeated recordings out and name each.
 *
 * @param firsts later clip's path -> the path of the clip that it repeats
 */
export function withoutRepeats(
  all: readonly Clip[],
  firsts: ReadonlyMap<string, string>,
): { clips: Clip[]; duplicates: Problem[] } {
  const byPath = new Map(all.map((clip) => [clip.path, clip]));
  const duplicates: Problem[] = [];
  const clips = all.filter((clip) => {
    const first = byPath.get(firsts.get(clip.path) ?? "");
    if (!first) return true;
    const doubt =
      first.emotion === clip.emotion
        ? ""
        : `, which is ${first.emotion} where this is ${clip.emotion}: one is wrong`;
    const message = `is the same recording as ${first.file}${doubt}`;
    duplicates.push({ file: clip.file, kind: "duplicate", message, used: false });
    return false;
  });
  return { clips, duplicates };
}
