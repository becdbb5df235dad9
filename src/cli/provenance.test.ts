// Tests of what a card says of the program: the commit, whether files differ from it, and where there is none.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commitOf } from "./provenance.ts";

let root: string;
const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "undertone-provenance-"));
  mkdirSync(join(root, "src"));
});
afterEach(() => rmSync(root, { recursive: true }));

function commit(): string {
  git("init", "-q");
  writeFileSync(join(root, "src", "main.ts"), "1\n");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first");
  return git("rev-parse", "--short=12", "HEAD");
}

test("a checkout is its commit, as long as nothing that computes is changed", () => {
  const first = commit();
  writeFileSync(join(root, "notes.md"), "not the program\n");
  expect(commitOf(root)).toBe(first);
});

test.each(["main.ts", "new.ts"])("a changed or new file of the program is told: %s", (name) => {
  const first = commit();
  writeFileSync(join(root, "src", name), "2\n");
  expect(commitOf(root)).toBe(`${first} with changes`);
});

test("without a repository of its own, or one without commits, it is not known", () => {
  expect(commitOf(root)).toBe("not known");
  git("init", "-q");
  expect(commitOf(root)).toBe("not known");
});
