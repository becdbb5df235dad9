// Convolution and pooling in one or two dimensions: shape rules and gradients. Knows no layers.
import { concat, conv, div, gemm, mul, pad, reduceSum, reshape, slice, split, transpose } from "../build.ts";
import type { Attributes, Node, OpRule, Value } from "../graph.ts";
import {
  addDims,
  type Dim,
  floatTensor,
  GraphError,
  intsOf,
  mapDim,
  type Shape,
  showShape,
  sizeOf,
  staticShape,
} from "../tensor.ts";
import { indicator, required, total } from "./elementwise.ts";
import { slicePart, unslice } from "./movement.ts";

interface Window {
  kernel: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  /** Elements added before each spatial axis; as many are added after it. */
  pads: readonly number[];
}

function windowOf(attributes: Attributes): Window {
  const ints = (name: string) => (attributes[name] as { ints: readonly number[] }).ints;
  const kernel = ints("kernel_shape");
  return {
    kernel,
    strides: ints("strides"),
    dilations: attributes.dilations ? ints("dilations") : kernel.map(() => 1),
    pads: ints("pads").slice(0, kernel.length),
  };
}

/** ONNX Conv: out = floor((n + 2 pad - dilation (kernel - 1) - 1) / stride + 1). */
function outputDims(spatial: Shape, { kernel, strides, dilations, pads }: Window): Dim[] {
  if (spatial.length !== kernel.length) {
    throw new GraphError(`a window over ${kernel.length} axes meets ${spatial.length} spatial axes`);
  }
  return spatial.map((dim, i) => {
    const reach = 2 * pads[i] - dilations[i] * (kernel[i] - 1) - 1;
    if (typeof dim === "string" && strides[i] === 1) return addDims(dim, reach + 1);
    const offset = reach < 0 ? reach : `+${reach}`;
    return mapDim(dim, `floor((N${offset})/${strides[i]})+1`, (n) => {
      const out = Math.floor((n + reach) / strides[i]) + 1;
      if (out < 1) {
        throw new GraphError(`the window [${kernel}] is wider than the input ${showShape(spatial)}`);
      }
      return out;
    });
  });
}

/** Places of the window's elements: one offset per spatial axis, in the order of the kernel. */
function offsets({ kernel, dilations }: Window): number[][] {
  let all: number[][] = [[]];
  kernel.forEach((size, axis) => {
    all = all.flatMap((start) => Array.from({ length: size }, (_, k) => [...start, k * dilations[axis]]));
  });
  return all;
}

function padSpatial(x: Value, pads: readonly number[]): Value {
  const both = [...x.shape.slice(0, x.shape.length - pads.length).map(() => 0), ...pads];
  return pads.some((n) => n > 0) ? pad(x, both, both) : x;
}

/** What the window's element at `offset` sees: a strided slice of padded x, as large as the output. */
function seen(
  padded: Value,
  offset: readonly number[],
  strides: readonly number[],
  out: readonly number[],
): Value {
  const lead = padded.shape.length - out.length;
  return offset.reduce(
    (x, start, i) => slice(x, lead + i, start, start + (out[i] - 1) * strides[i] + 1, strides[i]),
    padded,
  );
}

/** The adjoint of `seen`, back to the size of x before padding. */
function unseen(g: Value, offset: readonly number[], window: Window, spatial: readonly number[]): Value {
  const lead = g.shape.length - offset.length;
  return offset.reduce((x, start, i) => {
    const padded = unslice(x, lead + i, start, window.strides[i], spatial[i] + 2 * window.pads[i]);
    return slicePart(padded, lead + i, window.pads[i], spatial[i]);
  }, g);
}

/** dx is a convolution of dy, its strides filled with zeros, with the kernel turned round. */
function inputGradient(dy: Value, w: Value, window: Window, spatial: readonly number[]): Value {
  const { kernel, strides, dilations, pads } = window;
  let g = dy;
  spatial.forEach((n, i) => {
    const reach = dilations[i] * (kernel[i] - 1);
    const axis = 2 + i;
    // In the frame of x, element j of dy stands at j stride - pad; `reach - pad` zeros before make room.
    const full = n + reach;
    const first = reach - pads[i];
    const count = g.shape[axis] as number;
    const length = (count - 1) * strides[i] + 1;
    g = unslice(g, axis, Math.max(first, 0), strides[i], Math.max(first, 0) + Math.max(full - first, length));
    g = slicePart(g, axis, Math.max(-first, 0), full);
  });
  const turned = kernel.reduce((x, _, i) => slice(x, 2 + i, -1, Number.MIN_SAFE_INTEGER, -1), w);
  const axes = turned.shape.map((_, i) => i);
  return conv(g, transpose(turned, [1, 0, ...axes.slice(2)]), null, { dilations });
}

/** dw is one matrix product of dy with the unfolded input: what every kernel element saw. */
function weightGradient(dy: Value, x: Value, window: Window): Value {
  const [batch, channels] = staticShape(x.shape, "the gradient of Conv");
  const [, maps, ...out] = staticShape(dy.shape, "the gradient of Conv");
  const swap = (value: Value) => transpose(value, [1, 0, ...value.shape.slice(2).map((_, i) => i + 2)]);
  const columns = batch * sizeOf(out);
  const padded = padSpatial(swap(x), window.pads);
  const places = offsets(window);
  const unfolded = concat(
    places.map((offset) => reshape(seen(padded, offset, window.strides, out), [channels, columns])),
    0,
  );
  const dw = gemm(reshape(swap(dy), [maps, columns]), unfolded, null, { transB: true });
  return reshape(transpose(reshape(dw, [maps, places.length, channels]), [0, 2, 1]), [
    maps,
    channels,
    ...window.kernel,
  ]);
}

function convGradient(node: Node, dy: Value | null): (Value | null)[] {
  if (!dy) return [null, null, null];
  const [x, w] = [required(node.inputs, 0), required(node.inputs, 1)];
  const window = windowOf(node.attributes);
  const spatial = staticShape(x.shape.slice(2), "the gradient of Conv");
  const groups = (node.attributes.group as { int: number }).int;
  const parts = (value: Value, axis: number) => {
    const size = (value.shape[axis] as number) / groups;
    return groups === 1 ? [value] : split(value, Array(groups).fill(size), axis);
  };
  const [xs, ws, dys] = [parts(x, 1), parts(w, 0), parts(dy, 1)];
  const dxs = dys.map((part, i) => inputGradient(part, ws[i], window, spatial));
  const dws = dys.map((part, i) => weightGradient(part, xs[i], window));
  const bias = node.inputs[2] ? reduceSum(dy, [0, ...spatial.map((_, i) => i + 2)]) : null;
  return [concat(dxs, 1), concat(dws, 0), bias];
}

function poolType(inputs: readonly (Value | null)[], attributes: Attributes) {
  const x = required(inputs, 0);
  return [
    { type: x.type, shape: [...x.shape.slice(0, 2), ...outputDims(x.shape.slice(2), windowOf(attributes))] },
  ];
}

function maxPoolGradient(node: Node, dy: Value): Value {
  const x = required(node.inputs, 0);
  const [y, places] = node.outputs;
  const window = windowOf(node.attributes);
  if (window.pads.some((n) => n > 0))
    throw new GraphError("MaxPool with padding has no gradient here; pad before it");
  const shape = staticShape(x.shape, "the gradient of MaxPool");
  if (window.kernel.every((size, i) => size <= window.strides[i])) {
    const { kernel_shape, strides } = node.attributes;
    return dy.graph.apply("MaxUnpool", [dy, places, dy.graph.ints(shape)], { kernel_shape, strides })[0];
  }
  // Windows overlap, so an element may be the maximum of several; elements that tie share the gradient evenly.
  const out = staticShape(y.shape.slice(2), "the gradient of MaxPool");
  const all = offsets(window);
  const hits = all.map((offset) => indicator(seen(x, offset, window.strides, out), y));
  const share = div(dy, total(hits));
  return total(all.map((offset, i) => unseen(mul(hits[i], share), offset, window, shape.slice(2))));
}

/** How many elements of the input each window covers: padding does not count. */
function coverage(spatial: readonly number[], out: readonly number[], window: Window): number[] {
  const places = offsets(window);
  return Array.from({ length: sizeOf(out) }, (_, flat) => {
    const position = out.map((_n, i) => Math.floor(flat / sizeOf(out.slice(i + 1))) % out[i]);
    return places.filter((offset) =>
      offset.every((start, i) => {
        const at = position[i] * window.strides[i] + start - window.pads[i];
        return at >= 0 && at < spatial[i];
      }),
    ).length;
  });
}

export const convolution = {
  Conv: {
    infer: (inputs, attributes) => {
      const [x, w] = [required(inputs, 0), required(inputs, 1)];
      const groups = (attributes.group as { int: number }).int;
      const channels = w.shape[1];
      if (typeof channels === "number" && x.shape[1] !== channels * groups) {
        throw new GraphError(`${x.shape[1]} channels meet a kernel for ${channels * groups}`);
      }
      return [
        {
          type: x.type,
          shape: [x.shape[0], w.shape[0], ...outputDims(x.shape.slice(2), windowOf(attributes))],
        },
      ];
    },
    gradient: (node, [dy]) => convGradient(node, dy),
  },
  MaxPool: {
    // Outputs: the maxima, and where in the whole input each was found.
    infer: (inputs, attributes) => {
      const [maxima] = poolType(inputs, attributes);
      return [maxima, { type: "int64", shape: maxima.shape }];
    },
    optionalOutputs: true,
    gradient: (node, [dy]) => [dy && maxPoolGradient(node, dy)],
  },
  /** Puts each element to the place that its index says, zeros elsewhere: what MaxPool without overlap needs. */
  MaxUnpool: {
    infer: (inputs) => {
      const shape = required(inputs, 2).constant;
      if (!shape) throw new GraphError("the output's shape must be a constant");
      return [{ type: required(inputs, 0).type, shape: intsOf(shape) }];
    },
    // Only ever part of a backward pass.
    gradient: null,
  },
  AveragePool: {
    infer: poolType,
    gradient: (node, [dy]) => {
      if (!dy) return [null];
      const window = windowOf(node.attributes);
      const spatial = staticShape(required(node.inputs, 0).shape.slice(2), "the gradient of AveragePool");
      const out = staticShape(dy.shape.slice(2), "the gradient of AveragePool");
      const share = div(dy, dy.graph.constant(floatTensor(coverage(spatial, out, window), out)));
      return [total(offsets(window).map((offset) => unseen(share, offset, window, spatial)))];
    },
  },
} satisfies Record<string, OpRule>;
