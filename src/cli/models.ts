// Which model is used where none is named, and how one is loaded. Knows the package's own folder.
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadRecognizer, ModelError, type Recognizer } from "../recognizer/index.node.ts";
import { orWrongCall, UsageError } from "./errors.ts";

/** The models that the package ships, by name, the best first. From here it is two folders up, in a checkout and built. */
const SHIPPED = new Map(
  ["universal", "tess-lstm"].map((name) => [
    name,
    fileURLToPath(new URL(`../../models/${name}.onnx`, import.meta.url)),
  ]),
);

/**
 * The path of the model to use.
 * @param given what the caller named, if anything: a file, or else a model that ships by its name
 * @throws UsageError where none is named and none ships
 */
export function modelPath(given?: string): string {
  if (given !== undefined) {
    const shipped = SHIPPED.get(given);
    return shipped && !statSync(given, { throwIfNoEntry: false })?.isFile() ? shipped : given;
  }
  const files = [...SHIPPED.values()];
  const path = files.find((file) => existsSync(file));
  if (path !== undefined) return path;
  throw new UsageError(
    `there is no model: ${files.map((file) => JSON.stringify(file)).join(" and ")} are not there. ` +
      'Name one with --model FILE.onnx, or make one: "undertone help train" tells how.',
  );
}

/** @throws UsageError where there is no model, or it cannot be used */
export function loadModel(given?: string): Promise<Recognizer> {
  return orWrongCall(loadRecognizer(modelPath(given)), ModelError);
}
