// The door of `training`.
export { Random } from "./random.ts";
