// The door of the teachers: what a large encoder says of a clip, for a small network to learn.
export {
  loadTeacher,
  type Scaling,
  STEPS,
  scaled,
  scalingOf,
  TAUGHT_WIDTH,
  type Teacher,
  ZERO,
} from "./teacher.ts";
export { TEACHER_STRIDE } from "./whisper.ts";
