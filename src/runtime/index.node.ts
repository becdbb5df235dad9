// The door of `runtime` in Node: the port and ONNX Runtime's CPU library behind it.

export { nodeRuntime } from "./ort.node.ts";
export { type LoadOptions, type Program, type Runtime, RuntimeError, type Tensor } from "./runtime.ts";
