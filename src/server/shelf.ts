// The models that can be chosen: .onnx files in folders, read when they change. Knows files and cards, runs nothing.
import { copyFile, readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ModelError, type ModelFile, modelId, readModelFile } from "../recognizer/index.node.ts";
import {
  isUnseenVoice,
  type ModelCard,
  type ScoreCard,
  weakestProtocol,
  withoutMeans,
} from "../speech/index.ts";
import type { ModelSummary } from "./contract.ts";
import { notFound, Refusal } from "./refusal.ts";

export interface Model {
  /** What it is chosen by: its file's name without `.onnx`. */
  name: string;
  path: string;
  bytes: number;
  file: ModelFile;
}

export interface ShelfOptions {
  /** Folders of .onnx files, and files. Where a name stands twice, the first counts. */
  places: readonly string[];
  /** The folder that takes what training made; also one of the places. */
  own: string;
  /** The path of the one that is used where none is named. Default: the first that is found. */
  fallback?: string;
}

/** What a name may be, so that it is a name everywhere: in an address, in a file system, in a form. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** The folders are not looked through again so soon: every upload asks. */
const FRESH_MS = 1000;

export class Shelf {
  readonly #options: ShelfOptions;
  /** By path; a file that did not change is not read again. */
  #known = new Map<string, { stamp: string; model: Model | null }>();

  #last: { at: number; models: Promise<Model[]> } | undefined;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Every model, the default one first. */
  all(): Promise<Model[]> {
    if (!this.#last || performance.now() - this.#last.at > FRESH_MS) {
      this.#last = { at: performance.now(), models: this.#look() };
    }
    return this.#last.models;
  }

  async #look(): Promise<Model[]> {
    const { places, own, fallback } = this.#options;
    const first = fallback === undefined ? [] : [fallback];
    const found = new Map<string, Model>();
    const known = new Map<string, { stamp: string; model: Model | null }>();
    for (const path of (await Promise.all([...first, ...places, own].map(onnxFiles))).flat()) {
      const { model, stamp } = await this.#read(path);
      known.set(path, { stamp, model });
      if (model && !found.has(model.name)) found.set(model.name, model);
    }
    this.#known = known;
    return [...found.values()];
  }

  /** @param name none: the default one @throws Refusal where there is none of that name */
  async find(name?: string): Promise<Model> {
    const models = await this.all();
    const model = name === undefined ? models[0] : models.find((one) => one.name === name);
    if (model) return model;
    if (name !== undefined) throw notFound("model", name);
    throw new Refusal(
      503,
      "no-models",
      'No model is here. Name one with --model FILE.onnx, or make one: "undertone help train" tells how.',
    );
  }

  /** Takes a model that training made. @throws ModelError where it is none */
  async take(path: string, name: string): Promise<Model> {
    const { own } = this.#options;
    readModelFile(await readFile(path), basename(path));
    const target = join(own, `${name}.onnx`);
    await copyFile(path, `${target}.part`);
    await rename(`${target}.part`, target);
    this.#last = undefined;
    return this.find(name);
  }

  async summaries(): Promise<ModelSummary[]> {
    return (await this.all()).map((model, i) => summaryOf(model, i === 0));
  }

  async #read(path: string): Promise<{ stamp: string; model: Model | null }> {
    const name = basename(path).replace(/\.onnx$/i, "");
    const about = await stat(path).catch(() => null);
    const stamp = about ? `${about.size} ${about.mtimeMs} ${about.ino}` : "";
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known;
    if (!about || !NAME.test(name)) return { stamp, model: null };
    try {
      const file = readModelFile(await readFile(path), basename(path));
      return { stamp, model: { name, path, bytes: about.size, file } };
    } catch (error) {
      // Other graphs may lie in the folder; whoever names one hears that it is no model.
      if (error instanceof ModelError) return { stamp, model: null };
      throw error;
    }
  }
}

async function onnxFiles(place: string): Promise<string[]> {
  if (/\.onnx$/i.test(place)) return [place];
  const names = await readdir(place).catch(() => []);
  return names
    .filter((name) => /\.onnx$/i.test(name))
    .sort()
    .map((name) => join(place, name));
}

export function summaryOf({ name, bytes, file: { card } }: Model, isDefault: boolean): ModelSummary {
  return {
    name,
    id: modelId(card),
    isDefault,
    emotions: card.emotions,
    bytes,
    parameters: card.parameters,
    languages: [...new Set(card.corpora.flatMap(({ languages }) => languages))].sort(),
    corpora: card.corpora.map((corpus) => corpus.name),
    unseen: unseen(card),
    threshold: card.threshold,
    licence: card.licence,
    notice: card.notice,
  };
}

/**
 * What it scores on voices that it never heard; where corpora were held out, of those alone, since new recordings are
 * harder than new voices. The mean over all that was held out, from the worst of it to the best; of one alone, its interval.
 */
function unseen({ scores }: ModelCard): ModelSummary["unseen"] {
  const unseenVoices = scores.filter(isUnseenVoice);
  const unseenCorpora = unseenVoices.filter(({ protocol }) => protocol.startsWith("unseen corpus"));
  const measured = withoutMeans(unseenCorpora.length > 0 ? unseenCorpora : unseenVoices);
  if (measured.length === 0) return null;
  const mean = (of: (score: ScoreCard) => number) =>
    measured.reduce((sum, score) => sum + of(score), 0) / measured.length;
  return {
    protocol: weakestProtocol(measured.map(({ protocol }) => protocol)),
    heldOut: [...new Set(measured.map(({ heldOut }) => heldOut))].join(", "),
    wa: mean(({ wa }) => wa),
    uar: mean(({ uar }) => uar),
    low: Math.min(...measured.map(measured.length === 1 ? ({ low }) => low : ({ wa }) => wa)),
    high: Math.max(...measured.map(measured.length === 1 ? ({ high }) => high : ({ wa }) => wa)),
    parts: measured.length,
  };
}
