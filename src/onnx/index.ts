// The door of `onnx`: the file format, read and written. Knows no operator's meaning.
export type {
  Attribute,
  ElementType,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  TensorData,
  ValueInfo,
} from "./model.ts";
export { ELEMENT_BYTES, ELEMENT_TYPES } from "./model.ts";
export { NotOnnxError, readModel } from "./read.ts";
export { writeModel } from "./write.ts";
