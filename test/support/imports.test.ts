import { describe, expect, test } from "vitest";
import { importsOf } from "./imports.ts";

const PATH = "src/nn/layers/dense.ts";

function only(text: string) {
  const found = importsOf({ path: PATH, text });
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe("importsOf finds", () => {
  test.each([
    ["a static import", 'import { a } from "../a.ts";', "static", false],
    ["one over several lines", 'import {\n  a,\n  b,\n} from "../a.ts";', "static", false],
    ["a side effect", 'import "../a.ts";', "static", false],
    ["a type import", 'import type { A } from "../a.ts";', "static", true],
    ["an inline type, which still runs the file", 'import { type A } from "../a.ts";', "static", false],
    ["a re-export", 'export { a } from "../a.ts";', "static", false],
    ["a re-export of all", 'export * from "../a.ts";', "static", false],
    ["a re-export of types", 'export type { A } from "../a.ts";', "static", true],
    ["a type position", 'let a: import("../a.ts").A;', "static", true],
    ["a dynamic import", 'async function f() { return await import("../a.ts"); }', "dynamic", false],
    ["require", 'const a = require("../a.ts");', "dynamic", false],
    ["the file of a worker", 'new Worker(new URL("../a.ts", import.meta.url));', "url", false],
  ])("%s", (_name, text, how, typeOnly) => {
    expect(only(text)).toMatchObject({ specifier: "../a.ts", to: "src/nn/a.ts", how, typeOnly });
  });

  test("the line of an import, past comments", () => {
    expect(only('// one\n/* two\n*/\nimport "./a.ts";').line).toBe(4);
  });

  test("packages and built-ins, which are no file of the repository", () => {
    const found = importsOf({ path: PATH, text: 'import "node:fs";\nimport { x } from "onnxruntime-node";' });
    expect(found.map(({ specifier, to }) => [specifier, to])).toEqual([
      ["node:fs", undefined],
      ["onnxruntime-node", undefined],
    ]);
  });

  test("a computed import, without a name", () => {
    expect(only("import(name);")).toMatchObject({ specifier: undefined, how: "dynamic" });
  });
});

test("importsOf finds nothing in comments, strings, templates, plain exports and URLs of data", () => {
  const text = [
    '// import "./a.ts";',
    '/* import "./b.ts"; */',
    "const c = 'import \"./c.ts\"';",
    'const d = `\nimport "./d.ts";\n`;',
    'const e = /"/.test(c) ? 1 : 2; // "',
    "export { e };",
    'new URL("./table.json", import.meta.url);',
    "http.require;",
  ].join("\n");
  expect(importsOf({ path: PATH, text })).toEqual([]);
});
