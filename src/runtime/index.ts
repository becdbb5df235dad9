// The door of `runtime` anywhere: the port alone.
export { type LoadOptions, type Program, type Runtime, RuntimeError, type Tensor } from "./runtime.ts";
