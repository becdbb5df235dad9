// What a model may have heard before it is measured: speakers, sentences, recordings on both sides. Reads files.
import { stat } from "node:fs/promises";
import type { ModelCard } from "../speech/index.ts";
import {
  byCodeUnit,
  type Clip,
  contentHash,
  mapLimited,
  sentenceOf,
  speakerIsKnown,
} from "./corpora/index.ts";

const NAMED = 5;

/**
 * What stands on both sides of a split, in sentences for people and for the `warnings` of a result; none: nothing is
 * known to. Recordings are compared by the content of their files.
 *
 * @param heard what the model learns from, validation included
 * @param measured what it is scored on
 */
export async function findLeaks(heard: readonly Clip[], measured: readonly Clip[]): Promise<string[]> {
  const voices = (clips: readonly Clip[]) =>
    new Set(clips.filter(speakerIsKnown).map((clip) => clip.speaker));
  const words = (clips: readonly Clip[]) => new Set(clips.map(sentenceOf).filter((s) => s !== null));
  return [
    ...sharedVoices(both(voices(heard), voices(measured))),
    ...strangers("trained on", heard),
    ...strangers("measured", measured),
    ...sharedWords(both(words(heard), words(measured))),
    ...(await sharedRecordings(heard, measured)),
  ];
}

/** The same, of a model that was trained elsewhere: what its card says that it has heard. */
export function findLeaksOfModel(card: ModelCard, measured: readonly Clip[]): string[] {
  if (card.corpora.length === 0) {
    return ["what the model was trained on is not known: whether it has heard these voices cannot be said"];
  }
  const speakers = new Set(measured.filter(speakerIsKnown).map((clip) => clip.speaker));
  const present = new Set(measured.map((clip) => clip.corpus));
  const heard = new Set(card.corpora.flatMap(({ voices }) => voices ?? []));
  const silent = card.corpora.filter(({ name, voices }) => present.has(name) && !voices);
  return [
    ...sharedVoices(both(speakers, heard)),
    ...silent.map(
      ({ name }) => `the model was trained on ${name}, and its card does not say with which voices`,
    ),
    ...strangers("measured", measured),
  ];
}

function sharedVoices(shared: ReadonlySet<string>): string[] {
  if (shared.size === 0) return [];
  const stand = shared.size === 1 ? "speaker stands" : "speakers stand";
  return [`${shared.size} ${stand} on both sides (${some(shared)}): this is no score on unseen voices`];
}

function sharedWords(shared: ReadonlySet<string>): string[] {
  if (shared.size === 0) return [];
  const stand = shared.size === 1 ? "sentence stands" : "sentences stand";
  return [`${shared.size} ${stand} on both sides (${some(shared)})`];
}

function strangers(side: string, clips: readonly Clip[]): string[] {
  const count = clips.filter((clip) => !speakerIsKnown(clip)).length;
  if (count === 0) return [];
  return [
    `who speaks is not known in ${count} of the ${clips.length} clips that are ${side}: ` +
      "whether a voice stands on both sides cannot be said",
  ];
}

async function sharedRecordings(heard: readonly Clip[], measured: readonly Clip[]): Promise<string[]> {
  const left = await sizes(heard);
  const right = await sizes(measured);
  // Only files of a size that both sides have can be the same.
  const common = both(new Set(left.values()), new Set(right.values()));
  const known = new Set(await contents(left, common));
  const repeated = (await contents(right, common)).filter((hash) => known.has(hash)).length;
  if (repeated === 0) return [];
  return [`${repeated} recording${repeated === 1 ? " stands" : "s stand"} on both sides`];
}

/** Path -> bytes. A file that has gone is equal to none; whoever decodes it says so. */
async function sizes(clips: readonly Clip[]): Promise<Map<string, number>> {
  const pairs = await mapLimited(clips, 32, async ({ path }) => {
    const size = await stat(path).then(
      (stats) => stats.size,
      () => null,
    );
    return [path, size] as const;
  });
  return new Map(pairs.filter((pair): pair is [string, number] => pair[1] !== null));
}

async function contents(files: ReadonlyMap<string, number>, wanted: ReadonlySet<number>): Promise<string[]> {
  const some = [...files].filter(([, size]) => wanted.has(size));
  const hashes = await mapLimited(some, 8, ([path, size]) => contentHash(path, size).catch(() => null));
  return hashes.filter((hash) => hash !== null);
}

function both<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter((x) => b.has(x)));
}

/** The first few names, and how many more there are. */
function some(names: ReadonlySet<string>): string {
  const list = [...names].sort(byCodeUnit);
  const more = list.length - NAMED;
  return list.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
