// What the teacher says of clips: of each stretch of each once, for all epochs and all encoders. Knows files and graphs, no student.
import { closeSync, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createGraph, toModel } from "../../graph/index.ts";
import { featureWidth } from "../../models/index.ts";
import { writeModel } from "../../onnx/index.ts";
import { type Example, padBatch } from "../batches.ts";
import { ClipCache } from "../clip-cache.ts";
import type { Utterance } from "../dataset.ts";
import { cropFrames } from "../loop.ts";
import type { Recipe } from "../recipe.ts";
import { loadTeacher, requireHeard, TAUGHT_WIDTH, TEACHER_STRIDE, teacherHash } from "../teachers/index.ts";
import { Team, type WorkerProgram } from "../workers.ts";

/** A stretch begins every so many frames, and where the last one begins that fits. */
const EVERY = 64;
/** Stretches that are heard at once. */
const AT_ONCE = 24;
/** To be raised where the code makes other numbers of the same teacher. */
const VERSION = 1;

export interface SaidOptions {
  recipe: Recipe;
  /** The file of the teacher's weights. */
  teacher: string;
  /** Keeps what was said, for the next run. */
  folder: string;
  workers: number;
  signal?: AbortSignal;
  onProgress?(done: number): void;
}

/**
 * Examples of utterances, in their order, with what the teacher says of them: read where it is kept, else computed and kept.
 * @throws Error where the recipe hears clips as the teacher does not
 */
export async function withSaid(
  examples: readonly Example[],
  utterances: readonly Utterance[],
  options: SaidOptions,
): Promise<Example[]> {
  const { recipe, teacher, folder, signal, onProgress } = options;
  const frames = stretchFrames(recipe);
  const what = JSON.stringify({
    ...{ VERSION, EVERY, frames, frontEnd: recipe.architecture.frontEnd },
    teacher: teacherHash(teacher),
  });
  const files = new ClipCache(folder, what);
  const size = Float16Array.BYTES_PER_ELEMENT * numbersOf(frames);
  let listener: Listener | null = null;
  let done = 0;
  try {
    const found: Example[] = Array(examples.length);
    // Those that fill one cache at once would all hear the same clips: each begins somewhere else.
    const first = Math.floor(Math.random() * examples.length);
    for (let turn = 0; turn < examples.length; turn++) {
      signal?.throwIfAborted();
      const i = (first + turn) % examples.length;
      const example = examples[i]!;
      const { path } = utterances[i]!.clip;
      const starts = startsOf(example.frames, frames);
      const place = await files.place(path);
      if (!(await holds(place, starts.length * size))) {
        listener ??= new Listener(options, frames);
        await listener.hear(example, starts, (said) => files.write(path, bytesOf(said)));
      }
      found[i] = { ...example, said: { starts, of: (stretch) => readAt(place, stretch * size, size) } };
      onProgress?.(++done);
    }
    await listener?.end();
    return found;
  } finally {
    await listener?.close();
  }
}

/** Frames of a stretch. */
export function stretchFrames(recipe: Recipe): number {
  const { speeds, tempo, vocalTract } = recipe.augmentation;
  const frames = cropFrames(recipe);
  if (!frames || speeds.some((speed) => speed !== 1) || tempo || vocalTract) {
    throw new Error(
      "a teacher speaks of stretches of clips as they are: let the recipe crop, and change no voice",
    );
  }
  requireHeard(recipe.architecture.frontEnd.options);
  return frames;
}

/** Where the stretches of a clip of so many frames begin. */
export function startsOf(frames: number, stretch: number): number[] {
  const last = Math.max(0, frames - stretch);
  return [...Array.from({ length: Math.ceil(last / EVERY) }, (_, i) => i * EVERY), last];
}

/** Numbers that are said of a stretch. */
function numbersOf(frames: number): number {
  return (frames / TEACHER_STRIDE) * TAUGHT_WIDTH;
}

/** Hears stretches of several clips at once, on all workers. */
class Listener {
  readonly #team: Team;
  readonly #program: WorkerProgram;
  readonly #frames: number;
  readonly #width: number;
  /** Stretches that wait until there are enough, and where the answers go. */
  #waiting: { stretch: Example; answer(said: Float32Array): Promise<void> }[] = [];

  constructor({ recipe, teacher, workers }: SaidOptions, frames: number) {
    this.#frames = frames;
    this.#width = featureWidth(recipe.architecture.frontEnd);
    this.#team = new Team(workers, { parameters: 0, buffers: 0 }, 0);
    const { frames: say } = loadTeacher(teacher);
    this.#program = {
      key: "teacher",
      accelerate: true,
      build: () => {
        const graph = createGraph();
        const features = graph.input("features", [AT_ONCE, frames, this.#width]);
        const said = say(features, graph.input("mask", [AT_ONCE, frames, 1]));
        return { model: writeModel(toModel(graph, { said })), noise: [] };
      },
    };
  }

  /** @param keep is given what is said of all stretches of the clip, one after the other */
  async hear(
    example: Example,
    starts: readonly number[],
    keep: (said: Float16Array) => Promise<void>,
  ): Promise<void> {
    const numbers = numbersOf(this.#frames);
    const all = new Float16Array(starts.length * numbers);
    let missing = starts.length;
    starts.forEach((start, i) => {
      const frames = Math.min(this.#frames, example.frames - start);
      const features = example.features.subarray(start * this.#width, (start + frames) * this.#width);
      const answer = async (said: Float32Array) => {
        all.set(said, i * numbers);
        if (--missing === 0) await keep(all);
      };
      this.#waiting.push({ stretch: { ...example, features, frames }, answer });
    });
    while (this.#waiting.length >= AT_ONCE * this.#team.size) await this.#round();
  }

  /** Hears what still waits. */
  async end(): Promise<void> {
    while (this.#waiting.length > 0) await this.#round();
  }

  close(): Promise<void> {
    return this.#team.close();
  }

  async #round(): Promise<void> {
    const numbers = numbersOf(this.#frames);
    const rounds = Array.from({ length: this.#team.size }, () => this.#waiting.splice(0, AT_ONCE));
    await Promise.all(
      rounds.map(async (part, worker) => {
        if (part.length === 0) return;
        // All of one shape: where too few are left, the last one is heard again.
        const batch = Array.from({ length: AT_ONCE }, (_, i) => (part[i] ?? part.at(-1)!).stretch);
        const { said } = await this.#team.run(
          worker,
          this.#program,
          padBatch(batch, this.#frames, this.#width),
        );
        const data = said!.data as Float32Array;
        for (const [i, { answer }] of part.entries()) {
          await answer(data.subarray(i * numbers, (i + 1) * numbers));
        }
      }),
    );
  }
}

async function holds(path: string, bytes: number): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Read when it is asked for: of all clips it is more than memory holds. */
function readAt(path: string, from: number, bytes: number): Float16Array {
  const said = new Float16Array(bytes / Float16Array.BYTES_PER_ELEMENT);
  const file = openSync(path, "r");
  try {
    if (readSync(file, said, 0, bytes, from) !== bytes) {
      throw new Error(`${path} is cut short; delete it, and what it held is computed anew`);
    }
  } finally {
    closeSync(file);
  }
  return said;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
