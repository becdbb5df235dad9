// A recogniser from a file on disk. Knows paths; what is in the file, `model-file` knows.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { nodeRuntime } from "../runtime/index.node.ts";
import { ModelError } from "./errors.ts";
import { createRecognizer, type Recognizer } from "./recognizer.ts";

// From here it is two folders up, in a checkout and built.
const SPEECH = new URL("../../models/speech.onnx", import.meta.url);

/**
 * Load a model file, and beside it the detector of speech that the package ships.
 *
 * @param model its path, or its bytes
 * @throws ModelError where there is no file, it cannot be read, or it is no model of ours
 */
export async function loadRecognizer(
  model: string | Uint8Array,
  { threads = 1 }: { threads?: number } = {},
): Promise<Recognizer> {
  const bytes = typeof model === "string" ? await readModelBytes(model) : model;
  const name = typeof model === "string" ? basename(model) : "model";
  // Who takes the file away does without it.
  const speech = existsSync(SPEECH) ? await readFile(SPEECH) : undefined;
  return createRecognizer(bytes, nodeRuntime, { threads, name, speech });
}

/** @throws ModelError where there is no such file or it cannot be read */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const who = `Model ${JSON.stringify(path)}`;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new ModelError(
        "not-found",
        `${who} does not exist. Check the path; "undertone train" makes a model, and models/ in the package holds ` +
          "the one that ships with it.",
      );
    }
    const what = code === "EISDIR" ? "is a folder; name the .onnx file in it" : `cannot be read: ${message}`;
    throw new ModelError("unreadable", `${who} ${what}.`, { cause: error });
  }
}
