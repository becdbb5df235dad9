// The package's promises: every entry of `exports` has a source, and the command is where it is said to be.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Exports = Record<string, Record<string, string>>;
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Exports;
  bin: Record<string, string>;
};

function sourceOf(built: string): string {
  return built.replace("./dist/", "src/").replace(/(\.d\.ts|\.js)$/, ".ts");
}

for (const [entry, conditions] of Object.entries(manifest.exports)) {
  test(`"undertone${entry.slice(1)}" is compiled from a file that exists`, () => {
    for (const built of Object.values(conditions)) expect(existsSync(sourceOf(built)), built).toBe(true);
  });
}

test("the command is compiled from a file that exists", () => {
  expect(existsSync(sourceOf(`./${manifest.bin.undertone}`))).toBe(true);
});
