// Holds the repository's files to their form (docs/conventions.md). The rules are in support/house.ts.
import { expect, test } from "vitest";
import {
  doorFormViolations,
  lengthViolations,
  machinePathViolations,
  roleViolations,
} from "./support/house.ts";
import { readSources } from "./support/sources.ts";

const product = readSources(["src"], ".ts");
const pages = readSources(["."], ".md");

test("every file says its role on its first line", () => expect(roleViolations(product)).toEqual([]));
test("no file is longer than a person reads in one go", () => {
  expect(lengthViolations([...product, ...readSources(["bench", "examples", "test"], ".ts")])).toEqual([]);
});
test("doors name what they export", () => expect(doorFormViolations(product)).toEqual([]));
test("no page names a place on somebody's machine", () => {
  expect(pages.map(({ path }) => path)).toContain("docs/architecture.md");
  expect(machinePathViolations(pages)).toEqual([]);
});
