// Holds the repository to the import table of docs/architecture.md. The rules are in support/rooms.ts.
import { describe, expect, test } from "vitest";
import {
  arrowViolations,
  computedViolations,
  cycles,
  doorViolations,
  pageViolations,
  parseRooms,
  portableViolations,
  runtimeViolations,
} from "./support/rooms.ts";
import { readSource, readSources } from "./support/sources.ts";

const rooms = parseRooms(readSource("docs/architecture.md").text);
const product = readSources(["src"], ".ts");
const everything = [...product, ...readSources(["bench", "examples", "test"], ".ts")];
const page = [...readSources(["web/src"], ".ts"), ...readSources(["web/src"], ".tsx")];
const portable: string[] = JSON.parse(readSource("tsconfig.portable.json").text).include;

describe("imports", () => {
  test("there are sources to check", () => expect(product.length).toBeGreaterThan(0));
  test("every arrow between rooms is in the table", () =>
    expect(arrowViolations(product, rooms)).toEqual([]));
  test("nobody goes past a door", () => expect(doorViolations(everything, rooms)).toEqual([]));
  test("the page knows some doors and the contract's types", () => {
    expect(page.length).toBeGreaterThan(0);
    expect(pageViolations(page)).toEqual([]);
  });
  test("no import is computed", () => expect(computedViolations(product)).toEqual([]));
  test("no files import each other in a circle", () => expect(cycles(everything)).toEqual([]));
  test("portable files need no Node", () => expect(portableViolations(product, portable)).toEqual([]));
  test("only the runtime knows onnxruntime", () => expect(runtimeViolations(everything)).toEqual([]));
});
