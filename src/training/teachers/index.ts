// The door of the teachers: what a large encoder says of a clip, for a small network to learn.
export {
  loadTeacher,
  requireHeard,
  type Scaling,
  scalingOf,
  TAUGHT_WIDTH,
  TEACHER_STRIDE,
  type Teacher,
  teacherHash,
} from "./teacher.ts";
