// Every corpus that is known, and which of them a folder's files belong to.
import { posix } from "node:path";
import type { Adapter, NameSays, NotAClip, RecordingName } from "./adapter.ts";
import { ADAPTERS } from "./adapters/index.ts";
import type { CorpusInfo } from "./info.ts";

/** What is known of each corpus, sorted by name. */
export const corpusInfos: readonly CorpusInfo[] = ADAPTERS.map(({ info }) => info);

export function infoOf(corpus: string): CorpusInfo | null {
  return corpusInfos.find(({ name }) => name === corpus.toLowerCase()) ?? null;
}

/** @param file with `/` */
function nameOf(file: string): RecordingName {
  const { dir, name } = posix.parse(file);
  return { stem: name, folders: dir === "" ? [] : dir.split("/") };
}

/** What a file's name says to an adapter. @param file with `/` */
export function readName(adapter: Adapter, file: string): NameSays | NotAClip | null {
  return adapter.read(nameOf(file));
}

/**
 * The adapter whose names most of these files have; `null` where most have no known name. Names of two corpora may have
 * one form (RAVDESS, BanglaSER): then the one that more files fit, and among equals the one that the folder is named
 * after.
 */
export function adapterOf(files: readonly string[], folder: string): Adapter | null {
  const called = folder.toLowerCase();
  const names = files.map(nameOf);
  const fitting = ADAPTERS.map((adapter) => ({
    adapter,
    fit: names.filter((name) => adapter.read(name)).length,
    named: called === adapter.info.name,
  }));
  fitting.sort((a, b) => b.fit - a.fit || Number(b.named) - Number(a.named));
  const best = fitting[0]!;
  return best.fit * 2 > files.length ? best.adapter : null;
}

/** Whether a file (with `/`) holds labels of some corpus. */
export function isLabelFile(file: string): boolean {
  return ADAPTERS.some(({ labels }) => labels?.are(file));
}
