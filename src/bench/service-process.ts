// A server in a process of its own, for those who measure it or kill it. Knows how it is called and what it prints.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ServerOptions {
  /** What runs `undertone`, such as `["undertone"]`. */
  command: readonly string[];
  /** The data folder. */
  folder: string;
  args?: readonly string[];
}

export interface Server {
  address: string;
  /** Resident bytes of it and of the processes that it started; null where the system does not tell. */
  memory(): number | null;
  /** `kill -9` of it alone, and until it is gone. */
  kill(): Promise<void>;
  /** As a person stops it. */
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** @throws Error with what it said, where it does not begin to listen */
export async function startServer({ command, folder, args = [] }: ServerOptions): Promise<Server> {
  const [program, ...rest] = command as [string, ...string[]];
  const all = [...rest, "serve", "--no-open", "--port", "0", "--log", "warn", "--data", folder, ...args];
  const child = spawn(program, all, { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return gone;
  };
  try {
    const address = await listening(child);
    return {
      address,
      memory: () => treeMemory(child.pid!),
      kill: () => end("SIGKILL"),
      stop: () => end("SIGTERM"),
    };
  } catch (error) {
    await end("SIGKILL");
    throw error;
  }
}

function listening(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`The server does not begin to listen: ${said}`)), START_MS);
    const look = (text: Buffer) => {
      said += text;
      const address = /listens at (http:\S+)/.exec(said)?.[1];
      if (!address) return;
      clearTimeout(timer);
      done(address);
    };
    child.stdout!.on("data", look);
    child.stderr!.on("data", look);
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(new Error(`The server ended (${code ?? signal}): ${said}`)));
  });
}

/** Linux tells it of every process, and which ones it started. */
function treeMemory(pid: number): number | null {
  try {
    const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
    const own = 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(read("status"))![1]);
    const children = read(`task/${pid}/children`).split(" ").filter(Boolean);
    return children.reduce((sum, child) => sum + (treeMemory(Number(child)) ?? 0), own);
  } catch {
    return null;
  }
}
