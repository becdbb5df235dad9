// Tests of checkpoints: read back bit for bit, refused when cut off, never half written.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FileError, readCheckpoint, writeCheckpoint, writeWhole } from "./checkpoint.ts";

const dir = mkdtempSync(join(tmpdir(), "undertone-"));
const floats = fc.float32Array({ maxLength: 40 });

test("what is written is read, to the last bit: NaN, infinities, -0, empty tensors, any text", () => {
  const path = join(dir, "any.safetensors");
  fc.assert(
    fc.property(floats, floats, fc.dictionary(fc.string(), fc.string()), (weights, empty, metadata) => {
      const tensors = { weights, "b/c": empty.subarray(0, 0), d: empty };
      writeCheckpoint(path, { tensors, metadata });
      expect(readCheckpoint(path, ["weights", "b/c", "d"])).toEqual({ tensors, metadata });
    }),
  );
});

test("the layout is that of safetensors: a header of 8-byte multiples, data behind it in order", () => {
  const path = join(dir, "layout.safetensors");
  writeCheckpoint(path, {
    tensors: { a: Float32Array.of(1, 2), b: Float32Array.of(3) },
    metadata: { k: "v" },
  });
  const bytes = readFileSync(path);
  const size = Number(bytes.readBigUInt64LE(0));
  expect(size % 8).toBe(0);
  expect(JSON.parse(bytes.subarray(8, 8 + size).toString())).toEqual({
    __metadata__: { k: "v" },
    a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    b: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
  });
  expect([0, 4, 8].map((at) => bytes.readFloatLE(8 + size + at))).toEqual([1, 2, 3]);
  expect(bytes.length).toBe(8 + size + 12);
});

test("cut off anywhere, or something else altogether, it is refused by name with the way out", () => {
  const path = join(dir, "cut.safetensors");
  writeCheckpoint(path, { tensors: { a: Float32Array.of(1, 2, 3) }, metadata: {} });
  const whole = readFileSync(path);
  const others = ["", "no checkpoint", "\0".repeat(100), "\xff".repeat(20)].map((text) => Buffer.from(text));
  for (const bytes of [...whole.keys()].map((length) => whole.subarray(0, length)).concat(others)) {
    writeFileSync(path, bytes);
    const reading = () => readCheckpoint(path, ["a"]);
    expect(reading).toThrow(FileError);
    expect(reading).toThrow(/cut\.safetensors" is no checkpoint, or only part of one.*begins anew/);
  }
  writeFileSync(path, whole);
  expect(() => readCheckpoint(path, ["a", "momentum"])).toThrow(/its "momentum" is missing/);
  expect(() => readCheckpoint(join(dir, "none"), ["a"])).toThrow(/none" cannot be read \(ENOENT/);
});

test("a file that cannot be written leaves what was there, and nothing beside it", () => {
  const folder = join(dir, "folder");
  mkdirSync(join(folder, "taken", "inside"), { recursive: true });
  // A folder that is not empty cannot be replaced by a file.
  expect(() => writeWhole(join(folder, "taken"), "x")).toThrow(/taken" cannot be written: .*untouched/);
  expect(readdirSync(folder)).toEqual(["taken"]);
  expect(existsSync(join(folder, "taken", "inside"))).toBe(true);
  writeWhole(join(folder, "flat"), "x");
  expect(() => writeWhole(join(folder, "flat", "deeper"), "x")).toThrow(/a part of the path is a file/);
  expect(readFileSync(join(folder, "flat"), "utf8")).toBe("x");
});

test("a working folder that has gone is an error, not a wait without end", () => {
  const gone = mkdtempSync(join(tmpdir(), "undertone-gone-"));
  const script = `
    import { rmSync } from "node:fs";
    import { writeWhole } from ${JSON.stringify(new URL("./checkpoint.ts", import.meta.url).href)};
    rmSync(process.cwd(), { recursive: true });
    try { writeWhole("run/last", "x"); } catch (error) { process.stdout.write(error.message); }`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "--eval", script];
  const { stdout, error } = spawnSync(process.execPath, args, {
    cwd: gone,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(error).toBe(undefined);
  expect(stdout).toMatch(/"run\/last" cannot be written: its folder has gone/);
});
