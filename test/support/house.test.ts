import { describe, expect, test } from "vitest";
import {
  doorFormViolations,
  lengthViolations,
  MAX_LINES,
  machinePathViolations,
  roleViolations,
} from "./house.ts";

describe("roleViolations", () => {
  test.each([
    ["a role", "// Log-mel as graph nodes. Knows ONNX, not emotions.\n"],
    [
      "a role after the line for the shell",
      "#!/usr/bin/env node\n// Starts the command. Knows its names only.\n",
    ],
    ["a block comment", "/** Log-mel as graph nodes. */\n"],
  ])("allows %s", (_name, text) => {
    expect(roleViolations([{ path: "src/onnx/a.ts", text }])).toEqual([]);
  });

  test.each([
    ["no comment", 'import "./b.ts";\n'],
    ["an empty line first", "\n// Log-mel as graph nodes.\n"],
    ["a comment that says too little", "// mel\n"],
    ["an empty file", ""],
  ])("finds %s", (_name, text) => {
    expect(roleViolations([{ path: "src/onnx/a.ts", text }])).toHaveLength(1);
  });

  test("asks nothing of tests, whose names say what they test", () => {
    expect(roleViolations([{ path: "src/onnx/a.test.ts", text: "" }])).toEqual([]);
  });
});

test("lengthViolations finds one line too many", () => {
  const sources = [MAX_LINES, MAX_LINES + 1].map((lines) => ({
    path: `src/${lines}.ts`,
    text: "x\n".repeat(lines),
  }));
  expect(lengthViolations(sources)).toEqual([
    expect.stringContaining(`src/${MAX_LINES + 1}.ts: has 401 lines`),
  ]);
});

describe("doorFormViolations", () => {
  test.each([
    [
      "named exports",
      "src/onnx/index.ts",
      'export { a, type B } from "./a.ts";\nexport type { C } from "./c.ts";',
    ],
    ["the room's door passed on by a platform's", "src/onnx/index.node.ts", 'export * from "./index.ts";'],
    ["any form in a file that is no door", "src/onnx/reindex.ts", 'export * from "./a.ts";'],
  ])("allows %s", (_name, path, text) => {
    expect(doorFormViolations([{ path, text }])).toEqual([]);
  });

  test.each([
    ["a default", "src/onnx/index.ts", "export default 1;"],
    ["a default by another name", "src/onnx/index.ts", 'export { a as default } from "./a.ts";'],
    ["everything", "src/onnx/index.node.ts", 'export { a } from "./a.ts";\nexport * from "./b.ts";'],
  ])("finds %s", (_name, path, text) => {
    expect(doorFormViolations([{ path, text }])).toHaveLength(1);
  });
});

describe("machinePathViolations", () => {
  test.each([
    "/api/v1/recordings",
    "src/work/a.ts",
    "~/work/a",
    "https://example.org/home/page",
    "and/or",
    "../tmp/a",
  ])("allows %s", (text) => {
    expect(machinePathViolations([{ path: "README.md", text: `see ${text} and ${text}.` }])).toEqual([]);
  });

  test.each([
    "/home/ann/undertone",
    "/work/undertone",
    "`/tmp/run`",
    "(/root/x)",
    "/Users/ann/x",
    "C:\\Users\\ann",
  ])("finds %s", (text) => {
    expect(machinePathViolations([{ path: "README.md", text: `see ${text}.` }])).toHaveLength(1);
  });
});
