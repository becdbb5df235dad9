// The rules of the house about imports, as functions from sources to violations. Knows rooms and doors, no files on disk.
import { isBuiltin } from "node:module";
import { type Import, importsOf } from "./imports.ts";
import type { Source } from "./sources.ts";

/** Each room, and the rooms that it may import. A room's folder is `src/` and its name. */
export type Rooms = ReadonlyMap<string, ReadonlySet<string>>;

const DOORS = ["index.ts", "index.node.ts", "index.web.ts"];
const NODE_PACKAGES = ["onnxruntime-node", "node-av"];

/** Reads the table under the heading "Rooms and arrows": a row is | `room` | what lives there | may import |. */
export function parseRooms(markdown: string): Rooms {
  const [, section] = markdown.split(/^## Rooms and arrows$/m);
  const rows = [...(section?.split(/^## /m)[0] ?? "").matchAll(/^\| `([^`]+)` +\|[^|]*\|([^|]*)\|$/gm)];
  if (rows.length === 0)
    throw new Error('parseRooms: found no row of rooms under the heading "Rooms and arrows"');
  const rooms = new Map(
    rows.map(([, room, arrows]) => {
      const names = arrows!.split(",").map((name) => name.trim());
      return [room!, new Set(names.filter((name) => name !== "-"))];
    }),
  );
  for (const [room, arrows] of rooms) {
    for (const name of arrows) {
      if (!rooms.has(name))
        throw new Error(`parseRooms: ${room} may import "${name}", which is no room of the table`);
    }
  }
  return rooms;
}

/** The room that a file lives in: the innermost one, `speech/features` before `speech`; undefined: none. */
export function roomOf(path: string, rooms: Rooms): string | undefined {
  const within = [...rooms.keys()].filter((room) => path.startsWith(`src/${room}/`));
  return within.sort((a, b) => b.length - a.length)[0];
}

/** Files of src/ in no room, arrows that the table does not have, and product code that imports what is not product. */
export function arrowViolations(sources: readonly Source[], rooms: Rooms): string[] {
  const lost = sources.filter(({ path }) => path.startsWith("src/") && roomOf(path, rooms) === undefined);
  const wrong = allImports(sources).flatMap((item) => {
    if (!isProduct(item.from) || item.to === undefined) return [];
    if (isTest(item.to) || /^(bench|examples|test|web)\//.test(item.to))
      return [say(item, "product code imports what is not")];
    const [from, to] = [roomOf(item.from, rooms), roomOf(item.to, rooms)];
    if (from === undefined || to === undefined || from === to || rooms.get(from)!.has(to)) return [];
    return [say(item, `${from} may not import ${to} (docs/architecture.md, "Rooms and arrows")`)];
  });
  return [...lost.map(({ path }) => `${path}: is in no room of docs/architecture.md`), ...wrong];
}

/** Imports that reach into a room from outside without using its door; those of tests, bench and examples too. */
export function doorViolations(sources: readonly Source[], rooms: Rooms): string[] {
  return allImports(sources).flatMap((item) => {
    const room = item.to === undefined ? undefined : roomOf(item.to, rooms);
    if (room === undefined || room === roomOf(item.from, rooms)) return [];
    const isDoor = DOORS.some((door) => item.to === `src/${room}/${door}`);
    return isDoor ? [] : [say(item, `goes past the door of ${room}; use its ${DOORS.join(", ")}`)];
  });
}

/** Imports whose target is computed: nothing could be said of them. */
export function computedViolations(sources: readonly Source[]): string[] {
  const computed = allImports(sources).filter(({ specifier }) => specifier === undefined);
  return computed.map((item) =>
    say(item, "is computed, so no rule can be checked; name the file or package literally"),
  );
}

/** Cycles of value imports between files, each once, as `a -> b -> a`. */
export function cycles(sources: readonly Source[]): string[] {
  const next = new Map<string, Set<string>>(sources.map(({ path }) => [path, new Set()]));
  for (const { from, to, how, typeOnly } of allImports(sources)) {
    if (to !== undefined && next.has(to) && !typeOnly && how !== "url") next.get(from)!.add(to);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    if (done.has(path) || trail.includes(path)) return;
    for (const to of next.get(path)!) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}

/** Portable files (in `folders`, without `.node.` or `.test.` in their name) that would need Node to run. */
export function portableViolations(sources: readonly Source[], folders: readonly string[]): string[] {
  const portable = sources.filter(
    ({ path }) =>
      folders.some((folder) => path.startsWith(`${folder}/`)) && isProduct(path) && !path.includes(".node."),
  );
  return allImports(portable).flatMap((item) => {
    const needsNode = isBuiltin(item.specifier ?? "") || NODE_PACKAGES.includes(item.specifier ?? "");
    if (needsNode) return [say(item, "needs Node in a file that runs anywhere; move it to a .node.ts file")];
    const runsNodeFile = item.to?.includes(".node.") && !item.typeOnly;
    return runsNodeFile ? [say(item, "runs a .node.ts file from a file that runs anywhere")] : [];
  });
}

/** onnxruntime imported anywhere but in the room `runtime`. */
export function runtimeViolations(sources: readonly Source[]): string[] {
  return allImports(sources).flatMap((item) => {
    if (!item.specifier?.startsWith("onnxruntime") || item.from.startsWith("src/runtime/")) return [];
    return [say(item, "only src/runtime imports onnxruntime")];
  });
}

/** Of the rooms, what the page may know: some doors that need no Node, and the types of the service's contract. */
const PAGE_DOORS = ["audio", "recognizer", "speech"].map((room) => `src/${room}/index.ts`);

/** Imports of the page that reach further into src/ than it may. */
export function pageViolations(sources: readonly Source[]): string[] {
  const page = sources.filter(({ path }) => path.startsWith("web/src/") && !isTest(path));
  return allImports(page).flatMap((item) => {
    if (item.to === undefined || item.to.startsWith("web/src/") || PAGE_DOORS.includes(item.to)) return [];
    if (item.to === "src/server/contract.ts" && item.typeOnly) return [];
    return [
      say(item, `is not for the page; it may import ${PAGE_DOORS.join(", ")}, and types of the contract`),
    ];
  });
}

function allImports(sources: readonly Source[]): Import[] {
  return sources.flatMap(importsOf);
}

function isTest(path: string): boolean {
  return path.includes(".test.");
}

/** What is shipped: src/ without the tests beside it. Those may import any room, through its door. */
function isProduct(path: string): boolean {
  return path.startsWith("src/") && !isTest(path);
}

function say({ from, line, specifier }: Import, what: string): string {
  return `${from}:${line}: import of ${specifier ?? "a computed name"} ${what}`;
}
