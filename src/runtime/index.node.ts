// The door of `runtime` in Node: the port and ONNX Runtime's CPU library behind it.
export * from "./index.ts";
export { nodeRuntime } from "./ort.node.ts";
