// Checkpoints: tensors and text in one safetensors file, written beside and renamed. Knows no network.
// Source: https://huggingface.co/docs/safetensors, "Format": header size, JSON header, data.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

export interface Checkpoint {
  tensors: Record<string, Float32Array>;
  /** Text by key; JSON for whatever is not a tensor. */
  metadata: Record<string, string>;
}

/** A file that could not be written or read. The message says which, why, and what to do. */
export class FileError extends Error {}

/**
 * Writes a file so that a reader never sees half of it: beside it first, then renamed. What was there stays where
 * writing fails.
 * @throws FileError
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
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
    rmSync(beside, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    const cure =
      code === "ENOSPC" ? "the disk is full: make room" : code === "EACCES" ? "no permission" : message;
    throw new FileError(
      `cannot write ${JSON.stringify(path)}: ${cure}; the file that was there is untouched`,
    );
  }
}

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

/** @throws FileError if the file is missing or is not a checkpoint. */
export function readCheckpoint(path: string): Checkpoint {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new FileError(`cannot read the checkpoint ${JSON.stringify(path)}: ${(error as Error).message}`);
  }
  try {
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__, ...entries } = JSON.parse(bytes.subarray(8, start).toString()) as {
      __metadata__: Record<string, string>;
      [name: string]: unknown;
    };
    const tensors: Record<string, Float32Array> = {};
    for (const [name, entry] of Object.entries(entries)) {
      const [from, to] = (entry as { data_offsets: [number, number] }).data_offsets;
      if (start + to > bytes.length) throw new RangeError(`${name} is cut off`);
      // Copied, since the data need not start where a float may.
      tensors[name] = new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer);
    }
    return { tensors, metadata: __metadata__ };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FileError(
      `${JSON.stringify(path)} is not a checkpoint (${why}); delete it, or train without --resume`,
    );
  }
}
