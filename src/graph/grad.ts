// Reverse-mode differentiation: adds the backward nodes to a graph. Knows no operator; the rules do.
// Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2.
import { add } from "./build.ts";
import type { Graph, Value } from "./graph.ts";
import { floatTensor, GraphError } from "./tensor.ts";

/**
 * Gradients of the scalar `loss` with respect to each of `wanted`, as values of the same graph.
 * @throws GraphError if the loss is not a scalar, does not depend on one of them, or an operator on the way
 * has no gradient.
 */
export function gradients(loss: Value, wanted: readonly Value[]): Value[] {
  if (loss.shape.length)
    throw new GraphError(`a scalar loss is needed, got shape [${loss.shape.join(", ")}]`);
  const graph = loss.graph;
  const active = dependents(graph, wanted);
  const found = new Map<Value, Value>([[loss, graph.constant(floatTensor([1], []))]]);
  for (const node of [...graph.nodes].reverse()) {
    const outer = node.outputs.map((output) => found.get(output) ?? null);
    if (!outer.some(Boolean) || !node.inputs.some((input) => input && active.has(input))) continue;
    if (!node.rule.gradient)
      throw new GraphError(`${node.op} (${node.name}) has no gradient, and the loss depends on it`);
    const inner = graph.scope("gradient", () => node.rule.gradient!(node, outer));
    node.inputs.forEach((input, i) => {
      const gradient = inner[i];
      if (!input || !gradient || !active.has(input)) return;
      const before = found.get(input);
      found.set(input, before ? add(before, gradient) : gradient);
    });
  }
  return wanted.map((value) => {
    const gradient = found.get(value);
    if (!gradient) throw new GraphError(`the loss does not depend on ${value.name}`);
    return gradient;
  });
}

/** Everything computed from `sources`, and themselves. */
function dependents(graph: Graph, sources: readonly Value[]): Set<Value> {
  const active = new Set<Value>(sources);
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => input && active.has(input))) {
      for (const output of node.outputs) active.add(output);
    }
  }
  return active;
}
