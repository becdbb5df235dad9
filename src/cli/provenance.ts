// Which version of this program is at work, for a model's card. Knows git, no model.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Version and commit of this program. */
export function provenance(): { version: string; commit: string } {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return { version, commit: commitOf(root) };
}

/** What decides what the program computes. */
const PROGRAM = ["src", "package.json", "package-lock.json"];

/**
 * The commit of a checkout, and whether what it computes with has been changed since; "not known" where it is none.
 * @param root its top folder: installed as a package it may lie in somebody's repository, whose commit says nothing of it
 */
export function commitOf(root: string): string {
  if (!existsSync(join(root, ".git"))) return "not known";
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("rev-parse", "--short=12", "HEAD");
    return git("status", "--porcelain", "--", ...PROGRAM) ? `${commit} with changes` : commit;
  } catch {
    return "not known";
  }
}
