// The peers' programs: which there are, and one of them as a process that waits for its turn. Knows no numbers.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { extname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { promisify } from "node:util";

export interface Peer {
  name: string;
  /** In the folder of the peers' programs. */
  program: string;
  install: string;
  /** Runs timed in one turn: slow ones get few. */
  runs: number;
}

export const STEP_PEERS: readonly Peer[] = [
  { name: "PyTorch", program: "torch-step.py", install: "pip install torch", runs: 5 },
  { name: "Keras", program: "keras-step.py", install: "pip install keras tensorflow-cpu", runs: 5 },
  { name: "TF.js", program: "tfjs-step.mjs", install: "npm ci --prefix bench/peers", runs: 1 },
];

export const MFCC_PEER: Peer = {
  name: "librosa",
  program: "librosa-mfcc.py",
  install: "pip install librosa",
  runs: 5,
};

/** Where the peers are. */
export interface PeerPlace {
  /** The Python that has the Python peers. */
  python: string;
  /** The folder of the peers' programs. */
  folder: string;
}

/** A peer that cannot run here; the message says how to get it. */
export class PeerMissing extends Error {}

function commandOf(peer: Peer, { python, folder }: PeerPlace, args: readonly string[]): [string, string[]] {
  const engine = extname(peer.program) === ".py" ? python : process.execPath;
  return [engine, [join(folder, peer.program), ...args]];
}

function missing(peer: Peer, place: PeerPlace, said: string): PeerMissing {
  const words = said.trim().split("\n").at(-1) || "it says nothing";
  const absent = /No module named|ERR_MODULE_NOT_FOUND|Cannot find (package|module)|ENOENT/.test(said);
  const where = extname(peer.program) === ".py" ? `, with ${place.python} (--python names another)` : "";
  return new PeerMissing(
    absent
      ? `${peer.name} is not installed. To measure against it: ${peer.install}${where}; bench/peers/README.md tells more.`
      : `${peer.name}: its program ${peer.program} failed${where}: ${words}`,
  );
}

/**
 * The names of a peer's configurations.
 * @throws PeerMissing
 */
export async function configurationsOf(peer: Peer, place: PeerPlace): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(...commandOf(peer, place, ["--list"]));
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw missing(peer, place, stderr || message);
  }
}

/** A peer's program that does a block of runs when asked, and answers with a line. */
export class PeerProcess {
  readonly #peer: Peer;
  readonly #place: PeerPlace;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<undefined>;
  #said = "";

  constructor(peer: Peer, place: PeerPlace, args: readonly string[]) {
    this.#peer = peer;
    this.#place = place;
    this.#child = spawn(...commandOf(peer, place, [...args, "--wait"]), { stdio: "pipe" });
    this.#lines = createInterface(this.#child.stdout!);
    this.#child.stdin!.on("error", () => {}); // A process that is gone is noticed by its end.
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve(undefined)));
    this.#child.on("error", (error) => {
      this.#said += error.message;
    });
    this.#child.stderr!.on("data", (text) => {
      this.#said = (this.#said + text).slice(-4000);
    });
  }

  /**
   * The answer to one turn.
   * @throws PeerMissing where the program ended instead
   */
  async turn<Answer>(): Promise<Answer> {
    const line = once(this.#lines, "line") as Promise<[string]>;
    this.#child.stdin!.write("\n");
    const answer = await Promise.race([line, this.#ended]);
    if (!answer) throw missing(this.#peer, this.#place, this.#said);
    return JSON.parse(answer[0]);
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }
}
