// Every corpus that is known, and which of them a file's name belongs to.
import { posix } from "node:path";
import type { Adapter, NameSays } from "./adapter.ts";
import type { CorpusInfo } from "./info.ts";
import { manifestCorpora } from "./known.ts";
import { tess } from "./tess.ts";

/** Corpora that are known by their own file names. A new one: a file beside `tess.ts`, and its name here. */
export const adapters: readonly Adapter[] = [tess];

/** What is known of each corpus, sorted by name. */
export const corpusInfos: readonly CorpusInfo[] = [
  ...adapters.map(({ info }) => info),
  ...manifestCorpora,
].sort((a, b) => (a.name < b.name ? -1 : 1));

export function infoOf(corpus: string): CorpusInfo | null {
  return corpusInfos.find(({ name }) => name === corpus.toLowerCase()) ?? null;
}

/** What a file's name says to an adapter. @param file with `/` */
export function readName(adapter: Adapter, file: string): NameSays | null {
  return adapter.read(posix.parse(file).name);
}

/** The adapter whose names most of these files have; `null` where most have no known name. */
export function adapterOf(files: readonly string[]): Adapter | null {
  return adapters.find((a) => files.filter((file) => readName(a, file)).length * 2 > files.length) ?? null;
}
