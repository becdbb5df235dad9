// Files and folders as people name them -> sound files, one by one. Knows the disk and extensions, no decoder.
import { readdir, stat } from "node:fs/promises";
import { extname } from "node:path";

/** What sound files are called; in a folder only these are taken. */
const SOUND = new Set(
  (
    "wav wave w64 rf64 aif aiff aifc au snd caf flac wv mp3 mp2 ogg oga opus spx m4a m4b aac mp4 mov 3gp " +
    "webm mka mkv amr wma"
  ).split(" "),
);

/** A file to be answered, or a name that cannot be, and why. */
export type Input = { file: string } | { file: string; error: { code: string; message: string } };

/**
 * Every file that is named, and every sound file in the folders that are, with what lies below. The order is that of
 * the arguments, and by code unit within a folder: the same on every machine. Names that begin with a dot are passed
 * over in folders; links are followed, each folder once. A name that leads nowhere stays: whoever opens it says so.
 */
export async function* soundFiles(paths: readonly string[]): AsyncGenerator<Input> {
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      yield { file: path };
      continue;
    }
    let any = false;
    for await (const input of walk(path, new Set())) {
      any = true;
      yield input;
    }
    if (!any) {
      const message = `${JSON.stringify(path)} is a folder without a sound file in it (by their extensions). Name the files themselves.`;
      yield { file: path, error: { code: "no-sound-files", message } };
    }
  }
}

async function* walk(folder: string, seen: Set<string>): AsyncGenerator<Input> {
  const entries = await readFolder(folder, seen);
  if (!Array.isArray(entries)) {
    yield entries;
    return;
  }
  for (const entry of entries) {
    const path = folder.endsWith("/") ? folder + entry.name : `${folder}/${entry.name}`;
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => entry) : entry;
    if (target.isDirectory()) yield* walk(path, seen);
    // A link to nowhere is kept, if it is called like sound: someone expects an answer for it.
    else if ((target.isFile() || target.isSymbolicLink()) && isSound(entry.name)) yield { file: path };
  }
}

/** The entries of a folder in order; none if it was seen before; or what is wrong with it. */
async function readFolder(folder: string, seen: Set<string>) {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    if (seen.has(`${dev}:${ino}`)) return [];
    seen.add(`${dev}:${ino}`);
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    const message = `${JSON.stringify(folder)} is a folder that cannot be read: ${(error as Error).message}`;
    return { file: folder, error: { code: "unreadable-folder", message } };
  }
}

function isSound(name: string): boolean {
  return SOUND.has(extname(name).slice(1).toLowerCase());
}

/**
 * Work on several items at once and give the results in the order of the items.
 *
 * @param ahead how many are in work at most
 * @param work must not reject
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of items) {
    running.push(work(item));
    if (running.length >= ahead) yield await running.shift()!;
  }
  for (const result of running) yield await result;
}
