// Tests of the peers' protocol, with programs that stand in for them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configurationsOf, type Peer, PeerMissing, PeerProcess } from "./peers.ts";

let folder: string;
const place = () => ({ python: join(folder, "no-python"), folder });
const peer = (program: string): Peer => ({ name: "Stand-in", program, install: "install it", runs: 1 });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "undertone-peers-"));
  const counting = `
    import { createInterface } from "node:readline";
    if (process.argv.includes("--list")) console.log('["one","two"]');
    else {
      let turn = 0;
      for await (const _ of createInterface(process.stdin)) console.log(JSON.stringify({ turn: ++turn, args: process.argv.slice(2) }));
    }`;
  writeFileSync(join(folder, "counting.mjs"), counting);
  writeFileSync(join(folder, "needy.mjs"), 'import "a-package-that-nobody-has";');
  writeFileSync(join(folder, "broken.mjs"), 'console.error("first\\nthe last word"); process.exit(3);');
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a peer tells its configurations, and answers once a turn", async () => {
  expect(await configurationsOf(peer("counting.mjs"), place())).toEqual(["one", "two"]);
  const program = new PeerProcess(peer("counting.mjs"), place(), ["--only", "one"]);
  try {
    expect(await program.turn()).toEqual({ turn: 1, args: ["--only", "one", "--wait"] });
    expect(await program.turn()).toMatchObject({ turn: 2 });
  } finally {
    program.close();
  }
});

test.each([
  ["whose library is missing", "needy.mjs", "Stand-in is not installed. To measure against it: install it"],
  ["whose Python is missing", "any.py", "no-python (--python names another)"],
  ["that fails", "broken.mjs", "its program broken.mjs failed: the last word"],
])("a peer %s says so, asked either way", async (_, program, message) => {
  await expect(configurationsOf(peer(program), place())).rejects.toThrow(message);
  const started = new PeerProcess(peer(program), place(), []);
  const turn = started.turn();
  await expect(turn).rejects.toThrow(PeerMissing);
  await expect(turn).rejects.toThrow(message);
  await expect(started.turn()).rejects.toThrow(message);
});
