// All parameters of a network as one vector, and back. Knows paths and shapes, no layers.
import { sizeOf } from "../graph/index.ts";
import { buffersOf, type Module, parametersOf } from "./module.ts";

/** Where a tensor stands in the flat vector. */
export interface Place {
  path: string;
  shape: readonly number[];
  offset: number;
  size: number;
}

function places(tensors: Map<string, { shape: readonly number[] }>): Place[] {
  let offset = 0;
  return [...tensors].map(([path, { shape }]) => {
    const place = { path, shape, offset, size: sizeOf(shape) };
    offset += place.size;
    return place;
  });
}

export function parameterPlaces(network: Module): Place[] {
  return places(parametersOf(network));
}

export function bufferPlaces(network: Module): Place[] {
  return places(buffersOf(network));
}

export function totalSize(all: readonly Place[]): number {
  return all.reduce((sum, place) => sum + place.size, 0);
}

function fill(size: number, parts: Iterable<Float32Array>): Float32Array {
  const vector = new Float32Array(size);
  let offset = 0;
  for (const part of parts) {
    vector.set(part, offset);
    offset += part.length;
  }
  return vector;
}

/** First values of all parameters; `uniform` gives numbers in [0, 1). */
export function initialParameters(network: Module, uniform: () => number): Float32Array {
  const parts = [...parametersOf(network).values()].map(({ shape, init }) => init(shape, uniform));
  return fill(totalSize(parameterPlaces(network)), parts);
}

export function initialBuffers(network: Module): Float32Array {
  const parts = [...buffersOf(network).values()].map(({ shape, initial }) =>
    new Float32Array(sizeOf(shape)).fill(initial),
  );
  return fill(totalSize(bufferPlaces(network)), parts);
}

/** 1 for every parameter that weight decay acts on, else 0. */
export function decayMask(network: Module): Float32Array {
  const parts = [...parametersOf(network).values()].map(({ shape, decay }) =>
    new Float32Array(sizeOf(shape)).fill(decay ? 1 : 0),
  );
  return fill(totalSize(parameterPlaces(network)), parts);
}
