// Folders of clips for tests: files with a text each, or bytes of their own; gone after each test.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true })));
});

/** A folder with these files; a file whose text is `null` gets bytes of its own, so that it repeats no other. */
export async function folder(files: Record<string, string | null>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "undertone-corpora-"));
  made.push(dir);
  const folders = new Set(Object.keys(files).map((file) => join(dir, dirname(file))));
  for (const path of folders) await mkdir(path, { recursive: true });
  await Promise.all(
    Object.entries(files).map(([file, text]) => writeFile(join(dir, file), text ?? `sound of ${file}`)),
  );
  return dir;
}

/** Files with bytes of their own. */
export const own = (...files: string[]) => Object.fromEntries(files.map((file) => [file, null]));
