// Limits on a process that decodes: how long it may give nothing, how much memory it may hold.

import { readFileSync } from "node:fs";

/** What a decoding process may take. */
export interface DecoderLimits {
  /** Longest silence while something is expected of it, milliseconds. */
  readonly timeoutMs: number;
  /** Resident memory, bytes. Watched where the system tells it (/proc). */
  readonly memoryBytes: number;
}

const lookEveryMs = 200;
const pageBytes = 4096;

/** Watches one process for the time of one file. */
export class Watchdog {
  private readonly timer: NodeJS.Timeout;
  private silentMs = 0;
  private expecting = true;

  /** @param onTrip called once, with the end of a sentence that begins with the file's name */
  constructor(pid: number, limits: DecoderLimits, onTrip: (what: string) => void) {
    this.timer = setInterval(() => {
      // Counted in looks, not by the clock: while the owner itself is busy, answers wait unread.
      this.silentMs += lookEveryMs;
      const memory = residentBytes(pid);
      if (this.expecting && this.silentMs > limits.timeoutMs) {
        this.stop();
        onTrip(`kept its decoder busy for ${limits.timeoutMs / 1000} s without a result`);
      } else if (memory > limits.memoryBytes) {
        this.stop();
        onTrip(`made its decoder take ${Math.round(memory / 1e6)} MB of memory`);
      }
    }, lookEveryMs);
  }

  /** Something came: the clock starts again. While nothing is expected (the reader is slow) it stands. */
  alive(expecting: boolean): void {
    this.silentMs = 0;
    this.expecting = expecting;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * pageBytes;
  } catch {
    // No /proc on this system, or the process has just ended.
    return 0;
  }
}
