// The repository's own files as path and text, for the tests that read them. Knows the file system only.
import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file: its path from the root of the repository, with `/`, and what it says. */
export type Source = { path: string; text: string };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The text of one file of the repository, by its path from the root. */
export function readSource(path: string): Source {
  return { path, text: readFileSync(ROOT + path, "utf8") };
}

/** Every file under the folders that ends so (`.ts`, `.md`), sorted; a folder that is not there has none. */
export function readSources(folders: readonly string[], ending: string): Source[] {
  return folders
    .filter((folder) => existsSync(ROOT + folder))
    .flatMap((folder) => globSync(`${folder}/**/*${ending}`, { cwd: ROOT, exclude: ["**/node_modules/**"] }))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map(readSource);
}
