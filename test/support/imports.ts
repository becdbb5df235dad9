// Who imports whom, read from source text. Knows TypeScript's import forms, no rules about them.
import { posix } from "node:path";
import { parseAst } from "vitest/node";
import type { Source } from "./sources.ts";

export type Import = {
  /** The importing file, from the root of the repository. */
  from: string;
  line: number;
  /** As written: `./x.ts`, `node:fs`, `onnxruntime-node`; undefined where it is computed, `import(name)`. */
  specifier: string | undefined;
  /** The imported file, from the root of the repository; undefined for a package, a built-in or a computed one. */
  to: string | undefined;
  /** `url`: the file is named by `new URL("./x.ts", import.meta.url)`, as for a worker; it starts a world of its own. */
  how: "static" | "dynamic" | "url";
  /** Gone at run time. `import { type A }` is not: it still runs the imported file. */
  typeOnly: boolean;
};

/** Every import of a file: static, side effect, re-export, `import type`, `import()`, `require`, file URL. */
export function importsOf({ path, text }: Source): Import[] {
  const found: Import[] = [];
  const add = (node: Node, source: unknown, how: Import["how"], typeOnly: boolean) => {
    const specifier = literal(source);
    const to = specifier?.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
    found.push({
      from: path,
      line: text.slice(0, node.start).split("\n").length,
      specifier,
      to,
      how,
      typeOnly,
    });
  };
  walk(parseAst(text, { lang: path.endsWith(".tsx") ? "tsx" : "ts" }), (node) => {
    switch (node.type) {
      case "ImportDeclaration":
        return add(node, node.source, "static", node.importKind === "type");
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration":
        return node.source && add(node, node.source, "static", node.exportKind === "type");
      case "TSImportType":
        return add(node, node.source, "static", true);
      case "ImportExpression":
        return add(node, node.source, "dynamic", false);
      case "CallExpression":
        return isNamed(node.callee, "require") && add(node, first(node.arguments), "dynamic", false);
      case "NewExpression":
        return namesCode(node) && add(node, first(node.arguments), "url", false);
    }
  });
  return found;
}

type Node = { type: string; start: number; [key: string]: unknown };

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === "object" && value !== null) {
    if ("type" in value && "start" in value) visit(value as Node);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

function literal(node: unknown): string | undefined {
  const value = (node as { value?: unknown } | undefined)?.value;
  return typeof value === "string" ? value : undefined;
}

function isNamed(node: unknown, name: string): boolean {
  return (node as { name?: unknown } | undefined)?.name === name;
}

function first(list: unknown): unknown {
  return (list as unknown[])[0];
}

/** `new URL("./x.ts", ...)`: a URL of a file that is code; other files are data and nobody's business here. */
function namesCode(node: Node): boolean {
  return isNamed(node.callee, "URL") && /^\.{1,2}\/.*\.ts$/.test(literal(first(node.arguments)) ?? "");
}
