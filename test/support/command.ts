// Runs the command as people do, as a process of its own, and says what it wrote. Knows no command's options.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The command of this checkout. */
export const UNDERTONE = fileURLToPath(new URL("../../undertone", import.meta.url));

export interface Ran {
  /** Or the signal that ended it. */
  code: number | NodeJS.Signals | null;
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

/** A command that is under way. */
export interface Running {
  pid: number;
  /** Resolves once standard error has said it; fails where the command ends without. */
  saying(pattern: RegExp): Promise<void>;
  /** Resolves when it has ended. */
  ended: Promise<Ran>;
}

/** Starts `undertone` and does not wait for its end. */
export function start(args: readonly string[], cwd?: string): Running {
  return starting(UNDERTONE, args, cwd);
}

function running(program: string, args: readonly string[], cwd?: string): Promise<Ran> {
  return starting(program, args, cwd).ended;
}

function starting(program: string, args: readonly string[], cwd?: string): Running {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, UNDERTONE },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child
      .on("error", reject)
      .on("close", (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
  const saying = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(stderr)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`ended without saying ${pattern}, but: ${stderr}`)), reject);
    });
  return { pid: child.pid!, saying, ended };
}
