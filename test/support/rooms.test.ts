import { describe, expect, test } from "vitest";
import {
  arrowViolations,
  computedViolations,
  cycles,
  doorViolations,
  pageViolations,
  parseRooms,
  portableViolations,
  roomOf,
  runtimeViolations,
} from "./rooms.ts";
import type { Source } from "./sources.ts";

const TABLE = [
  "# Title",
  "## Rooms and arrows",
  "| room | what lives there | may import |",
  "| --- | --- | --- |",
  "| `onnx` | the format | - |",
  "| `graph` | operators | onnx |",
  "| `runtime` | sessions | - |",
  "| `speech` | emotions | - |",
  "| `speech/features` | mel | graph |",
  "| `models` | networks | graph, speech, speech/features |",
  "## Another table",
  "| `not-a-room` | text | - |",
].join("\n");
const rooms = parseRooms(TABLE);

function files(content: Record<string, string>): Source[] {
  return Object.entries(content).map(([path, text]) => ({ path, text }));
}

describe("parseRooms", () => {
  test("reads the rooms and arrows of that table only", () => {
    expect([...rooms.keys()]).toEqual(["onnx", "graph", "runtime", "speech", "speech/features", "models"]);
    expect([...rooms.get("models")!]).toEqual(["graph", "speech", "speech/features"]);
    expect([...rooms.get("onnx")!]).toEqual([]);
  });

  test("refuses a page without the table, and an arrow to a room that is not in it", () => {
    expect(() => parseRooms("# Title\n| `onnx` | x | - |")).toThrow("found no row");
    expect(() => parseRooms(TABLE.replace("| onnx |", "| onxx |"))).toThrow('graph may import "onxx"');
  });
});

test("roomOf answers the innermost room", () => {
  expect(roomOf("src/speech/card.ts", rooms)).toBe("speech");
  expect(roomOf("src/speech/features/mel.ts", rooms)).toBe("speech/features");
  expect(roomOf("src/speechless/a.ts", rooms)).toBeUndefined();
});

describe("arrowViolations", () => {
  test.each([
    ["an arrow of the table", "src/graph/a.ts", 'import { x } from "../onnx/index.ts";'],
    ["the own room", "src/graph/a.ts", 'import { x } from "./b.ts";'],
    ["a test that needs another room", "src/onnx/a.test.ts", 'import { x } from "../graph/index.ts";'],
    ["the package file", "src/graph/a.ts", 'import about from "../../package.json" with { type: "json" };'],
  ])("allows %s", (_name, path, text) => {
    expect(arrowViolations(files({ [path]: text }), rooms)).toEqual([]);
  });

  test.each([
    [
      "an arrow against the table",
      "src/onnx/a.ts",
      'import { x } from "../graph/index.ts";',
      "onnx may not import graph",
    ],
    [
      "a type-only one",
      "src/onnx/a.ts",
      'import type { X } from "../graph/index.ts";',
      "onnx may not import graph",
    ],
    ["a re-export", "src/onnx/a.ts", 'export * from "../graph/index.ts";', "onnx may not import graph"],
    ["a lazy one", "src/onnx/a.ts", 'await import("../graph/index.ts");', "onnx may not import graph"],
    [
      "a room to the room inside it",
      "src/speech/a.ts",
      'import "./features/index.ts";',
      "speech may not import speech/features",
    ],
    [
      "the inner room to the outer",
      "src/speech/features/a.ts",
      'import "../index.ts";',
      "speech/features may not import speech",
    ],
    ["product code that imports a test", "src/onnx/a.ts", 'import "./b.test.ts";', "what is not"],
    [
      "product code that imports test support",
      "src/onnx/a.ts",
      'import "../../test/support/a.ts";',
      "what is not",
    ],
  ])("finds %s", (_name, path, text, message) => {
    const found = arrowViolations(files({ [path]: text }), rooms);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}:1: `);
    expect(found[0]).toContain(message);
  });

  test("finds a file in no room", () => {
    const found = arrowViolations(
      files({ "src/stray.ts": "", "src/other/a.ts": "", "test/a.ts": "" }),
      rooms,
    );
    expect(found.map((line) => line.split(":")[0])).toEqual(["src/stray.ts", "src/other/a.ts"]);
  });
});

describe("doorViolations", () => {
  test.each([
    ["a door", "src/graph/a.ts", 'import { x } from "../onnx/index.ts";'],
    ["a door of a platform", "src/models/a.node.ts", 'import { x } from "../runtime/index.node.ts";'],
    ["the door of the inner room", "src/models/a.ts", 'import { x } from "../speech/features/index.ts";'],
    ["the own room, as deep as it likes", "src/graph/a.ts", 'import { x } from "./operators/add.ts";'],
    ["a test beside its file", "src/graph/operators/add.test.ts", 'import { x } from "./add.ts";'],
    ["test support", "src/graph/a.test.ts", 'import { x } from "../../test/support/allclose.ts";'],
  ])("allows %s", (_name, path, text) => {
    expect(doorViolations(files({ [path]: text }), rooms)).toEqual([]);
  });

  test.each([
    ["a deep import", "src/graph/a.ts", 'import { x } from "../onnx/read.ts";'],
    ["a deep type import", "src/graph/a.ts", 'import type { X } from "../onnx/read.ts";'],
    ["an index.ts that is no door", "src/models/a.ts", 'import { x } from "../graph/operators/index.ts";'],
    ["the inner room, deep", "src/models/a.ts", 'import { x } from "../speech/features/mel.ts";'],
    ["a test of another room", "src/graph/a.test.ts", 'import { x } from "../onnx/read.ts";'],
    ["a test that crosses rooms", "test/a.test.ts", 'import { x } from "../src/onnx/read.ts";'],
    ["a benchmark", "bench/a.ts", 'import { x } from "../src/onnx/read.ts";'],
    ["the file of a worker", "src/graph/a.ts", 'new URL("../onnx/worker.ts", import.meta.url);'],
  ])("finds %s", (_name, path, text) => {
    expect(doorViolations(files({ [path]: text }), rooms)).toEqual([
      expect.stringContaining("past the door"),
    ]);
  });
});

test("computedViolations finds an import without a literal name, and no other", () => {
  const sources = files({
    "src/onnx/a.ts": 'import "./b.ts";\nawait import(name);',
    "src/onnx/b.ts": 'await import("./a.ts");',
  });
  expect(computedViolations(sources)).toEqual([
    expect.stringContaining("src/onnx/a.ts:2: import of a computed name"),
  ]);
});

describe("cycles", () => {
  test("finds each cycle once, with its path", () => {
    const sources = files({
      "src/onnx/a.ts": 'import "./b.ts";',
      "src/onnx/b.ts": 'export { x } from "./c.ts";',
      "src/onnx/c.ts": 'import { x } from "./a.ts";\nimport "./d.ts";',
      "src/onnx/d.ts": 'import "./d.ts";',
    });
    expect(cycles(sources)).toEqual([
      "src/onnx/a.ts -> src/onnx/b.ts -> src/onnx/c.ts -> src/onnx/a.ts",
      "src/onnx/d.ts -> src/onnx/d.ts",
    ]);
  });

  test("finds one that closes through a lazy import", () => {
    const sources = files({
      "src/onnx/a.ts": 'import "./b.ts";',
      "src/onnx/b.ts": 'await import("./a.ts");',
    });
    expect(cycles(sources)).toHaveLength(1);
  });

  test("lets types, a shared file and a worker's own file pass", () => {
    const sources = files({
      "src/onnx/a.ts": 'import "./b.ts";\nimport "./c.ts";\nnew URL("./d.ts", import.meta.url);',
      "src/onnx/b.ts": 'import "./c.ts";\nimport type { A } from "./a.ts";',
      "src/onnx/c.ts": "",
      "src/onnx/d.ts": 'import "./a.ts";',
    });
    expect(cycles(sources)).toEqual([]);
  });
});

describe("portableViolations", () => {
  const folders = ["src/onnx", "src/runtime"];

  test.each([
    ["a .node.ts file", "src/runtime/a.node.ts", 'import "node:fs";'],
    ["a test", "src/onnx/a.test.ts", 'import "node:fs";'],
    ["a room that is not portable", "src/models/a.ts", 'import "node:fs";'],
    ["a type of a .node.ts file", "src/runtime/a.ts", 'import type { X } from "./b.node.ts";'],
  ])("allows %s", (_name, path, text) => {
    expect(portableViolations(files({ [path]: text }), folders)).toEqual([]);
  });

  test.each([
    ["a built-in", 'import "node:fs";'],
    ["one without its prefix", 'import { join } from "path";'],
    ["a built-in's types", 'import type { Buffer } from "node:buffer";'],
    ["a package that needs Node", 'import "onnxruntime-node";'],
    ["a .node.ts file that would run", 'import { x } from "./b.node.ts";'],
  ])("finds %s", (_name, text) => {
    expect(portableViolations(files({ "src/runtime/a.ts": text }), folders)).toHaveLength(1);
  });
});

describe("pageViolations", () => {
  const contract = '"../../src/server/contract.ts"';

  test.each([
    ["its own files, as text and in markup", 'import { x } from "./b.ts"; const y = <p>{x}</p>;'],
    ["a door that needs no Node", 'import { analyze } from "../../src/recognizer/index.ts";'],
    ["types of the contract", `import type { Recording } from ${contract};`],
  ])("allows %s", (_name, text) => {
    expect(pageViolations(files({ "web/src/a.tsx": text }))).toEqual([]);
  });

  test.each([
    ["another room", 'import { Tensor } from "../../src/graph/index.ts";'],
    ["a door that needs Node", 'import { decodeFile } from "../../src/audio/index.node.ts";'],
    ["the contract itself", `import { recording } from ${contract};`],
    ["what builds the page", 'import "../tools/measure.ts";'],
  ])("finds %s", (_name, text) => {
    expect(pageViolations(files({ "web/src/a.tsx": text }))).toHaveLength(1);
  });
});

test("runtimeViolations finds onnxruntime outside the runtime, in tests and benchmarks too", () => {
  const text = 'import type { Tensor } from "onnxruntime-common";';
  const sources = files({
    "src/runtime/a.node.ts": text,
    "src/graph/a.ts": text,
    "bench/a.ts": text,
    "test/a.test.ts": text,
  });
  expect(runtimeViolations(sources).map((line) => line.split(":")[0])).toEqual([
    "src/graph/a.ts",
    "bench/a.ts",
    "test/a.test.ts",
  ]);
});
