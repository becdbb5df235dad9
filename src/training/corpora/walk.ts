// Every file below a folder, and which of them may be sound. Knows the disk, not corpora.
import { readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { byCodeUnit, type Problem } from "./clip.ts";

const AUDIO = new Set(
  (
    "wav wave w64 rf64 aif aiff aifc au snd caf flac wv mp3 mp2 ogg oga opus spx m4a m4b aac mp4 mov 3gp " +
    "webm mka mkv amr wma"
  ).split(" "),
);
// What lies beside the sound of a corpus and is no mistake: documents, labels, movements of the face, films.
const COMPANION =
  /\.(md|txt|rtf|pdf|docx?|csv|tsv|xlsx?|json|xml|html?|lab|textgrid|png|jpe?g|mat|py|anvil|avi)$|^(readme|licen[cs]e|copying|changelog)$/i;

/** Whether a file's extension is one that sound has. */
export function isAudio(file: string): boolean {
  return AUDIO.has(posix.extname(file).slice(1).toLowerCase());
}

/** Whether a file is a document rather than sound. */
export function isCompanion(file: string): boolean {
  return COMPANION.test(posix.basename(file));
}

/**
 * List the files below `root`, relative to it, with `/`, sorted by code unit. Links are followed, each folder once;
 * names that begin with a dot (`.DS_Store`, `._x.wav`) are passed over. A folder that cannot be read is a problem,
 * not an end.
 */
export async function listFiles(root: string): Promise<{ files: string[]; problems: Problem[] }> {
  const files: string[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    const { dev, ino } = await stat(join(root, folder), { bigint: true });
    if (seen.has(`${dev}:${ino}`)) return;
    seen.add(`${dev}:${ino}`);
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    entries.sort((a, b) => byCodeUnit(a.name, b.name));
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const file = posix.join(folder, entry.name);
      try {
        const target = entry.isSymbolicLink() ? await stat(join(root, file)) : entry;
        if (target.isDirectory()) await visit(file);
        else if (target.isFile()) files.push(file);
      } catch (error) {
        const message = `cannot be read: ${(error as Error).message}`;
        problems.push({ file, kind: "missing", message, used: false });
      }
    }
  };
  await visit("");
  return { files: files.sort(byCodeUnit), problems };
}
