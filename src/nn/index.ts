// The door of `nn`: modules, layers, losses, optimisers, schedules. Knows no speech.
export {
  evaluationModel,
  inferenceGraph,
  type Noise,
  type Step,
  type TrainingModel,
  trainingModel,
} from "./describe.ts";
export {
  bufferPlaces,
  decayMask,
  initialBuffers,
  initialParameters,
  type Place,
  parameterPlaces,
  totalSize,
} from "./flat.ts";
export { gelu, positions, SelfAttention, TransformerBlock } from "./layers/attention.ts";
export { Conv, type ConvOptions } from "./layers/conv.ts";
export { dropout } from "./layers/dropout.ts";
export { Linear } from "./layers/linear.ts";
export { Lstm } from "./layers/lstm.ts";
export { BatchNorm, LayerNorm } from "./layers/norm.ts";
export {
  AttentivePooling,
  maskedSoftmax,
  meanOverTime,
  type Pooled,
  statisticsOverTime,
} from "./layers/pooling.ts";
export { type CrossEntropyOptions, crossEntropy, type SquaredErrorOptions, squaredError } from "./losses.ts";
export { Buffer, type Context, Module, Parameter } from "./module.ts";
export { type OptimizerOptions, sumModel, updateModel } from "./optimizer.ts";
export { learningRate, type Schedule } from "./schedules.ts";
