// Tests of `undertone demo`, and that its sample is what its script makes.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const hasModel = ["universal", "tess-lstm"].some((name) => existsSync(`${root}models/${name}.onnx`));

test("the sample is what its script makes", () => {
  const path = join(mkdtempSync(join(tmpdir(), "undertone-")), "sample.wav");
  execFileSync(process.execPath, [`${root}examples/make-sample.ts`, path]);
  expect(readFileSync(path).equals(readFileSync(`${root}examples/sample.wav`))).toBe(true);
});

test.skipIf(!hasModel)(
  "it hears the sample, says that it is no voice, and what to do next (needs models/*.onnx)",
  async () => {
    const { code, stdout, stderr } = await undertone(["demo"], tmpdir());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("0:02.3");
    expect(stdout).toContain("no person's voice");
    expect(stdout).toContain("undertone analyze");
  },
);

test.skipIf(hasModel)("without a model it says so (needs models/ to be empty)", async () => {
  const { code, stdout, stderr } = await undertone(["demo"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("there is no model");
});
