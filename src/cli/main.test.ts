// Tests of the command itself: help, version, commands that are none, and that all commands can be called.
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { undertone } from "../../test/support/command.ts";

test("the help names every command there is, each with what it is for", async () => {
  const { code, stdout, stderr } = await undertone(["--help"], tmpdir());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const folder = new URL(".", import.meta.url);
  const files = readdirSync(folder).filter((file) => !file.includes(".test."));
  const commands = files.filter((file) =>
    /^export function register\(/m.test(readFileSync(new URL(file, folder), "utf8")),
  );
  expect(commands.length).toBeGreaterThan(3);
  for (const file of commands)
    expect(stdout).toMatch(new RegExp(`^  ${file.replace(".ts", "")} .*\\w+`, "m"));
});

test("every command has a help of its own, called either way", async () => {
  const { stdout } = await undertone(["--help"]);
  const names = [
    ...stdout
      .split("Commands:")[1]!
      .split("\n\n")[0]!
      .matchAll(/^ {2}([a-z]+) /gm),
  ].map(([, name]) => name!);
  const commands = names.filter((name) => name !== "help");
  expect(commands).toContain("analyze");
  for (const name of commands) {
    const help = await undertone([name, "--help"]);
    expect(help.code, name).toBe(0);
    expect(help.stdout, name).toContain(`Usage: undertone ${name}`);
    // Calls to be copied are not broken.
    const prose = help.stdout.split("\n").filter((line) => !/^ {2}(UNDERTONE\S+ )?undertone /.test(line));
    expect(
      prose.filter((line) => line.length > 80),
      name,
    ).toEqual([]);
  }
  expect((await undertone(["help", "card"])).stdout).toContain("Usage: undertone card");
});

test("the version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await undertone(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test.each([
  ["nothing at all", [], "Usage: undertone"],
  ["a command that is none", ["analyse"], "(Did you mean analyze?)"],
  [
    "help of a command that is none",
    ["help", "analyse"],
    "unknown command 'analyse'\n(Did you mean analyze?)",
  ],
  ["a command that is none, asked for help", ["frob", "--help"], "unknown command 'frob'"],
  ["an option that is none", ["--frob"], "unknown option '--frob'"],
  [
    "an option that a command has not",
    ["evaluate", "--model", "m.onnx", "--data", "d"],
    `unknown option '--model'\n("undertone evaluate --help" tells how it is called)\n`,
  ],
  [
    "an option that a command below another has not",
    ["corpora", "check", "--data", "d"],
    `unknown option '--data'\n("undertone corpora check --help" tells how it is called)\n`,
  ],
])("%s: 2, and what there is", async (_, args, what) => {
  const { code, stdout, stderr } = await undertone(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(what);
});
