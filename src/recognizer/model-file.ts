// What a model file must be like to be one of ours, and its card. Reads bytes, runs nothing.
import { NotOnnxError, type OnnxModel, readModel, type ValueInfo } from "../onnx/index.ts";
import { CARD_KEY, CardError, type ModelCard, parseCard, unknownCard } from "../speech/index.ts";
import { ModelError } from "./errors.ts";

/** Hertz of the `audio` input. */
export const SAMPLE_RATE = 16_000;
/** The shortest sound that a model takes, in seconds. */
export const LEAST_SECONDS = 0.25;

type Port = { name: string; shape: readonly (number | string)[] };

/** Names stand for dimensions that only a run knows; `n` and `emotions` must be numbers in the file. */
const INPUTS: readonly Port[] = [
  { name: "audio", shape: ["batch", "samples"] },
  { name: "voice", shape: [2, "n"] },
];
const OUTPUTS: readonly Port[] = [
  { name: "probabilities", shape: ["batch", "emotions"] },
  { name: "attention", shape: ["batch", "frames"] },
  { name: "embedding", shape: ["batch", "width"] },
  { name: "voice_features", shape: ["batch", "n"] },
];
const IN_FILE = ["n", "emotions"];

/** How to come by a model; the end of every message here. */
const WAY_OUT = '"undertone train" makes one, and models/ in the package holds the one that ships with it.';

/** What is known of a model before it runs. */
export interface ModelFile {
  card: ModelCard;
  /** Numbers in a voice's mean, and in its spread. */
  voiceWidth: number;
}

/**
 * @param name of the file, for messages; a model without a card is called by it
 * @throws ModelError where the bytes are not ONNX, not a model of ours, or have a card that does not fit
 */
export function readModelFile(bytes: Uint8Array, name: string): ModelFile {
  const model = parse(bytes, name);
  // Older files list constants among the inputs; those are not fed.
  const inputs = model.graph.inputs.filter((input) => !(input.name in model.graph.initializers));
  const { outputs } = model.graph;
  const problems = [
    ...INPUTS.flatMap((port) => misfits("input", port, inputs)),
    ...inputs
      .filter(unexpected)
      .map((input) => `it wants an input ${show(input)} that nothing here can give`),
    ...OUTPUTS.flatMap((port) => misfits("output", port, outputs)),
  ];
  if (problems.length > 0) {
    throw new ModelError(
      "not-a-model",
      `${who(name)} is ONNX, but not a model of Undertone: ${problems.join("; ")}. ` +
        `One takes ${INPUTS.map(show).join(" and ")}, and gives ${OUTPUTS.map(show).join(", ")}. ${WAY_OUT}`,
    );
  }
  const voiceWidth = dimension(inputs, "voice");
  const emotions = dimension(outputs, "probabilities");
  const card = cardOf(model, name, emotions);
  holdUsual(card, outputs, name);
  return { card, voiceWidth };
}

function parse(bytes: Uint8Array, name: string): OnnxModel {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof NotOnnxError)) throw error;
    const size = bytes.length === 0 ? " (it is empty)" : "";
    throw new ModelError("not-onnx", `${who(name)} is ${error.message}${size}. Check the path; ${WAY_OUT}`);
  }
}

function misfits(kind: "input" | "output", port: Port, all: readonly ValueInfo[]): string[] {
  const got = all.find(({ name }) => name === port.name);
  if (!got) {
    const there = all.map(({ name }) => JSON.stringify(name)).join(", ") || "none";
    return [`the ${kind} "${port.name}" is missing (its ${kind}s: ${there})`];
  }
  const fits =
    got.type === "float32" &&
    got.shape?.length === port.shape.length &&
    port.shape.every((dim, i) => dimensionFits(dim, got.shape![i]!));
  return fits ? [] : [`the ${kind} ${show(got)} should be ${show(port)}`];
}

function dimensionFits(wanted: number | string, got: number | string): boolean {
  if (typeof wanted === "number") return got === wanted;
  // Where the file leaves a dimension open without a name, it is read as 0.
  if (IN_FILE.includes(wanted)) return typeof got === "number" && got > 0;
  return wanted === "width" || typeof got === "string" || got === 0;
}

function unexpected({ name }: ValueInfo): boolean {
  return !INPUTS.some((port) => port.name === name);
}

function dimension(ports: readonly ValueInfo[], name: string): number {
  return ports.find((port) => port.name === name)!.shape![1] as number;
}

function cardOf(model: OnnxModel, name: string, emotions: number): ModelCard {
  const json = model.metadata[CARD_KEY];
  const card = json === undefined ? unknownCard(name.replace(/\.onnx$/i, "")) : readCard(json, name);
  const bad = (what: string) => badCard(name, what);
  if (card.emotions.length !== emotions) {
    throw bad(
      json === undefined
        ? `it gives ${emotions} probabilities and has no card that says of what; without a card there must be ${card.emotions.length}`
        : `its card names ${card.emotions.length} emotions, but it gives ${emotions} probabilities`,
    );
  }
  if (card.sampleRate !== SAMPLE_RATE) {
    throw bad(`its card says ${card.sampleRate} Hz; a model here hears ${SAMPLE_RATE} Hz`);
  }
  if (card.window < LEAST_SECONDS) {
    throw bad(
      `its card says windows of ${card.window} s; the shortest sound that a model takes is ${LEAST_SECONDS} s`,
    );
  }
  return card;
}

function holdUsual({ usual }: ModelCard, outputs: readonly ValueInfo[], name: string): void {
  const width = outputs.find((port) => port.name === "embedding")!.shape![1]!;
  // A file may leave that width open; then a run shows it.
  if (!usual || typeof width !== "number" || width === 0 || usual.mean.length === width) return;
  throw badCard(
    name,
    `its card says what ${usual.mean.length} numbers usually are, but its embedding has ${width}`,
  );
}

function badCard(name: string, what: string): ModelError {
  return new ModelError("bad-card", `${who(name)}: ${what}. Export the model again.`);
}

function readCard(json: string, name: string): ModelCard {
  try {
    return parseCard(json);
  } catch (error) {
    if (!(error instanceof CardError)) throw error;
    throw new ModelError("bad-card", `${who(name)}: ${error.message}.`);
  }
}

function show({
  name,
  type = "float32",
  shape,
}: {
  name: string;
  type?: string;
  shape?: Port["shape"];
}): string {
  return `"${name}" ${type} [${shape?.map((dim) => (dim === 0 ? "?" : dim)).join(", ") ?? "any shape"}]`;
}

function who(name: string): string {
  return `Model ${JSON.stringify(name)}`;
}
