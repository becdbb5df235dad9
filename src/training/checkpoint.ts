// Checkpoints: tensors and text in one safetensors file, written beside and renamed. Knows no network.
// Source: https://huggingface.co/docs/safetensors, "Format": header size, JSON header, data.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";

export interface Checkpoint<Name extends string = string> {
  tensors: Record<Name, Float32Array>;
  /** Text by key; JSON for whatever is not a tensor. */
  metadata: Record<string, string>;
}

/** A file that could not be written or read. The message says which, why, and what to do. */
export class FileError extends Error {
  override name = "FileError";
}

/** What a file is called until it is whole, after its own name and the writer's process id. */
export const UNFINISHED = /\.\d+\.partial$/;

/**
 * Writes a file so that a reader never sees half of it: beside it first, then renamed. What was there stays where
 * writing fails.
 * @throws FileError
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.partial`;
  try {
    // Node 24 looks for ever for the parents of a relative path whose working folder is gone.
    mkdirSync(dirname(resolve(path)), { recursive: true });
    const file = openSync(beside, "w");
    try {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FileError(
      `${JSON.stringify(path)} cannot be written: ${CURES[code ?? ""] ?? message}; what was there before is untouched`,
    );
  }
}

/** What the system says of a file that it does not write, and what to do. */
const CURES: Record<string, string> = {
  ENOSPC: "the disk is full, make room",
  EDQUOT: "the quota is used up, make room",
  EACCES: "this user may not write there, change the permissions or choose another folder",
  ENOENT: "its folder has gone, start again in a folder that stays",
  EROFS: "the disk is read-only, choose another folder",
  ENOTDIR: "a part of the path is a file, choose another folder",
  EEXIST: "a part of the path is a file, choose another folder",
};

export function writeCheckpoint(path: string, { tensors, metadata }: Checkpoint): void {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, data] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape: [data.length], data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = (8 - (text.length % 8)) % 8;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length + padding));
  const parts = Object.values(tensors).map((data) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeWhole(path, Buffer.concat([size, text, Buffer.alloc(padding, " "), ...parts]));
}

/**
 * @param names the tensors that it must have
 * @throws FileError if the file is missing or is not such a checkpoint
 */
export function readCheckpoint<Name extends string>(path: string, names: readonly Name[]): Checkpoint<Name> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new FileError(
      `the checkpoint ${JSON.stringify(path)} cannot be read (${(error as Error).message}); ${ANEW}`,
    );
  }
  const header = headerOf(bytes);
  const tensors = {} as Record<Name, Float32Array>;
  for (const name of names) {
    const [from, to] = header?.entries[name]?.data_offsets ?? [0, Number.POSITIVE_INFINITY];
    if (!header || header.end + to > bytes.length) {
      throw new FileError(
        `${JSON.stringify(path)} is no checkpoint, or only part of one (its "${name}" is missing); ${ANEW}`,
      );
    }
    // Copied, since the data need not start where a float may.
    const data = Uint8Array.from(bytes.subarray(header.end + from, header.end + to));
    tensors[name] = new Float32Array(data.buffer);
  }
  return { tensors, metadata: header?.metadata ?? {} };
}

const ANEW = "delete the folder that it is in, and the run begins anew";

export interface Header {
  entries: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  metadata: Record<string, string>;
  /** Where the data begin, bytes. */
  end: number;
}

/** Of a safetensors file, whoever wrote it; null: there is none. */
export function headerOf(bytes: Buffer): Header | null {
  try {
    const end = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata, ...entries } = JSON.parse(bytes.subarray(8, end).toString());
    return { entries, metadata, end };
  } catch {
    return null;
  }
}
