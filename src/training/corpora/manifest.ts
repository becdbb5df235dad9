// manifest.csv: whose clip and which emotion, one row a file. Knows the columns, not the disk.

import { parseCsv } from "./csv.ts";
import { CorpusError } from "./error.ts";

export const MANIFEST = "manifest.csv";
const REQUIRED = ["path", "emotion", "speaker"] as const;
const OPTIONAL = ["gender", "lang", "seconds", "sentence"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** What stands for a gender, in any case; `null`: it is not known. A letter that two languages read otherwise is none. */
const GENDERS: ReadonlyMap<string, "F" | "M" | null> = new Map([
  ...["f", "female", "woman"].map((word) => [word, "F"] as const),
  ...["m", "male", "man"].map((word) => [word, "M"] as const),
  ...["", "unknown", "other"].map((word) => [word, null] as const),
]);

export interface ManifestRow {
  line: number;
  /** As written: relative to the manifest's folder, or absolute. */
  path: string;
  /** May be empty, as may `speaker`. */
  emotion: string;
  speaker: string;
  gender?: "F" | "M";
  /** What stands there for a gender and is none that is known. */
  strangeGender?: string;
  lang?: string;
  seconds?: number;
  /** What is said: not a column that is asked for, but one that lets a split by sentence be made and leaks be seen. */
  sentence?: string;
}

/**
 * Read a manifest. Column names may stand in any order and case; columns of other names are passed over.
 *
 * @param file its name, for messages
 * @throws CorpusError where it is no CSV or columns are missing
 */
export function parseManifest(text: string, file: string): ManifestRow[] {
  const [header, ...rows] = readRows(text, file);
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase());
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new CorpusError(
      `${file}: its first line is ${JSON.stringify(header?.cells.join(",") ?? "")}, which lacks the ` +
        `column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}; ` +
        `expected ${REQUIRED.join(",")}[,gender,lang,seconds], such as\n` +
        `  ${REQUIRED.join(",")},lang\n  clips/one.wav,happy,anna,en`,
    );
  }
  return rows.map(({ line, cells }) => {
    const cell = (name: Column) => cells[names.indexOf(name)]?.trim() ?? "";
    const seconds = Number(cell("seconds"));
    const gender = GENDERS.get(cell("gender").toLowerCase());
    return {
      line,
      // Not trimmed: a file's name may begin or end with a space.
      path: cells[names.indexOf("path")] ?? "",
      emotion: cell("emotion"),
      speaker: cell("speaker"),
      ...(gender && { gender }),
      ...(gender === undefined && { strangeGender: cell("gender") }),
      ...(cell("lang") && { lang: cell("lang") }),
      ...(cell("sentence") && { sentence: cell("sentence") }),
      ...(seconds > 0 && { seconds }),
    };
  });
}

function readRows(text: string, file: string) {
  try {
    return parseCsv(text);
  } catch (error) {
    throw new CorpusError(
      `${file}: ${(error as Error).message}; expected comma-separated values as in RFC 4180, quotes doubled inside quotes`,
    );
  }
}
