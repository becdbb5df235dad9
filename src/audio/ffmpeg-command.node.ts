// Decoding by the `ffmpeg` program on PATH: one process a file, WAV on its standard output. Node only.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { ByteSource } from "./byte-source.ts";
import { containers, protocols } from "./containers.ts";
import { AudioError, quoted } from "./errors.ts";
import { openPcm } from "./pcm-file.ts";
import type { RawAudio } from "./stream.ts";
import { type DecoderLimits, Watchdog } from "./watchdog.node.ts";

let found: boolean | undefined;

/** Whether the program is there; looked for once. */
export function hasFfmpeg(): boolean {
  found ??= spawnSync("ffmpeg", ["-version"], { stdio: "ignore" }).status === 0;
  return found;
}

/** Decodes one file; mono at the asked rate. */
export async function openWithFfmpeg(
  path: string,
  sampleRate: number,
  limits: DecoderLimits,
  signal?: AbortSignal,
): Promise<RawAudio> {
  const run = new FfmpegRun(path, limits, signal);
  const close = async () => run.stop(new Error("The stream was closed."));
  try {
    const raw = await openPcm(run, { sampleRate, close });
    if (raw) return raw;
    throw run.explain();
  } catch (error) {
    run.stop(error);
    throw error;
  }
}

/** The program at work on one file, as bytes to read forward. */
class FfmpegRun implements ByteSource {
  readonly size = Number.POSITIVE_INFINITY;
  private readonly path: string;
  private readonly child: ChildProcess;
  private readonly output: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);
  private readonly watchdog: Watchdog;
  private readonly exit: Promise<void>;
  private words = "";
  private at = 0;
  private reason: unknown;

  constructor(path: string, limits: DecoderLimits, signal: AbortSignal | undefined) {
    this.path = path;
    const rules = ["-protocol_whitelist", protocols, "-format_whitelist", containers];
    const input = ["-nostdin", "-v", "error", ...rules, "-i", `file:${path}`];
    const output = ["-vn", "-sn", "-dn", "-map_metadata", "-1", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"];
    this.child = spawn("ffmpeg", [...input, ...output], {
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    this.output = this.child.stdout![Symbol.asyncIterator]();
    this.child.stderr!.on("data", (bytes: Buffer) => {
      this.words = (this.words + bytes.toString()).slice(-2000);
    });
    this.watchdog = new Watchdog(this.child.pid ?? 0, limits, (what) =>
      this.stop(new AudioError("decoder-failed", `${quoted(path)} ${what}; it was given up.`)),
    );
    this.watchdog.alive(false);
    const abort = () => this.stop(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.exit = new Promise((resolve) => {
      this.child.on("close", (_code, killed) => {
        this.watchdog.stop();
        signal?.removeEventListener("abort", abort);
        if (killed)
          this.reason ??= new AudioError("decoder-failed", `${quoted(path)} broke ffmpeg (${killed}).`);
        resolve();
      });
      this.child.on("error", (error) => {
        this.reason ??= error;
        resolve();
      });
    });
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset > this.at) await this.take(offset - this.at);
    return this.take(length);
  }

  stop(reason: unknown): void {
    this.reason ??= reason;
    this.child.kill("SIGKILL");
  }

  /** What its words say about a file that gave no sound. */
  explain(): AudioError {
    const noTrack = /does not contain any stream|matches no streams/.test(this.words);
    const what = noTrack ? "has no audio track" : "is no audio file, or is damaged";
    const detail = this.words.trim().split("\n").at(-1) ?? "";
    return new AudioError(
      "unreadable-audio",
      `${quoted(this.path)} ${what} (ffmpeg: ${detail.slice(0, 200)}).`,
    );
  }

  /** The next `length` bytes, fewer at the end. */
  private async take(length: number): Promise<Uint8Array> {
    const pieces = [this.rest];
    let held = this.rest.length;
    this.watchdog.alive(true);
    while (held < length) {
      const { value, done } = await this.output.next();
      if (done) break;
      pieces.push(value);
      held += value.length;
    }
    this.watchdog.alive(false);
    if (held < length) await this.exit;
    if (this.reason !== undefined) throw this.reason;
    const bytes = Buffer.concat(pieces);
    this.rest = bytes.subarray(length);
    this.at += Math.min(length, held);
    return bytes.subarray(0, length);
  }
}
