// Opens any sound file: our own reader first, then node-av, then ffmpeg. Knows which decoder is where.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ByteSource } from "./byte-source.ts";
import { DecoderPool } from "./decoder-pool.node.ts";
import { AudioError, quoted } from "./errors.ts";
import { hasFfmpeg, openWithFfmpeg } from "./ffmpeg-command.node.ts";
import { openPcm } from "./pcm-file.ts";
import { type AudioStream, audioStream, type RawAudio, readAll } from "./stream.ts";
import type { DecoderLimits } from "./watchdog.node.ts";

/** The ways to decode, in the order they are tried. */
export type DecoderName = "own" | "node-av" | "ffmpeg";

/** How a file is to be read. */
export interface OpenOptions {
  /** Hertz of the samples wanted. Default 16,000. */
  readonly sampleRate?: number;
  /** More sound than this is an error ("too-long"). Default: no limit. */
  readonly maxSeconds?: number;
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest time that a decoder may give nothing while it is waited for. Default 30,000. */
  readonly timeoutMs?: number;
  /** Use this decoder only. Default: the environment's UNDERTONE_DECODER, else whichever can. */
  readonly decoder?: DecoderName;
}

/** Resident memory at which a decoder is ended: some five times what the longest files were seen to need. */
const memoryBytes = 768 * 2 ** 20;
const mostProcesses = 8;
/** Whole files read at once by `decodeFile`; each holds a file handle. */
const mostFiles = 32;

// The decoder process runs the file as it lies here: TypeScript in a checkout, JavaScript in the package.
const script = fileURLToPath(new URL(`./decoder-main.node${extname(import.meta.url)}`, import.meta.url));
const pool = new DecoderPool(script, Math.min(mostProcesses, availableParallelism()));

/**
 * Opens a sound file of any usual format as mono blocks at the asked rate. A long file is read as it is
 * consumed, never held whole.
 * @throws AudioError, here or while the stream is read; or the signal's reason
 */
export async function openAudio(path: string, options: OpenOptions = {}): Promise<AudioStream> {
  const { sampleRate = 16_000, maxSeconds, signal, timeoutMs = 30_000 } = options;
  signal?.throwIfAborted();
  const raw = await openRaw(path, sampleRate, chosenDecoder(options), { timeoutMs, memoryBytes }, signal);
  return audioStream(raw, { name: path, sampleRate, maxSeconds, signal });
}

/** Decodes a whole file: mono at the asked rate, `[samples]`. Many may be asked for at once; they queue. */
export async function decodeFile(path: string, options: OpenOptions = {}): Promise<Float32Array> {
  while (reading >= mostFiles) await new Promise<void>((go) => queue.push(go));
  reading++;
  try {
    return await readAll(await openAudio(path, options));
  } finally {
    reading--;
    queue.shift()?.();
  }
}
let reading = 0;
const queue: (() => void)[] = [];

/** Ends the decoder processes. They never keep a program alive, so this is for those who count processes. */
export async function closeDecoders(): Promise<void> {
  pool.close();
}

function chosenDecoder({ decoder }: OpenOptions): DecoderName | undefined {
  const name = decoder ?? process.env.UNDERTONE_DECODER;
  if (!name) return undefined;
  if (name === "own" || name === "node-av" || name === "ffmpeg") return name;
  throw new AudioError(
    "decoder-missing",
    `UNDERTONE_DECODER is ${quoted(name)}; there are "own", "node-av" and "ffmpeg". Set one of them, or none.`,
  );
}

async function openRaw(
  path: string,
  sampleRate: number,
  only: DecoderName | undefined,
  limits: DecoderLimits,
  signal: AbortSignal | undefined,
): Promise<RawAudio> {
  // Always opened here first: what is missing, empty or forbidden is known without a decoder's guess.
  const file = await openFile(path);
  try {
    if (only === undefined || only === "own") {
      const raw = await openPcm(file, { sampleRate, close: () => file.close() });
      if (raw) return raw;
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  const full = resolve(path);
  if ((only === undefined || only === "node-av") && hasNodeAv()) {
    try {
      return await pool.open({ path: full, sampleRate }, limits, signal);
    } catch (error) {
      if (!(error instanceof AudioError && error.code === "decoder-missing")) throw error;
      // Installed, but its binary does not load here.
      nodeAv = false;
    }
  }
  if ((only === undefined || only === "ffmpeg") && hasFfmpeg()) {
    return openWithFfmpeg(full, sampleRate, limits, signal);
  }
  throw decoderMissing(path, only);
}

let nodeAv: boolean | undefined;

/** Whether node-av is installed; whether its binary loads, only the decoder process finds out. */
function hasNodeAv(): boolean {
  if (nodeAv === undefined) {
    try {
      createRequire(import.meta.url).resolve("node-av/lib");
      nodeAv = true;
    } catch {
      nodeAv = false;
    }
  }
  return nodeAv;
}

function decoderMissing(path: string, only: DecoderName | undefined): AudioError {
  const way = "Install one: `npm install node-av`, or the program ffmpeg (Debian: `apt-get install ffmpeg`).";
  const what =
    only === "own"
      ? "is no WAV or AIFF file that the built-in reader knows, and no other decoder is allowed (UNDERTONE_DECODER=own)"
      : "is no plain WAV or AIFF file; other formats need a decoder, and none is here";
  return new AudioError("decoder-missing", `${quoted(path)} ${what}. ${way}`);
}

/** A file on disk as a byte source. */
interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = await handle.stat();
    if (!about.isFile()) throw notAFile(path, about.isDirectory());
    if (about.size === 0) {
      throw new AudioError(
        "empty-audio",
        `${quoted(path)} is an empty file (0 bytes). Copy or record it again.`,
      );
    }
    const file = handle;
    return {
      size: about.size,
      read: async (offset, length) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, about.size - offset)));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, offset).catch((error) => {
          throw explainOpenError(path, error);
        });
        return bytes.subarray(0, bytesRead);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await handle?.close();
    throw explainOpenError(path, error);
  }
}

function notAFile(path: string, isFolder: boolean): AudioError {
  const what = isFolder
    ? "is a folder, not a sound file. Name the files in it"
    : "is not a regular file. Copy it to one";
  return new AudioError("unreadable-audio", `${quoted(path)} ${what}.`);
}

/** The system's refusal to open a file, in words that say what to do. */
export function explainOpenError(path: string, error: unknown): AudioError {
  if (error instanceof AudioError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const name = quoted(path);
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new AudioError(
        "not-found",
        `${name} does not exist. Check the path; it may have been moved or deleted.`,
      );
    case "ELOOP":
    case "ENAMETOOLONG":
      return new AudioError("not-found", `${name} is no path that can be followed (${code}). Check it.`);
    case "EISDIR":
      return notAFile(path, true);
    case "EACCES":
    case "EPERM":
      return new AudioError(
        "unreadable-audio",
        `${name} may not be read by this user. Change its permissions (chmod +r).`,
      );
    case "ENXIO":
      return notAFile(path, false);
    default:
      return new AudioError("unreadable-audio", `${name} could not be read: ${message}.`, { cause: error });
  }
}
