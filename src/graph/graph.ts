// The graph: values, nodes, and the one way to add a node. Knows no operator; rules are given to it.
import type { Attribute, OnnxNode, TensorData } from "../onnx/index.ts";
import { floatTensor, GraphError, intTensor, type Shape, showShape, type TensorType } from "./tensor.ts";

/** One tensor of a graph: an input, a constant, or an output of a node. */
export class Value {
  readonly graph: Graph;
  readonly name: string;
  readonly type: TensorType["type"];
  readonly shape: Shape;
  readonly producer: Node | undefined;
  readonly constant: TensorData | undefined;

  constructor(graph: Graph, name: string, tensor: TensorType, producer?: Node, constant?: TensorData) {
    this.graph = graph;
    this.name = name;
    this.type = tensor.type;
    this.shape = tensor.shape;
    this.producer = producer;
    this.constant = constant;
  }
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** One application of an operator. A null input is an optional one that is left out. */
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly rule: OpRule;
}

/**
 * What is known of one operator. An entry of the table stands for one ONNX operator unless it has `expand`.
 */
export interface OpRule {
  /** Types and shapes of the outputs; throws GraphError where the inputs do not fit. */
  infer(inputs: readonly (Value | null)[], attributes: Attributes): TensorType[];
  /**
   * Gradients of the inputs, given those of the outputs (null: nothing flows there). A null entry of the
   * answer: that input gets none. The rule is null where an operator has no gradient at all.
   */
  gradient: ((node: Node, gradients: readonly (Value | null)[]) => (Value | null)[]) | null;
  /** Outputs behind the first may be left out where nobody reads them. */
  optionalOutputs?: true;
  /** The ONNX nodes that an operator of ours stands for. `used[i]`: whether output i is needed. */
  expand?(node: Node, used: readonly boolean[], fresh: FreshNames): OnnxNode[];
}

export interface FreshNames {
  name(hint: string): string;
  constant(data: TensorData): string;
}

export type RuleTable = Readonly<Record<string, OpRule>>;

/** `hint`, or a name made from it, that is not in `taken`; it is from now on. */
export function freshName(taken: Set<string>, hint: string): string {
  let name = hint;
  for (let i = 2; taken.has(name); i++) name = `${hint}_${i}`;
  taken.add(name);
  return name;
}

/** A graph under construction. Nodes stand in the order in which they were added, which is one they can run in. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  /** The names of all values. */
  readonly names = new Set<string>();
  private readonly rules: RuleTable;
  private readonly constants = new Map<string, Value>();
  private scopes: string[] = [];

  constructor(rules: RuleTable) {
    this.rules = rules;
  }

  /** Runs `body` with `name` put before the names of the nodes that it adds. */
  scope<T>(name: string, body: () => T): T {
    this.scopes.push(name);
    try {
      return body();
    } finally {
      this.scopes.pop();
    }
  }

  /** A name that no other value has. */
  unique(hint: string): string {
    return freshName(this.names, [...this.scopes, hint].join("/"));
  }

  input(name: string, shape: Shape, type: TensorType["type"] = "float32"): Value {
    if (this.names.has(name))
      throw new GraphError(
        `input ${JSON.stringify(name)}: the graph has a value of that name; choose another`,
      );
    this.names.add(name);
    const value = new Value(this, name, { type, shape });
    this.inputs.push(value);
    return value;
  }

  /** A constant. Small equal constants are one value. */
  constant(tensor: TensorData, hint = "constant"): Value {
    const key = tensor.data.length <= 64 ? `${tensor.type} ${tensor.shape} ${tensor.data}` : undefined;
    const known = key && this.constants.get(key);
    if (known) return known;
    const value = new Value(this, this.unique(hint), tensor, undefined, tensor);
    if (key) this.constants.set(key, value);
    return value;
  }

  scalar(value: number): Value {
    return this.constant(floatTensor([value], []));
  }

  ints(values: readonly number[]): Value {
    return this.constant(intTensor(values));
  }

  /**
   * Adds a node.
   * @throws GraphError if the operator is not in the table, an input is of another graph, or shapes do not fit.
   */
  apply(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value[] {
    const rule = this.rules[op];
    if (!rule) throw new GraphError(`operator ${op} is not in the table (src/graph/ops)`);
    for (const input of inputs) {
      if (input && input.graph !== this) {
        throw new GraphError(`${op}: ${input.name} belongs to another graph; build both in one graph`);
      }
    }
    const name = this.unique(op);
    let types: TensorType[];
    try {
      types = rule.infer(inputs, attributes);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const got = inputs.map((input) => (input ? `${input.name} ${showShape(input.shape)}` : "-")).join(", ");
      throw new GraphError(`${name}: ${error.message} (inputs: ${got})`);
    }
    const outputs: Value[] = [];
    const node: Node = { op, name, inputs, outputs, attributes, rule };
    types.forEach((type, i) => {
      outputs.push(new Value(this, i ? this.unique(`${op}:${i}`) : name, type, node));
    });
    this.nodes.push(node);
    return outputs;
  }
}
