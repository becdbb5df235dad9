// The rules of the house about a file's form, as functions from sources to violations. Knows text, no files on disk.
import type { Source } from "./sources.ts";

export const MAX_LINES = 400;

/** Product files whose first line (or second, after `#!`) is not a comment that says their role in three words or more. */
export function roleViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !path.includes(".test."))
    .filter(({ text }) => {
      const lines = text.split("\n", 2);
      const first = lines[0]!.startsWith("#!") ? (lines[1] ?? "") : lines[0]!;
      return !/^(\/\/|\/\*\*?) (\S+\s+){2,}\S+/.test(first);
    })
    .map(({ path }) => `${path}: its first line must be a comment that says its role and what it may know`);
}

/** Files longer than a person reads in one go. */
export function lengthViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, "").split("\n").length;
    return lines > MAX_LINES ? [`${path}: has ${lines} lines, at most ${MAX_LINES}; one idea a file`] : [];
  });
}

/**
 * Doors (index.ts, index.node.ts, index.web.ts) that export a default, or all of a file without naming it. A platform's
 * door may pass on the whole of the room's own index.ts, where everything is named.
 */
export function doorFormViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /(^|\/)index(\.node|\.web)?\.ts$/.test(path))
    .filter(
      ({ text }) =>
        /^\s*export\s+(default\b|\*(?! from "\.\/index\.ts"))/m.test(text) || /\bas\s+default\b/.test(text),
    )
    .map(({ path }) => `${path}: a door has named exports only, no default and no "export *"`);
}

/** Pages that name a place on somebody's machine; a reader has no such place. */
export function machinePathViolations(sources: readonly Source[]): string[] {
  const place =
    /(?<![\w.~/-])(\/(home|root|work|workspace|tmp|Users|mnt|media|var\/tmp)\/[\w.-]+|[A-Z]:\\\w+)/g;
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(place)].map(
      ({ 0: found }) => `${path}: names the absolute path ${found}; write one from the repository's root`,
    ),
  );
}
