// Tests of `undertone bench`: its options, its lines, peers that are not there. Never of how fast anything is.
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";

test.each([
  ["a measurement that is none", ["speed"], "Allowed choices are step, mfcc, hour, memory"],
  ["no rounds", ["step", "--rounds", "0"], "--rounds"],
  ["no data", ["speech", "--data", "/nowhere"], '"/nowhere", does not exist'],
  ["a folder that is none", ["step", "--peers", "/nowhere"], '"/nowhere", does not exist'],
])("%s: 2, and what there is", async (_, args, what) => {
  const { code, stderr } = await undertone(["bench", ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(what);
});

test("one short round of the step alone: a line for the machine, and one for each engine", {
  timeout: 60_000,
}, async () => {
  const { code, stdout } = await undertone(
    ["bench", "step", "--rounds", "1", "--no-peers", "--json"],
    tmpdir(),
  );
  expect(code).toBe(0);
  const [machine, ...rows] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(machine).toMatchObject({ bench: "machine", node: process.versions.node });
  expect(machine.onnxruntime).toMatch(/^\d+\.\d+\.\d+$/);
  expect(rows).toHaveLength(machine.cores > 1 ? 4 : 2);
  const all = rows.at(-2);
  for (const row of rows) {
    expect(row).toMatchObject({ bench: "step", timing: { runs: 25 } });
    expect(row.timing.min).toBeGreaterThan(0);
    expect(row.timing.median).toBeGreaterThanOrEqual(row.timing.min);
    expect(row.toOurs.median).toBeCloseTo(row.timing.median / all.timing.median, 6);
  }
  expect(all).toMatchObject({ engine: "undertone", threads: machine.cores, toOurs: { median: 1, min: 1 } });
  expect(rows.at(-1)).toMatchObject({ engine: "its products alone", toFloor: { median: 1, min: 1 } });
});

test("librosa is not there: it is said how to get it, and ours is measured", {
  timeout: 60_000,
}, async () => {
  const { code, stdout, stderr } = await undertone([
    "bench",
    "mfcc",
    "--rounds",
    "1",
    "--python",
    "/no/python",
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain(
    "librosa is not installed. To measure against it: pip install librosa, with /no/python",
  );
  expect(stderr.match(/not installed/g)).toHaveLength(1);
  for (const clip of ["2 s", "10 s", "60 s"])
    expect(stdout).toMatch(new RegExp(`^  400/160 +${clip} +[\\d.]+ `, "m"));
});
