// Matrix products: shape rules and gradients. Knows no layers.
import { gemm, matmul, reshape, sumTo, transpose } from "../build.ts";
import type { Attributes, OpRule, Value } from "../graph.ts";
import { broadcast, type Dim, GraphError, showShape, sizeOf, staticShape } from "../tensor.ts";
import { required } from "./elementwise.ts";

function flags(attributes: Attributes): { transA: boolean; transB: boolean } {
  const flag = (name: string) => (attributes[name] as { int: number }).int === 1;
  return { transA: flag("transA"), transB: flag("transB") };
}

function product(a: Dim, b: Dim): void {
  if (a !== b) throw new GraphError(`inner dimensions ${a} and ${b} differ`);
}

/** Swaps the last two axes. */
function swapped(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

export const linalg = {
  MatMul: {
    infer: (inputs) => {
      const [a, b] = [required(inputs, 0), required(inputs, 1)];
      if (a.shape.length < 2 || b.shape.length < 2)
        throw new GraphError("matrices expected, got fewer than two axes");
      product(a.shape.at(-1)!, b.shape.at(-2)!);
      const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2), "MatMul");
      return [{ type: a.type, shape: [...leading, a.shape.at(-2)!, b.shape.at(-1)!] }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null];
      const [a, b] = [required(node.inputs, 0), required(node.inputs, 1)];
      if (b.shape.length > 2) {
        return [sumTo(matmul(dy, swapped(b)), a.shape), sumTo(matmul(swapped(a), dy), b.shape)];
      }
      // One matrix product over all leading dimensions at once, instead of one per leading index.
      const shape = staticShape(a.shape, "the gradient of MatMul");
      const rows = sizeOf(shape.slice(0, -1));
      const [inner, columns] = staticShape(b.shape, "the gradient of MatMul");
      const flatDy = reshape(dy, [rows, columns]);
      return [
        reshape(gemm(flatDy, b, null, { transB: true }), shape),
        gemm(reshape(a, [rows, inner]), flatDy, null, { transA: true }),
      ];
    },
  },
  Gemm: {
    infer: (inputs, attributes) => {
      const [a, b] = [required(inputs, 0), required(inputs, 1)];
      if (a.shape.length !== 2 || b.shape.length !== 2)
        throw new GraphError("Gemm takes matrices; use MatMul");
      const { transA, transB } = flags(attributes);
      const [rows, innerA] = transA ? [a.shape[1], a.shape[0]] : a.shape;
      const [innerB, columns] = transB ? [b.shape[1], b.shape[0]] : b.shape;
      product(innerA, innerB);
      const shape = [rows, columns];
      const c = inputs[2];
      if (c && showShape(broadcast(c.shape, shape, "Gemm")) !== showShape(shape)) {
        throw new GraphError(`the bias ${showShape(c.shape)} does not stretch to ${showShape(shape)}`);
      }
      return [{ type: a.type, shape }];
    },
    gradient: (node, [dy]) => {
      if (!dy) return [null, null, null];
      const [a, b] = [required(node.inputs, 0), required(node.inputs, 1)];
      const { transA, transB } = flags(node.attributes);
      // With A' = op(A) and B' = op(B): dA' = dY B'^T and dB' = A'^T dY; a transposed operand takes the transpose.
      const da = transA
        ? gemm(b, dy, null, { transA: transB, transB: true })
        : gemm(dy, b, null, { transB: !transB });
      const db = transB
        ? gemm(dy, a, null, { transA: true, transB: transA })
        : gemm(a, dy, null, { transA: !transA });
      const c = node.inputs[2];
      return [da, db, c ? sumTo(dy, c.shape) : null];
    },
  },
} satisfies Record<string, OpRule>;
