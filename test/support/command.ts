// Runs the command as people do, as a process of its own, and says what it wrote. Knows no command's options.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The command of this checkout. */
export const UNDERTONE = fileURLToPath(new URL("../../undertone", import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param args of `undertone` @param cwd where it is called; default: where the tests run */
export function undertone(args: readonly string[], cwd?: string): Promise<Ran> {
  return running(UNDERTONE, args, cwd);
}

/** A line for the shell, where `$UNDERTONE` is the command. */
export function shell(line: string, cwd?: string): Promise<Ran> {
  return running("bash", ["-o", "pipefail", "-c", line], cwd);
}

async function running(program: string, args: readonly string[], cwd?: string): Promise<Ran> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, UNDERTONE },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout, stderr };
}
