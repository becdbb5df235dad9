// The door of the teachers: what a large encoder says of a clip, for a small network to learn.
export {
  apartFrom,
  loadTeacher,
  type Scaling,
  STEPS,
  scaled,
  scalingOf,
  type Teacher,
  ZERO,
} from "./teacher.ts";
export { TEACHER_STRIDE, TEACHER_WIDTH } from "./whisper.ts";
